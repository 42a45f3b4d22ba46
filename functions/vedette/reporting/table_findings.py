"""The findings in the terminal report: grouped by rule, what is UNKNOWN by its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vedette.findings.finding import WHOLE_LISTING, Finding
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.grouping import by_reason, by_rule, open_findings
from vedette.reporting.table_style import (
    NARROW,
    PASSED_STYLE,
    UNKNOWN_STYLE,
    severity_badge,
    shown,
)
from vedette.reporting.text import listed, one_line

ROWS_PER_GROUP: Final = 10
REASONS_PER_GROUP: Final = 5
NAMES_PER_REASON: Final = 20
RULES_PER_LINE: Final = 3
INDENT: Final = 2
GAP: Final = 2
REGION_LIMIT: Final = 16
NAME_LIMIT: Final = 200
NEW: Final = " (new)"


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths in columns, of the whole and of the regions in all groups; ids of what is new."""

    width: int
    region: int
    new: frozenset[str]

    @property
    def narrow(self) -> bool:
        """Tell whether the reason stands below the resource instead of beside it."""
        return self.width < NARROW


@dataclass(frozen=True, slots=True)
class Group:
    """Findings below one heading; `remark` says what the heading leaves open."""

    badge: Text
    title: str
    remark: str
    findings: Sequence[Finding]


def layout_for(report: AuditReport, width: int) -> Layout:
    """Choose one width for all regions, so that the resources of all groups stand in line."""
    regions = {one.region for one in report.findings}
    region = max((cell_len(one_line(one)) for one in regions), default=0)
    new = report.comparison.new if report.comparison else ()
    return Layout(width, min(region, REGION_LIMIT), frozenset(new))


def findings(report: AuditReport, width: int) -> Iterator[RenderableType]:
    """Yield the groups: FAILED worst first, PASSED if the report lists it, UNKNOWN at the end."""
    layout = layout_for(report, width)
    for group in groups(report):
        yield _heading(group)
        yield Padding(shown(group.remark, "dim"), (0, 0, 0, INDENT))
        yield from _resources(group.findings, layout)


def groups(report: AuditReport) -> Iterator[Group]:
    """Yield what stands below one heading each."""
    for one in by_rule(open_findings(report, Verdict.FAILED)):
        yield Group(severity_badge(one.severity), one.title, one.rule, one.findings)
    for one in by_rule(open_findings(report, Verdict.PASSED)):
        yield Group(Text(Verdict.PASSED, PASSED_STYLE), one.title, one.rule, one.findings)
    for reason in by_reason(open_findings(report, Verdict.UNKNOWN)):
        rules = f"not judged: {listed(reason.rules, RULES_PER_LINE)}"
        yield Group(Text(Verdict.UNKNOWN, UNKNOWN_STYLE), reason.reason, rules, reason.findings)


def _heading(group: Group) -> RenderableType:
    grid = Table.grid(padding=(0, GAP, 0, 0), expand=True, pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(justify="right", no_wrap=True)
    count = f"{len(group.findings):,} {group.findings[0].verdict.lower()}"
    grid.add_row(group.badge, shown(group.title, "bold"), Text(count, "dim"))
    return Padding(grid, (1, 0, 0, 0))


def _resources(group: Sequence[Finding], layout: Layout) -> Iterator[RenderableType]:
    """Yield the resources: together where they share a reason, else one a row with its own."""
    reasons = by_reason(group)
    known = group[0].verdict is not Verdict.UNKNOWN
    shared = [one for one in reasons if len(one.findings) > 1 or not known]
    single = [one.findings[0] for one in reasons if len(one.findings) == 1 and known]
    for one in shared[:REASONS_PER_GROUP]:
        if known:
            yield Padding(_reason(one.findings[0]), (0, 0, 0, INDENT))
        yield _names(one.findings[:NAMES_PER_REASON], layout)
    if single:
        yield from _rows(single[:ROWS_PER_GROUP], layout)
    left = len(single[ROWS_PER_GROUP:]) + sum(
        len(one.findings[NAMES_PER_REASON if number < REASONS_PER_GROUP else 0 :])
        for number, one in enumerate(shared)
    )
    if left:
        more = Text(f"and {left:,} more (--output json lists all)", "dim italic")
        yield Padding(more, (0, 0, 0, INDENT))


def _names(group: Sequence[Finding], layout: Layout) -> RenderableType:
    grid = _grid(layout)
    in_order = sorted(group, key=lambda one: one.region)
    for region, of in groupby(in_order, key=lambda one: one.region):
        # Several rules may know nothing of one resource for the same reason.
        once = {one.resource.id: one for one in of}.values()
        names = Text(", ").join(_name(one, layout.new) for one in once)
        grid.add_row(shown(region, "dim"), names)
    return Padding(grid, (0, 0, 0, INDENT))


def _rows(group: Sequence[Finding], layout: Layout) -> Iterator[RenderableType]:
    if layout.narrow:
        yield from _narrow_rows(group, layout)
    else:
        yield _wide_rows(group, layout)


def _wide_rows(group: Sequence[Finding], layout: Layout) -> RenderableType:
    grid = _grid(layout)
    names = [_name(one, layout.new) for one in group]
    reasons = [_reason(one) for one in group]
    room = layout.width - INDENT - layout.region - 2 * GAP
    beside_reason = max(room * 2 // 5, room - max(one.cell_len for one in reasons))
    grid.columns[1].width = min(max(one.cell_len for one in names), beside_reason)
    for one, name, reason in zip(group, names, reasons, strict=True):
        grid.add_row(shown(one.region, "dim"), name, reason)
    return Padding(grid, (0, 0, 0, INDENT))


def _grid(layout: Layout) -> Table:
    grid = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    grid.add_column(width=layout.region, overflow="fold")
    grid.add_column(overflow="fold")
    return grid


def _narrow_rows(group: Sequence[Finding], layout: Layout) -> Iterator[RenderableType]:
    for one in group:
        name = _name(one, layout.new)
        first = Text.assemble(shown(one.region, "dim"), " " * GAP, name, overflow="fold")
        yield Padding(first, (0, 0, 0, INDENT))
        yield Padding(_reason(one), (0, 0, 0, 2 * INDENT))


def _name(finding: Finding, new: frozenset[str]) -> Text:
    if finding.resource.id == WHOLE_LISTING:
        return Text("all: they could not be listed", "italic")
    name = shown(finding.resource.id, limit=NAME_LIMIT)
    if called := (finding.resource.tags or {}).get("Name"):
        name = Text.assemble(name, " (", shown(called, limit=NAME_LIMIT), ")")
    return name.append(NEW, "bold cyan") if finding.id in new else name


def _reason(finding: Finding) -> Text:
    return shown(finding.reason, "dim" if finding.verdict is Verdict.PASSED else "")
