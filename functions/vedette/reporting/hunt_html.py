"""The hunt as one HTML file that needs nothing else: no server, no network, no scripts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from vedette.findings.attack import TACTICS, tactics_of, techniques_of
from vedette.findings.severity import Severity
from vedette.reporting.digest_report import summary
from vedette.reporting.html import asset, csp_hash, environment, severity_bar
from vedette.reporting.hunt_report import HuntReport, ReportedCase
from vedette.reporting.hunt_table import clock, path_text, span

MOST_CASES: Final = 500
MOST_ENTRIES: Final = 100
MOST_FILES: Final = 500
COLUMNS: Final = 48
HEIGHT: Final = 40


@dataclass(frozen=True, slots=True)
class TechniqueCell:
    """A technique in the matrix: the worst match that shows it, and how many there are."""

    technique: str
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True)
class TacticColumn:
    """A column of the matrix."""

    tactic: str
    techniques: tuple[TechniqueCell, ...]


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Matches of one stretch of time; `height` is 0 to 40."""

    label: str
    severity: Severity
    count: int
    height: float


def to_html(report: HuntReport, *, timeline: bool = False) -> str:
    """Return the page. Cases beyond 500 are left out, the least severe ones, and it says so.

    The page forbids itself every request by its Content-Security-Policy.
    """
    style = asset("report.css") + asset("hunt.css")
    pages = environment()
    pages.filters.update(clock=clock, digests=summary, hidden=hidden, path=path_text, span=span)
    cases = report.cases[:MOST_CASES]
    by_severity = Counter(one.severity for one in report.cases)
    return pages.get_template("hunt.html.j2").render(
        report=report,
        title="A principal's story" if timeline else "Hunt",
        timeline=timeline,
        style=Markup(style),  # noqa: S704  (our own files)
        style_hash=csp_hash(style),
        cases=cases,
        left_out=len(report.cases) - len(cases),
        most_entries=MOST_ENTRIES,
        most_files=MOST_FILES,
        severities=list(reversed(Severity)),
        by_severity=by_severity,
        segments=severity_bar(report.severities),
        columns=over_time(report.cases),
        matrix=matrix_of(report.cases),
    )


def hidden(case: ReportedCase) -> int:
    """Return how many entries of a case the page leaves out."""
    return case.left_out + max(0, len(case.entries) - MOST_ENTRIES)


def matrix_of(cases: Sequence[ReportedCase]) -> list[TacticColumn]:
    """Return ATT&CK's tactics with the techniques that matched; a quieted match does not count."""
    found: defaultdict[str, dict[str, TechniqueCell]] = defaultdict(dict)
    for match, count in ((entry.match, entry.count) for one in cases for entry in one.entries):
        if match.severity is Severity.INFORMATIONAL:
            continue
        for tactic in tactics_of(match.tags):
            for technique in techniques_of(match.tags):
                before = found[tactic].get(technique)
                worst: Severity = match.severity
                if before is not None and before.severity.rank > worst.rank:
                    worst = before.severity
                total = count + (before.count if before else 0)
                found[tactic][technique] = TechniqueCell(technique, worst, total)
    return [
        TacticColumn(title, tuple(found[tactic][one] for one in sorted(found[tactic])))
        for tactic, title in TACTICS.items()
    ]


def over_time(cases: Sequence[ReportedCase]) -> list[TimeColumn]:
    """Return columns over the time of all matches; nothing if all are of one moment."""
    entries = [
        (datetime.fromisoformat(one.first), one.match.severity, one.count)
        for case in cases
        for one in case.entries
        if one.first is not None
    ]
    if not entries:
        return []
    first, last = min(one[0] for one in entries), max(one[0] for one in entries)
    step = (last - first) / COLUMNS
    if not step:
        return []
    counts: Counter[int] = Counter()
    worst: dict[int, Severity] = {}
    for at, severity, count in entries:
        place = min(int((at - first) / step), COLUMNS - 1)
        counts[place] += count
        worst[place] = max(worst.get(place, severity), severity, key=lambda one: one.rank)
    return [_column(first + place * step, place, counts, worst) for place in range(COLUMNS)]


def _column(
    start: datetime, place: int, counts: Counter[int], worst: dict[int, Severity]
) -> TimeColumn:
    height = HEIGHT * counts[place] / max(counts.values())
    return TimeColumn(
        label=f"{start:%Y-%m-%d %H:%M}",
        severity=worst.get(place, Severity.INFORMATIONAL),
        count=counts[place],
        height=round(max(height, 1.0 if counts[place] else 0), 2),
    )
