"""`vedette deploy --estimate`: what a deployment would handle, tell and cost, by a day of a log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from vedette.alerting.routing import Route, route_of
from vedette.configuration.loader import LoadedConfiguration
from vedette.findings.case import SessionLink
from vedette.findings.match import TracedMatch
from vedette.findings.severity import Severity
from vedette.operations.costs import DAYS, Line, Workload, monthly, total
from vedette.operations.hunt import HuntProgress, HuntRequest, hunt
from vedette.operations.hunt_logs import LogSource
from vedette.operations.hunt_workers import processors
from vedette.operations.pattern_shares import LogShares, shares_in
from vedette.operations.patterns import Queue, pattern_set
from vedette.operations.usage import UsageError

OnProgress = Callable[[int, int, str], None]
FUNCTION_OF: Final[Mapping[Queue, str]] = {
    "detect": "detect",
    "change": "reevaluate",
    "signal": "intake",
}
# An attacker may fill a log; beyond these, further matches count as repetitions.
MOST_KEPT: Final = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRequest:
    """Which log to go by, from when on, and how many regions of an account a sweep would read."""

    source: LogSource
    since: datetime | None
    configuration: LoadedConfiguration
    regions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A day in numbers, and the month that they make.

    `findings` are those of detections, by severity; `mails` is how many of them would be told by
    themselves, `digests` whether the others fill the digest of the day.
    """

    shares: LogShares
    matches: int
    findings: Mapping[Severity, int]
    mails: int
    digests: int
    lines: tuple[Line, ...]
    problems: tuple[str, ...]

    @property
    def usd(self) -> float:
        """Return the dollars of a month."""
        return total(self.lines)


def estimate(request: EstimateRequest, on_progress: OnProgress) -> Estimate:
    """Count a day's events by queue, hunt through them, and reckon the month. Deploys nothing.

    Raises UserError for a log that cannot be listed or holds nothing.
    """
    patterns = pattern_set(request.configuration).patterns
    shares = shares_in(patterns, request.source, request.since, on_progress)
    if not shares.events:
        problems = "; ".join(shares.problems[:3])
        raise UsageError(f"The log holds no event of the last day. {problems}".strip())
    findings = _Findings()
    path = request.configuration.file.path if request.configuration.file else None
    hunted = hunt(_hunt(request, path), findings, _hunting(on_progress))
    by_severity = findings.by_severity()
    alone = sum(count for one, count in by_severity.items() if route_of(one) is not Route.DIGEST)
    others = sum(by_severity.values()) - alone
    mails = alone + bool(others)
    deployment = request.configuration.configuration.deployment
    workload = Workload(
        accounts=1 + len(deployment.accounts),
        regions=request.regions,
        reads=DAYS * shares.reads,
        puts=DAYS * sum(shares.by_pattern.values()),
        messages={
            function: DAYS * shares.by_queue.get(queue, 0)
            for queue, function in FUNCTION_OF.items()
        },
        opened=DAYS * sum(by_severity.values()),
        repeats=DAYS * max(0, hunted.matches - sum(by_severity.values())),
        # At most: not every event that gets to detect is counted by a rule with memory.
        hits=DAYS * shares.by_queue.get("detect", 0),
        alerts=DAYS * mails,
        findings_kept=DAYS * sum(by_severity.values()),
        customer_key=deployment.customer_key,
    )
    return Estimate(
        shares=shares,
        matches=hunted.matches,
        findings=by_severity,
        mails=alone,
        digests=int(bool(others)),
        lines=monthly(workload),
        problems=(*shares.problems, *(f"{one.file}: {one.reason}" for one in hunted.problems)),
    )


def _hunt(request: EstimateRequest, configuration: Path | None) -> HuntRequest:
    return HuntRequest(
        source=request.source,
        configuration=configuration,
        since=request.since,
        workers=processors(),
    )


def _hunting(on_progress: OnProgress) -> Callable[[HuntProgress], None]:
    def show(progress: HuntProgress) -> None:
        on_progress(progress.bytes_done, progress.bytes_total, "hunting")

    return show


_Key = tuple[str, str | None, str]


@dataclass(slots=True)
class _Findings:
    """Counts the findings that matches make: what repeats within its window joins the last one."""

    as_lines = False
    _times: dict[_Key, list[tuple[int, int, Severity]]] = field(default_factory=dict)
    _kept: int = 0

    def take_lines(self, lines: bytes) -> None:
        """Take none: it asked for matches."""
        raise NotImplementedError

    def take_match(self, traced: TracedMatch) -> None:
        """Note when a match was, and how severe."""
        key = (traced.match.rule, traced.match.account, traced.repeats)
        if self._kept < MOST_KEPT:
            self._kept += 1
            noted = (traced.second or 0, traced.window, traced.match.severity)
            self._times.setdefault(key, []).append(noted)

    def take_link(self, link: SessionLink) -> None:
        """Take none: it tells no stories."""

    def by_severity(self) -> dict[Severity, int]:
        """Return how many findings there are; each is as severe as its worst match."""
        counts: dict[Severity, int] = {}
        for matches in self._times.values():
            for severity in _episodes(matches):
                counts[severity] = counts.get(severity, 0) + 1
        return counts


def _episodes(matches: list[tuple[int, int, Severity]]) -> list[Severity]:
    episodes: list[Severity] = []
    until = 0
    for second, window, severity in sorted(matches, key=lambda one: one[0]):
        if episodes and second <= until:
            episodes[-1] = max(episodes[-1], severity, key=lambda one: one.rank)
        else:
            episodes.append(severity)
        until = second + window
    return episodes
