"""`vedette replay`: see what the detection rules make of one event."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_INCOMPLETE, printable, tell

if TYPE_CHECKING:
    from vedette.operations.replay import Replay, ReplayedEvent


class ReplayOutput(StrEnum):
    """The formats of a replay."""

    TABLE = "table"
    JSON = "json"


def replay(
    event: Annotated[
        Path,
        typer.Argument(
            metavar="EVENT.json", dir_okay=False, exists=True, help="File with one or a few events."
        ),
    ],
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this rule, or rules that fit a pattern such as 'impact/*'. Repeatable."
        ),
    ] = None,
    config: options.ConfigFile = None,
    output: Annotated[ReplayOutput, typer.Option(help="Format.")] = ReplayOutput.TABLE,
) -> None:
    """Show which rules match an event and why, and which ones nearly do."""
    from vedette.operations.hunt_rules import RuleChoice
    from vedette.operations.replay import replay as run_replay
    from vedette.operations.replay import to_json

    choice = RuleChoice(directories=rules or (), built_in=not no_built_in, rules=rule or ())
    replayed = run_replay(event, choice, config)
    if output is ReplayOutput.JSON:
        from vedette.reporting.text import visible_json

        typer.echo(visible_json(to_json(replayed)))
    else:
        typer.echo("\n".join(printable(line) for line in _lines(replayed)))
        _tell_what_is_missing(replayed)
    if not replayed.complete:
        raise typer.Exit(EXIT_INCOMPLETE)


def _lines(replayed: "Replay") -> Iterator[str]:
    for event in replayed.events:
        yield from _event_lines(event)


def _event_lines(event: "ReplayedEvent") -> Iterator[str]:
    from vedette.reporting.text import json_text, one_line

    yield f"{one_line(event.name, 200)}  {one_line(event.event_id, 100)}"
    for name, value in event.derived.items():
        yield f"  {name} = {one_line(json_text(value), 200)}"
    if not event.matched:
        yield "  No rule matches."
    for one in event.matched:
        match = one.match
        yield f"  matches   {match.severity.upper()}  {match.rule}: {one_line(match.title)}"
        yield f"            since these held: {', '.join(one.held)}"
        if match.quieted_by:
            yield f"            quieted by {', '.join(match.quieted_by)}"
        if one.memory:
            yield f"            {one.memory}"
    for near in event.nearly:
        yield f"  nearly    {near.rule}: {one_line(near.title)}"
        yield f"            it lacks: {one_line(near.missing)}"
    yield ""


def _tell_what_is_missing(replayed: "Replay") -> None:
    for problem in replayed.problems:
        tell(f"Not looked at: {problem}")
    for refused in replayed.rules.refused:
        tell(f"Rule not loaded: {refused}")
    for rule, reason in replayed.rules.dark.items():
        tell(f"Dark rule: {rule}: {reason}.")
