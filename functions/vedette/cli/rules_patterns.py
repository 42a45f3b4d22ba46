"""`vedette rules patterns`: see which events a deployment asks EventBridge for."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_INCOMPLETE, printable, tell

if TYPE_CHECKING:
    from vedette.operations.pattern_shares import LogShares
    from vedette.operations.patterns import EventPattern


class PatternOutput(StrEnum):
    """The formats of the list of patterns."""

    TABLE = "table"
    JSON = "json"


def patterns(
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    config: options.ConfigFile = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="CloudTrail files: say which share of them the patterns let through.",
        ),
    ] = None,
    output: Annotated[PatternOutput, typer.Option(help="Format.")] = PatternOutput.TABLE,
) -> None:
    """Print the EventBridge patterns of one region, compiled from the enabled rules."""
    from vedette.operations.hunt_rules import RuleChoice
    from vedette.operations.pattern_shares import shares_of
    from vedette.operations.patterns import pattern_set

    found = pattern_set(config, RuleChoice(directories=rules or (), built_in=not no_built_in))
    shares = shares_of(found.patterns, log) if log is not None else None
    if output is PatternOutput.JSON:
        typer.echo(json.dumps(_as_json(found.patterns, shares), indent=2))
    else:
        typer.echo("\n".join(_lines(found.patterns, shares)))
    for refused in found.refused:
        tell(f"Rule not loaded: {refused}")
    for rule, reason in found.dark.items():
        tell(f"Without a part in the patterns: {rule}: {reason}.")
    for rule in found.widest:
        tell(f"Every call is let through, since EventBridge can ask nothing of it: {rule}.")
    if shares is not None and shares.problems:
        for problem in shares.problems:
            tell(f"Not looked at: {problem}")
        raise typer.Exit(EXIT_INCOMPLETE)


def _lines(several: "tuple[EventPattern, ...]", shares: "LogShares | None") -> Iterator[str]:
    for one in several:
        through = ""
        if shares is not None:
            through = f"  {shares.share(shares.by_pattern.get(one.name, 0)):.2%} of the log"
        yield f"{one.name}  to {one.queue}  {len(one.text):,} characters  {one.state}{through}"
        yield f"  {printable(one.text)}"
    if shares is not None:
        yield f"{shares.events:,} events in the log"
        for queue, count in sorted(shares.by_queue.items()):
            yield f"  {queue}: {count:,} ({shares.share(count):.2%})"


def _as_json(several: "tuple[EventPattern, ...]", shares: "LogShares | None") -> dict[str, Any]:
    listed = [
        {
            "name": one.name,
            "queue": one.queue,
            "state": one.state,
            "length": len(one.text),
            "pattern": one.pattern,
        }
        for one in several
    ]
    if shares is None:
        return {"patterns": listed}
    return {
        "patterns": listed,
        "log": {
            "events": shares.events,
            "by_pattern": {one.name: shares.by_pattern.get(one.name, 0) for one in several},
            "by_queue": dict(sorted(shares.by_queue.items())),
            "share_by_queue": {
                queue: round(shares.share(count), 6)
                for queue, count in sorted(shares.by_queue.items())
            },
        },
    }
