"""Prints an audit's report, or writes it for a file, in the format that was asked for."""

import os
import sys
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Final

from vedette.cli.audit import Output

if TYPE_CHECKING:
    from vedette.reporting.audit_report import AuditReport

NARROWEST: Final = 40
WIDEST: Final = 200
FILE_WIDTH: Final = 120


def print_report(report: "AuditReport", output: Output) -> None:
    """Print the report on stdout; a reader that has seen enough (`| head`) is no error.

    Only the table looks at the terminal: its width, and colours where NO_COLOR is not set.
    """
    if output is Output.TABLE:
        _print(_table_for_terminal(report), sys.stdout.encoding)
    else:
        _print(written_report(report, output), "utf-8")


def written_report(report: "AuditReport", output: Output) -> str:
    """Return the report as text for a file; the table without colours, 120 columns wide."""
    return WRITERS[output](report)


def _table_for_terminal(report: "AuditReport") -> str:
    from rich.console import Console

    from vedette.reporting.table import ReportTable

    console = Console(highlight=False)
    console.width = min(max(console.width, NARROWEST), WIDEST)
    with console.capture() as capture:
        console.print(ReportTable(report))
    return capture.get()


def _table(report: "AuditReport") -> str:
    from rich.console import Console

    from vedette.reporting.table import ReportTable

    text = StringIO()
    console = Console(
        file=text, width=FILE_WIDTH, color_system=None, force_terminal=False, highlight=False
    )
    console.print(ReportTable(report))
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def _json(report: "AuditReport") -> str:
    from pydantic_core import PydanticSerializationError

    from vedette.reporting.json_report import to_json
    from vedette.reporting.text import json_text, visible_json

    try:
        return visible_json(to_json(report))
    except PydanticSerializationError:
        # A lone surrogate, which UTF-8 cannot write.
        return json_text(report.model_dump(mode="json"), indent=2) + "\n"


def _csv(report: "AuditReport") -> str:
    from vedette.reporting.csv_report import to_csv

    return to_csv(report)


def _html(report: "AuditReport") -> str:
    from vedette.reporting.html import to_html

    return to_html(report)


def _junit(report: "AuditReport") -> str:
    from vedette.reporting.junit import to_junit

    return to_junit(report)


def _sarif(report: "AuditReport") -> str:
    from vedette.reporting.sarif import to_sarif

    return to_sarif(report)


WRITERS: Final[dict[Output, Callable[["AuditReport"], str]]] = {
    Output.TABLE: _table,
    Output.JSON: _json,
    Output.CSV: _csv,
    Output.HTML: _html,
    Output.JUNIT: _junit,
    Output.SARIF: _sarif,
}


def _print(text: str, encoding: str) -> None:
    written = text.encode(encoding, "backslashreplace")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at its end (docs.python.org, note on SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
