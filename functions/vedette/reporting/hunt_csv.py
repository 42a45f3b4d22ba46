"""Matches as CSV, a row each, safe to open in a spreadsheet."""

import csv
import io
from typing import Final

from vedette.findings.attack import techniques_of
from vedette.findings.match import Match
from vedette.reporting.csv_report import cell

COLUMNS: Final = (
    "time",
    "severity",
    "rule",
    "title",
    "principal",
    "identity",
    "source_ip",
    "user_agent",
    "event_source",
    "event_name",
    "outcome",
    "error_code",
    "account",
    "region",
    "event_id",
    "event_count",
    "until",
    "techniques",
    "quieted_by",
    "sigma_id",
    "file",
)


def header() -> str:
    """Return the first line."""
    return _line(COLUMNS)


def row(match: Match) -> str:
    """Return a match as a line."""
    derived = {
        "severity": match.severity.value,
        "techniques": " ".join(techniques_of(match.tags)),
        "quieted_by": " ".join(match.quieted_by),
    }
    return _line([derived.get(name, getattr(match, name, None)) for name in COLUMNS])


def _line(values: "tuple[object, ...] | list[object]") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        ["" if value is None else cell(str(value)) for value in values]
    )
    return text.getvalue()
