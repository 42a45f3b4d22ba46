"""`vedette rules`: list them, read one, begin a new one."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.console import printable
from vedette.findings.severity import Severity

if TYPE_CHECKING:
    from vedette.posture.catalogue import CataloguedRule

app = typer.Typer(help="List the rules, read one, begin a new one.", no_args_is_help=True)


WIDE = 140


class ListOutput(StrEnum):
    """The formats of a list."""

    TABLE = "table"
    JSON = "json"


@app.command("list")
def list_rules(
    service: Annotated[list[str] | None, typer.Option(help="Only of this service.")] = None,
    framework: Annotated[list[str] | None, typer.Option(help="Only for this framework.")] = None,
    severity: Annotated[Severity, typer.Option(help="Of at least this severity.")] = (
        Severity.INFORMATIONAL
    ),
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    output: Annotated[ListOutput, typer.Option(help="Format of the list.")] = ListOutput.TABLE,
) -> None:
    """List the rules: id, severity and title."""
    from vedette.operations.rule_listing import listed_rules, rules_json
    from vedette.operations.selection import Selection

    selection = Selection(services=service or (), frameworks=framework or (), severity=severity)
    found = listed_rules(selection, rules or (), built_in=not no_built_in)
    if output is ListOutput.JSON:
        typer.echo(rules_json(found))
        return
    _print_table(found)
    typer.echo(f"{len(found)} rules", err=True)


def _print_table(rules: "Sequence[CataloguedRule]") -> None:
    """Print a line a rule; the title goes below where there is no room beside."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=console.width >= WIDE, overflow="fold")
    table.add_column(overflow="fold")
    for one in rules:
        title = Text(printable(one.text.title))
        severity = Text(one.rule.severity.value)
        if console.width >= WIDE:
            table.add_row(severity, Text(one.id), title)
        else:
            table.add_row(severity, Text.assemble(one.id, "\n", (title.plain, "dim")))
    console.print(table)


@app.command()
def show(
    rule: Annotated[str, typer.Argument(help="Id of the rule, such as s3/bucket_…")],
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    output: Annotated[ListOutput, typer.Option(help="Format.")] = ListOutput.TABLE,
) -> None:
    """Show what a rule looks at, why it matters, how to fix it, and what you can set."""
    from vedette.operations.rule_listing import one_rule, rule_page, rules_json

    found = one_rule(rule, rules or (), built_in=not no_built_in)
    if output is ListOutput.JSON:
        typer.echo(rules_json([found]))
        return
    typer.echo(printable(rule_page(found)))


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
