"""Which findings are told by themselves, and when the others are told together."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vedette.findings.severity import Severity
from vedette.findings.tracked import FindingStatus, TrackedFinding, TransitionKind

MOST_A_MINUTE: Final = 10
MINUTE: Final = 60.0
DIGEST_AFTER: Final = timedelta(hours=24)


class Route(StrEnum):
    """How a transition is told."""

    ALWAYS_ALONE = "always_alone"
    ALONE_UNLESS_MANY = "alone_unless_many"
    DIGEST = "digest"


def route_of(severity: Severity) -> Route:
    """Return how findings of a severity are told; high and critical are never folded."""
    if severity.rank >= Severity.HIGH.rank:
        return Route.ALWAYS_ALONE
    return Route.ALONE_UNLESS_MANY if severity is Severity.MEDIUM else Route.DIGEST


class FloodGate:
    """Lets so many pass in any minute; who does not pass is told later, with the others."""

    def __init__(self, most: int = MOST_A_MINUTE, seconds: float = MINUTE) -> None:
        self._most = most
        self._seconds = seconds
        self._passed: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Tell whether one more may pass at `now` (seconds of a clock that only moves forward)."""
        while self._passed and self._passed[0] <= now - self._seconds:
            self._passed.popleft()
        if len(self._passed) >= self._most:
            return False
        self._passed.append(now)
        return True


def digest_is_due(pending: Iterable[TrackedFinding], now: datetime) -> bool:
    """Tell whether the oldest of what waits for the digest has waited for a day."""
    times = [one.transition.at for one in pending if one.transition is not None]
    return bool(times) and now - min(times) >= DIGEST_AFTER


def unacknowledged_since(finding: TrackedFinding) -> datetime:
    """Return since when a finding waits for somebody: its opening, or when it became this bad."""
    transition = finding.transition
    if transition is not None and transition.kind is TransitionKind.SEVERITY_RAISED:
        return transition.at
    return finding.opened_at


def is_to_be_escalated(finding: TrackedFinding, now: datetime, after: timedelta) -> bool:
    """Tell whether a critical finding has waited too long; one of a first look never has."""
    return (
        finding.severity is Severity.CRITICAL
        and finding.status is FindingStatus.OPEN
        and not finding.baseline
        and not finding.is_sample
        and now - unacknowledged_since(finding) >= after
    )
