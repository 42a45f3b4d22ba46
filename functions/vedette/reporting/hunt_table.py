"""The hunt's cases for a terminal: worst first, each with its story, then what was looked at."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from vedette.findings.attack import TACTICS
from vedette.findings.severity import Severity
from vedette.reporting.digest_report import DigestTable
from vedette.reporting.hunt_report import CaseEntry, HuntReport, ReportedCase
from vedette.reporting.table_style import (
    NARROW,
    PASSED_STYLE,
    SEVERITY_STYLES,
    UNKNOWN_STYLE,
    heading,
    severity_badge,
    shown,
)
from vedette.reporting.text import counted, listed, one_line

MOST_CASES: Final = 25
MOST_ENTRIES: Final = 12
MOST_NAMES: Final = 3
MOST_LINES: Final = 8
INDENT: Final = 2


class HuntTable:
    """Renders a hunt as wide as the console."""

    def __init__(self, report: HuntReport) -> None:
        self._report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines from top to bottom."""
        telling = [one for one in self._report.cases if one.severity is not Severity.INFORMATIONAL]
        for case in telling[:MOST_CASES]:
            yield from case_lines(case, options.max_width)
        if (left := len(telling) - MOST_CASES) > 0:
            yield Text(f"\nand {counted(left, 'more case')} (--output json lists all)", "dim")
        if not telling:
            yield Text("\nNothing above informational.", PASSED_STYLE)
        yield Text()
        yield Rule(style="dim")
        yield from footer(self._report, len(telling))


def case_lines(
    case: ReportedCase, width: int, most: int = MOST_ENTRIES
) -> Iterator[RenderableType]:
    """Yield a case: its worst match as heading, who and where, and what happened."""
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True, pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    grid.add_column(justify="right", no_wrap=True)
    title = shown(case.title, "bold")
    grid.add_row(severity_badge(case.severity), title, shown(span(case), "dim"))
    yield Padding(grid, (1, 0, 0, 0))
    for line in _about(case):
        yield Padding(line, (0, 0, 0, INDENT))
    worst_first = sorted(case.entries, key=lambda one: -one.match.severity.rank)[:most]
    kept = [one for one in case.entries if one in worst_first]
    yield Padding(entry_grid(kept, width), (0, 0, 0, INDENT))
    if left := len(case.entries) - len(kept) + case.left_out:
        more = f"and {left:,} more {'match' if left == 1 else 'matches'} (--output json lists them)"
        yield Padding(Text(more, "dim italic"), (0, 0, 0, INDENT))


def entry_grid(entries: Sequence[CaseEntry], width: int) -> RenderableType:
    """Return matches below one another: time, severity, what, how often and with which outcome."""
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    if width >= NARROW:
        grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for one in entries:
        match = one.match
        times = f"  {one.count:,} times" if one.count > 1 else ""
        of = f", {match.event_count:,} events" if match.event_count > 1 else ""
        what = Text.assemble(
            shown(match.title),
            (times, "bold"),
            shown(f"  {match.event_name or ''} {match.outcome or ''}{of}".rstrip(), "dim"),
        )
        if match.quieted_by:
            what.append(f"  quieted by {one_line(listed(list(match.quieted_by), 2), 200)}", "dim")
        cells = [shown(clock(one.first), "dim", 30)]
        if width >= NARROW:
            cells.append(Text(match.severity, SEVERITY_STYLES[match.severity]))
        grid.add_row(*cells, what)
    return grid


def span(case: ReportedCase) -> str:
    """Write when a case began and ended."""
    first, last = clock(case.first), clock(case.last)
    if first[:10] == last[:10]:
        last = last[11:]
    return first if case.first == case.last else f"{first} to {last}"


def clock(moment: str | None) -> str:
    """Write a time shorter: without T and Z."""
    return (moment or "time unknown").replace("T", " ").removesuffix("Z")


def path_text(path: Sequence[str]) -> str:
    """Write the way through ATT&CK's tactics."""
    return " → ".join(TACTICS.get(one, one) for one in path)


def _about(case: ReportedCase) -> Iterator[Text]:
    who = listed([one_line(one, 200) for one in case.principals], MOST_NAMES)
    yield Text(who or "principal unknown", overflow="fold")
    where = [
        listed([one_line(one, 60) for one in names], MOST_NAMES)
        for names in (case.accounts, case.regions, case.source_ips)
    ]
    yield Text(" · ".join(filter(None, where)), "dim", overflow="fold")
    if case.path:
        techniques = f"  {listed(list(case.techniques), 6)}"
        yield Text.assemble((path_text(case.path), "italic"), (techniques, "dim"), overflow="fold")


def footer(report: HuntReport, telling: int) -> Iterator[RenderableType]:
    """Yield what was looked at, and all that was not."""
    if report.digests is not None:
        yield DigestTable(report.digests)
        yield Text()
    rate = report.events / report.seconds if report.seconds > 0 else 0
    yield shown(
        f"{counted(report.events, 'event')} in {counted(report.files, 'file')} · "
        f"{counted(report.rules, 'rule')} · {report.seconds:,.1f} s ({rate:,.0f} events/s)",
        "bold",
    )
    yield Text.assemble((f"{counted(telling, 'case')}   ", "bold"), *_severities(report))
    problems = [f"{one.file}: {one.reason}" for one in report.problems]
    yield from lines_of("Not looked at", problems, report.problem_count)
    yield from lines_of("Rules that could not be loaded", report.refused, len(report.refused))
    dark = [f"{rule}: {reason}" for rule, reason in report.dark.items()]
    yield from lines_of("Dark rules, which lack what they ask", dark, len(dark))
    yield from lines_of("Remarks", report.remarks, len(report.remarks))
    if report.for_other_logs:
        yield shown(f"{counted(report.for_other_logs, 'rule')} left out: for other logs", "dim")


def lines_of(title: str, lines: Sequence[str], count: int) -> Iterator[RenderableType]:
    """Yield some lines below a heading, and how many more there are."""
    if not lines:
        return
    yield heading(title, UNKNOWN_STYLE, str(count))
    for line in lines[:MOST_LINES]:
        yield shown(line)
    if count > MOST_LINES:
        yield Text(f"and {count - MOST_LINES:,} more (--output json)", "dim italic")


def _severities(report: HuntReport) -> list[tuple[str, str]]:
    counts = report.severities
    parts = [
        (f"{counts.get(severity, 0):,} {severity}", style if counts.get(severity) else "dim")
        for severity, style in SEVERITY_STYLES.items()
    ]
    spaced: list[tuple[str, str]] = [("matches: ", "dim")]
    for text, style in parts:
        spaced += [(text, style), ("   ", "")]
    return spaced


class TimelineTable:
    """Renders one principal's story in order of time: every match of it."""

    def __init__(self, report: HuntReport) -> None:
        self._report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the lines from top to bottom."""
        cases = self._report.cases
        if not cases:
            yield Text("\nNothing matched.", PASSED_STYLE)
        for case in cases:
            yield from case_lines(case, options.max_width, most=len(case.entries))
        yield Text()
        yield Rule(style="dim")
        yield from footer(self._report, len(cases))
