"""The canary: calls that must come back through CloudTrail, so that silence is noticed.

Each run makes a write that changes nothing and a read that is denied. `detect` marks those that
come back, by the id that AWS gave the request, which nobody can make up beforehand. A run fails
where no recent call of a kind has come back; an alarm watches for that.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from vedette.operations.telemetry import Telemetry

KINDS: Final = ("write", "denied_read")
# Longer than two runs are apart and than CloudTrail takes to deliver (15 minutes, as a rule).
# Source: AWS CloudTrail User Guide, "How CloudTrail works".
PATIENCE: Final = timedelta(minutes=130)
_REMEMBERED: Final = 4
Clock = Callable[[], datetime]


class CanaryLostError(Exception):
    """Calls have not come back through CloudTrail; the message says of which kind."""


class CanaryMark(Protocol):
    """When something was last done, and a word on it."""

    @property
    def at(self) -> datetime:
        """Return when."""
        ...

    @property
    def detail(self) -> str:
        """Return the word on it."""
        ...


class KeepsMarks(Protocol):
    """Keeps marks by name; they move forward only."""

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        """Move a mark to a time."""
        ...

    def get(self, name: str) -> CanaryMark | None:
        """Return where a mark is."""
        ...


class MakesCalls(Protocol):
    """Makes the canary's calls."""

    def call(self, kind: str) -> str:
        """Make a call of a kind and return the id of its request.

        Raises CanaryCallError if it does not end as it should: the write done, the read denied.
        """
        ...


def sent_mark(kind: str) -> str:
    """Return the name of the mark of calls that were made."""
    return f"canary:{kind}:sent"


def returned_mark(kind: str) -> str:
    """Return the name of the mark of the last call that came back."""
    return f"canary:{kind}:returned"


def _now() -> datetime:
    return datetime.now(UTC)


def fly(calls: MakesCalls, marks: KeepsMarks, telemetry: Telemetry, now: Clock = _now) -> None:
    """Make the calls again, and look whether earlier ones came back.

    Raises CanaryLostError, CanaryCallError and the errors of the store.
    """
    lost = [kind for kind in KINDS if not _fly_one(kind, calls, marks, now())]
    if lost:
        raise CanaryLostError(
            f"no {' and no '.join(lost)} of the last {PATIENCE} came back through CloudTrail"
        )
    telemetry.say("INFO", "calls come back through CloudTrail")


def overdue(kind: str, marks: KeepsMarks, now: datetime) -> bool:
    """Tell whether calls of a kind were made long enough ago and none of them came back."""
    return not _is_well(_sent(marks, kind), marks.get(returned_mark(kind)), now)


def _fly_one(kind: str, calls: MakesCalls, marks: KeepsMarks, now: datetime) -> bool:
    sent = _sent(marks, kind)
    well = _is_well(sent, marks.get(returned_mark(kind)), now)
    request = calls.call(kind)
    # The first call since the last success stays, so that waiting for it comes to an end.
    kept = [(request, int(now.timestamp())), *sent[: _REMEMBERED - 2], *sent[-1:]]
    marks.set(sent_mark(kind), now, json.dumps(list(dict.fromkeys(kept))))
    return well


def _sent(marks: KeepsMarks, kind: str) -> Sequence[tuple[str, int]]:
    """Return the ids and seconds of calls that were made, the latest first."""
    mark = marks.get(sent_mark(kind))
    return [] if mark is None else [(str(one), int(at)) for one, at in json.loads(mark.detail)]


def _is_well(sent: Sequence[tuple[str, int]], returned: CanaryMark | None, now: datetime) -> bool:
    """Tell whether a call of not long ago came back, or none was made that long ago."""
    oldest_allowed = (now - PATIENCE).timestamp()
    came_back = dict(sent).get(returned.detail) if returned is not None else None
    if came_back is not None and came_back >= oldest_allowed:
        return True
    return all(at >= oldest_allowed for _, at in sent)
