"""The findings as CSV, one row each, safe to open in a spreadsheet."""

import csv
import io
from typing import Final

from vedette.findings.finding import Finding
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.text import json_text, one_line

COLUMNS: Final = (
    "id",
    "verdict",
    "severity",
    "rule",
    "title",
    "account",
    "region",
    "resource_type",
    "resource_id",
    "resource_arn",
    "tags",
    "reason",
    "fix",
    "controls",
    "evidence",
    "change",
    "suppressed_reason",
    "suppressed_until",
)
CELL_LIMIT: Final = 4_000
# What spreadsheets take for the beginning of a formula, in full width as well
# (OWASP, CSV Injection).
FORMULA_STARTS: Final = tuple("=+-@\t\r＝＋－＠")  # noqa: RUF001  (full width is meant)


def to_csv(report: AuditReport) -> str:
    """Return a header and a row for every finding, lines ending in LF, all in UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    changes = _changes(report)
    for finding in report.findings:
        writer.writerow([cell(one) for one in _row(finding, report, changes.get(finding.id, ""))])
    return text.getvalue()


def cell(text: str) -> str:
    """Return the text on one line, printable, cut, and never the beginning of a formula.

    A leading apostrophe tells spreadsheets that what follows is text.
    """
    line = one_line(text, CELL_LIMIT)
    return f"'{line}" if line.lstrip().startswith(FORMULA_STARTS) else line


def _row(finding: Finding, report: AuditReport, change: str) -> tuple[str, ...]:
    rule = report.rules.get(finding.rule)
    tags = finding.resource.tags
    accepted = finding.suppressed
    return (
        finding.id,
        finding.verdict,
        finding.severity,
        finding.rule,
        finding.title,
        finding.account,
        finding.region,
        finding.resource.type,
        finding.resource.id,
        finding.resource.arn,
        "" if tags is None else json_text(dict(tags)),
        finding.reason,
        " ".join(rule.fix.split()) if rule else "",
        "; ".join(f"{one.framework}:{one.id}" for one in finding.controls),
        json_text(finding.evidence) if finding.evidence else "",
        change,
        accepted.reason if accepted else "",
        accepted.expires if accepted else "",
    )


def _changes(report: AuditReport) -> dict[str, str]:
    if report.comparison is None:
        return {}
    still_open = dict.fromkeys(report.comparison.still_open, "still open")
    return still_open | dict.fromkeys(report.comparison.new, "new")
