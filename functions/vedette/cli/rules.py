"""`vedette rules`: list them, read one, test them, begin a new one."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette.cli import options, rules_patterns
from vedette.cli.console import EXIT_FINDINGS, EXIT_INCOMPLETE, printable, tell
from vedette.findings.severity import Severity

if TYPE_CHECKING:
    from vedette.detection.catalogue import DetectionCatalogue
    from vedette.posture.catalogue import CataloguedRule

app = typer.Typer(
    help="List the rules, read one, test them, begin a new one.", no_args_is_help=True
)
app.command("patterns")(rules_patterns.patterns)


WIDE = 140


class ListOutput(StrEnum):
    """The formats of a list."""

    TABLE = "table"
    JSON = "json"


class Kind(StrEnum):
    """What a rule judges: the state of an account, or what happens in it."""

    POSTURE = "posture"
    DETECTION = "detection"


@app.command("list")
def list_rules(
    service: Annotated[
        list[str] | None, typer.Option(help="Only posture rules of this service.")
    ] = None,
    framework: Annotated[
        list[str] | None, typer.Option(help="Only posture rules for this framework.")
    ] = None,
    severity: Annotated[Severity, typer.Option(help="Of at least this severity.")] = (
        Severity.INFORMATIONAL
    ),
    kind: Annotated[Kind | None, typer.Option(help="Only rules of this kind.")] = None,
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    config: options.ConfigFile = None,
    output: Annotated[ListOutput, typer.Option(help="Format of the list.")] = ListOutput.TABLE,
) -> None:
    """List the rules and exclusions: severity, id and title."""
    from vedette.operations.rule_listing import listed_rules, rules_json
    from vedette.operations.selection import Selection

    selection = Selection(services=service or (), frameworks=framework or (), severity=severity)
    found: Sequence[CataloguedRule] = ()
    if kind is not Kind.DETECTION:
        found = listed_rules(selection, rules or (), built_in=not no_built_in)
    lines = [(one.rule.severity.value, one.id, one.text.title) for one in found]
    more: list[dict[str, Any]] = []
    is_whole = True
    if kind is not Kind.POSTURE and not service and not framework:
        catalogue = _load(rules, no_built_in, config)
        more, is_whole = _detections(severity, catalogue), not catalogue.refused
        lines += [(one.get("severity", one["kind"]), one["id"], one["title"]) for one in more]
    if output is ListOutput.JSON:
        typer.echo(rules_json(found, more))
    else:
        _print_table(lines)
        typer.echo(f"{len(lines)} rules", err=True)
    if not is_whole:
        raise typer.Exit(EXIT_INCOMPLETE)


def _load(
    directories: Sequence[Path] | None, no_built_in: bool, config: Path | None
) -> "DetectionCatalogue":
    from vedette.operations.detection_rules import detections

    catalogue = detections(directories or (), built_in=not no_built_in, configuration=config)
    for problem in catalogue.refused:
        tell(f"Rule not loaded: {problem}")
    for problem in catalogue.without_effect:
        tell(f"Exclusion without effect: {problem}")
    return catalogue


def _detections(severity: Severity, catalogue: "DetectionCatalogue") -> list[dict[str, Any]]:
    from vedette.operations.detection_rules import at_least, detections_json

    return detections_json(at_least(catalogue, severity), catalogue)


def _print_table(lines: Sequence[tuple[str, str, str]]) -> None:
    """Print a line a rule; the title goes below where there is no room beside."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=console.width >= WIDE, overflow="fold")
    table.add_column(overflow="fold")
    for severity, rule, title in lines:
        shown = Text(printable(title))
        if console.width >= WIDE:
            table.add_row(Text(severity), Text(printable(rule)), shown)
        else:
            both = Text.assemble(printable(rule), "\n", (shown.plain, "dim"))
            table.add_row(Text(severity), both)
    console.print(table)


@app.command()
def show(
    rule: Annotated[str, typer.Argument(help="Id of the rule or exclusion, such as s3/bucket_…")],
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    config: options.ConfigFile = None,
    output: Annotated[ListOutput, typer.Option(help="Format.")] = ListOutput.TABLE,
) -> None:
    """Show what a rule looks at, why it matters and what to do; of an exclusion, what it quiets."""
    from vedette.operations.rule_listing import one_rule, posture_ids, rule_page, rules_json

    found = one_rule(rule, rules or (), built_in=not no_built_in)
    if found is None:
        others = posture_ids(rules or (), built_in=not no_built_in)
        _show_detection(rule, _load(rules, no_built_in, config), others, output)
    elif output is ListOutput.JSON:
        typer.echo(rules_json([found]))
    else:
        typer.echo(printable(rule_page(found)))


def _show_detection(
    rule: str, catalogue: "DetectionCatalogue", others: Sequence[str], output: ListOutput
) -> None:
    from vedette.operations.detection_rules import detection_page, detections_json, one_detection
    from vedette.operations.rule_listing import rules_json

    found = one_detection(rule, catalogue, others)
    if output is ListOutput.JSON:
        typer.echo(rules_json([], detections_json([found], catalogue)))
    else:
        typer.echo(printable(detection_page(found, catalogue)))


@app.command("test")
def run_tests(
    path: Annotated[
        Path | None,
        typer.Argument(help="File or folder with detections. Default: all of Vedette's own."),
    ] = None,
    config: options.ConfigFile = None,
) -> None:
    """Run the tests inside detections; exit code 1 if one fails."""
    from vedette.operations.detection_rules import run_tests_below

    ran = run_tests_below(path, config)
    for refused in ran.refused:
        typer.echo(printable(str(refused)))
    for rule in ran.tested:
        for problem in rule.problems:
            typer.echo(printable(str(problem)))
        for result in rule.results:
            if not result.passed:
                typer.echo(printable(str(result)))
    failed = sum(not one.passed for one in ran.tested) + len(ran.refused)
    tell(f"{ran.tests:,} tests of {len(ran.tested):,} rules: {failed or 'none'} failed.")
    if not ran.passed:
        raise typer.Exit(EXIT_FINDINGS)


@app.command()
def coverage(
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    output_file: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write the layer here.")
    ] = None,
) -> None:
    """Write which ATT&CK techniques the detections show, as a layer for MITRE's Navigator."""
    from vedette.operations.detection_rules import detections, navigator_layer
    from vedette.operations.private_files import write_private

    layer = navigator_layer(detections(rules or (), built_in=not no_built_in))
    if output_file is None:
        typer.echo(layer)
        return
    options.require_writable(output_file)
    write_private(output_file, f"{layer}\n")
    tell(f"Layer written to {output_file}.")


@app.command()
def new(
    rule: Annotated[str, typer.Argument(help="Id of the new rule: <service>/<good_state>.")],
    directory: Annotated[
        Path, typer.Option("--rules", metavar="DIR", help="Folder with rules of your own.")
    ] = Path("rules"),
    resource: Annotated[
        str, typer.Option(help="Snapshot class that the rule judges, such as S3Bucket.")
    ] = "S3Bucket",
) -> None:
    """Write a new rule file: it loads and judges at once, fill in what it is about."""
    from vedette.operations.rule_scaffold import write_rule

    path = write_rule(rule, directory, resource)
    typer.echo(f"Wrote {path}. Fill it in, then: vedette rules show {rule} --rules {directory}")
