"""The audit report for a terminal."""

from datetime import UTC

from rich.console import Console, ConsoleOptions, RenderResult
from rich.rule import Rule
from rich.text import Text

from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.table_findings import findings
from vedette.reporting.table_style import PASSED_STYLE, shown
from vedette.reporting.table_summary import summary
from vedette.reporting.text import counted, day


class ReportTable:
    """Renders a report as wide as the console: findings worst first, then a summary."""

    def __init__(self, report: AuditReport) -> None:
        self._report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines from top to bottom."""
        yield from findings(self._report, options.max_width)
        if not any(one.verdict is Verdict.FAILED for one in self._report.findings):
            yield Text("\nNothing failed.", PASSED_STYLE)
        yield Text()
        yield Rule(style="dim")
        yield _subject(self._report)
        yield from summary(self._report, options.max_width)


def _subject(report: AuditReport) -> Text:
    judged = report.summary
    regions = (
        report.regions[0] if len(report.regions) == 1 else counted(len(report.regions), "region")
    )
    when = f"{day(report.as_of)}, {report.as_of.astimezone(UTC):%H:%M} UTC"
    what = f"{regions} · {counted(judged.resources, 'resource')} · {counted(judged.rules, 'rule')}"
    lines = (shown(f"Account {report.account} · {when}", "bold"), shown(what, "dim"))
    return Text("\n", overflow="fold").join(lines)
