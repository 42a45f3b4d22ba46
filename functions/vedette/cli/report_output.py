"""Prints a report or writes it to a file, in the format asked for."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from vedette.cli.audit import Output
    from vedette.reporting.audit_report import AuditReport


def print_report(report: "AuditReport", output: "Output") -> None:
    """Print a report on stdout."""
    typer.echo(written_report(report, output), nl=False)


def written_report(report: "AuditReport", output: "Output") -> str:
    """Return a report as text."""
    from vedette.reporting.json_report import to_json

    return to_json(report)
