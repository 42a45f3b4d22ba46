"""The summary of the terminal report: counts, scores, what is missing, what to fix first."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import (
    AuditReport,
    Comparison,
    FixFirst,
    FrameworkScore,
    ReportedRule,
    ScoreEntry,
    SuppressionUse,
)
from vedette.reporting.grouping import Gap, gaps
from vedette.reporting.table_style import (
    GRADE_STYLES,
    NARROW,
    PASSED_STYLE,
    SEVERITY_STYLES,
    UNKNOWN_STYLE,
    heading,
    severity_badge,
    shown,
)
from vedette.reporting.text import blocks, counted, day, grade, listed, percentage, scope
from vedette.resources.coverage import Note, NoteKind

SERVICE_WIDTH: Final = 40
BAR: Final = 10
REGIONS_PER_LINE: Final = 4
LINES_PER_PART: Final = 6
FIX_LIMIT: Final = 240
FIX_FIRST: Final = (
    "Fix this first",
    "Two things to fix first",
    "Three things to fix first",
)
NOTE_TEXTS: Final = {
    NoteKind.REGION_OFF: "Regions that are not switched on",
    NoteKind.REGION_OFF_BY_ORGANISATION: "Regions that an organisation's policy refuses",
    NoteKind.SERVICE_ABSENT: "Services that a region does not have",
}


def summary(report: AuditReport, width: int) -> Iterator[RenderableType]:
    """Yield the parts of the summary, leaving out those with nothing to say."""
    yield _headline(report)
    yield _severities(report)
    yield from _services(report, width)
    yield from _frameworks(report, width)
    yield from _not_read(gaps(report.coverage))
    yield from _left_out(report.notes)
    yield from _suppressions(report.suppressions)
    if report.comparison is not None:
        yield from _comparison(report.comparison)
    yield from _fix_first(report.summary.fix_first, report)


def _headline(report: AuditReport) -> RenderableType:
    counts = report.summary.verdicts
    parts = [
        (f"{counts.get(Verdict.FAILED, 0):,} failed", "bold red"),
        (f"{counts.get(Verdict.UNKNOWN, 0):,} unknown", f"bold {UNKNOWN_STYLE}"),
        (f"{counts.get(Verdict.PASSED, 0):,} passed", f"bold {PASSED_STYLE}"),
        (f"{report.summary.suppressed:,} suppressed", "bold"),
    ]
    line = Text("   ").join(Text(*part) for part in parts)
    line.append(f"   score {percentage(report.summary.score)}", "bold")
    return Padding(line, (1, 0, 0, 0))


def _severities(report: AuditReport) -> RenderableType:
    counts = report.summary.failed_by_severity
    return Text("   ").join(
        Text(f"{counts.get(severity, 0):,} {severity}", style if counts.get(severity) else "dim")
        for severity, style in SEVERITY_STYLES.items()
    )


def _services(report: AuditReport, width: int) -> Iterator[RenderableType]:
    services = report.summary.services
    scored = sorted(
        ((one.score, name, one) for name, one in services.items() if one.score is not None),
        key=lambda entry: entry[:2],
    )
    if scored:
        yield heading("Score by service", remark="passed / judged")
        yield _in_columns([_service_row(name, one) for _, name, one in scored], width)
    if unjudged := sorted(name for name, one in services.items() if one.score is None):
        yield shown(f"Nothing judged: {', '.join(unjudged)}", "dim")


def _service_row(name: str, score: ScoreEntry) -> Sequence[RenderableType]:
    judged = score.passed + score.failed
    return (
        shown(name, limit=30),
        _bar(score.score or 0),
        Text(percentage(score.score)),
        Text(f"{score.passed:,}/{judged:,}", "dim"),
    )


def _in_columns(rows: Sequence[Sequence[RenderableType]], width: int) -> RenderableType:
    """Set rows below one another, in as many columns of rows as the width has room for."""
    columns = max(width // SERVICE_WIDTH, 1)
    height = -(-len(rows) // columns)
    outer = Table.grid(padding=(0, 1, 0, 0), expand=True, pad_edge=False)
    parts = [rows[start : start + height] for start in range(0, len(rows), height)]
    for _ in range(columns):
        outer.add_column(ratio=1)
    outer.add_row(*(_score_grid(part) for part in parts))
    return outer


def _score_grid(rows: Sequence[Sequence[RenderableType]]) -> Table:
    grid = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column(width=14, overflow="fold")
    grid.add_column(width=BAR)
    grid.add_column(width=5, justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def _bar(score: float) -> ProgressBar:
    style = GRADE_STYLES[grade(score)]
    return ProgressBar(
        total=100, completed=score, width=BAR, complete_style=style, finished_style=style
    )


def _frameworks(report: AuditReport, width: int) -> Iterator[RenderableType]:
    scored = [one for one in report.summary.frameworks.values() if one.score is not None]
    if not scored:
        return
    yield heading("Score by framework")
    grid = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column(overflow="fold", max_width=max(width * 2 // 5, 14))
    if width >= NARROW:
        grid.add_column(width=BAR)
    grid.add_column(width=5, justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for one in sorted(scored, key=lambda framework: framework.name):
        bar = (_bar(one.score or 0),) if width >= NARROW else ()
        percent = Text(percentage(one.score))
        grid.add_row(shown(one.name), *bar, percent, Text(_controls(one), "dim"))
    yield grid


def _controls(framework: FrameworkScore) -> str:
    judged = framework.met + framework.failed
    counts = [f"{framework.met:,} of {judged:,} controls met"]
    if framework.unknown:
        counts.append(f"{framework.unknown:,} unknown")
    if framework.not_assessed:
        counts.append(f"{framework.not_assessed:,} not assessed")
    return ", ".join(counts)


def _not_read(missing: Sequence[Gap]) -> Iterator[RenderableType]:
    if not missing:
        return
    yield heading("Could not be looked at", UNKNOWN_STYLE)
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for gap in missing[:LINES_PER_PART]:
        grid.add_row(shown(gap.service, limit=30), shown(_gap_text(gap)))
    yield grid
    yield from _more(missing)


def _gap_text(gap: Gap) -> str:
    counts = [counted(gap.denied, "read") + " denied"] if gap.denied else []
    counts += [counted(gap.errors, "read") + " failed"] if gap.errors else []
    places = listed(gap.regions, REGIONS_PER_LINE)
    reasons = f" ({'; '.join(gap.reasons[:2])})" if gap.reasons else ""
    return f"{places}: {', '.join(counts)}{reasons}"


def _more(entries: Sequence[object]) -> Iterator[RenderableType]:
    if len(entries) > LINES_PER_PART:
        yield Text(f"and {len(entries) - LINES_PER_PART:,} more", "dim italic")


def _left_out(notes: Sequence[Note]) -> Iterator[RenderableType]:
    places: defaultdict[NoteKind, list[str]] = defaultdict(list)
    for note in notes:
        service = f"{note.service} in " if note.service else ""
        places[note.kind].append(f"{service}{note.region}")
    if places:
        yield heading("Left out, by choice")
    for kind, of in places.items():
        yield shown(f"{NOTE_TEXTS[kind]}: {listed(of, 2 * REGIONS_PER_LINE)}", "dim")


def _suppressions(uses: Sequence[SuppressionUse]) -> Iterator[RenderableType]:
    if not uses:
        return
    used = [one for one in uses if one.matched]
    expired = [one for one in uses if one.expired]
    unused = [one for one in uses if not one.matched and not one.expired]
    yield heading("Suppressions")
    covered = counted(sum(one.matched for one in used), "finding")
    yield Text(f"{len(used):,} in use, covering {covered}", "dim")
    telling = [*((one, "expired") for one in expired), *((one, "fits nothing") for one in unused)]
    for use, state in telling[:LINES_PER_PART]:
        yield shown(f"{state}: {_described(use)}", "yellow" if use.expired else "dim")
    yield from _more(telling)


def _described(use: SuppressionUse) -> str:
    one = use.suppression
    where = ", ".join(part for part in (f"rule {one.rule}", scope(one)) if part)
    return f"{where}, until {one.expires}: {one.reason}"


def _comparison(comparison: Comparison) -> Iterator[RenderableType]:
    yield heading(f"Since {day(comparison.with_as_of)}")
    parts = [
        (f"{len(comparison.new):,} new", "bold red" if comparison.new else "dim"),
        (f"{len(comparison.fixed):,} fixed", "bold green" if comparison.fixed else "dim"),
        (f"{len(comparison.still_open):,} still open", ""),
    ]
    if comparison.not_judged:
        parts.append((f"{len(comparison.not_judged):,} not looked at again", UNKNOWN_STYLE))
    yield Text("   ").join(Text(*part) for part in parts)


def _fix_first(first: Sequence[FixFirst], report: AuditReport) -> Iterator[RenderableType]:
    if not first:
        return
    yield heading(FIX_FIRST[min(len(first), len(FIX_FIRST)) - 1])
    grid = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for number, one in enumerate(first, 1):
        title = Text.assemble(
            severity_badge(one.severity),
            "  ",
            shown(one.title, "bold"),
            (f"  {one.resources:,} failed", "dim"),
        )
        grid.add_row(f"{number}.", title)
        grid.add_row("", _first_lines(report.rules.get(one.rule)))
        grid.add_row("", shown(f"vedette rules show {one.rule}", "cyan"))
    yield grid


def _first_lines(rule: ReportedRule | None) -> Text:
    text = blocks(rule.fix)[0].text if rule and rule.fix.strip() else ""
    return shown(text[:1].upper() + text[1:], limit=FIX_LIMIT)
