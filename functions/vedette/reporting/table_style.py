"""How the terminal report looks: colours of the severities, cells, headings."""

from typing import Final

from rich.text import Text

from vedette.findings.severity import Severity
from vedette.reporting.text import one_line

NARROW: Final = 72
SEVERITY_STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "blue",
}
UNKNOWN_STYLE: Final = "magenta"
PASSED_STYLE: Final = "green"
GRADE_STYLES: Final = {"good": "green", "fair": "yellow", "poor": "red"}


def shown(text: str, style: str = "", limit: int = 300) -> Text:
    """Return a cell of text from anywhere: no markup, no control characters, cut to `limit`."""
    return Text(one_line(text, limit), style=style, overflow="fold")


def severity_badge(severity: Severity) -> Text:
    """Return the severity in its colour."""
    return Text(severity.upper(), style=SEVERITY_STYLES[severity])


def heading(text: str, style: str = "", remark: str = "") -> Text:
    """Return the heading of a part of the summary."""
    return Text.assemble("\n", (text, f"bold {style}".strip()), (f"  {remark}".rstrip(), "dim"))
