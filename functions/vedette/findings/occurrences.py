"""The events of a finding, remembered so tightly that they fit into its item.

An occurrence is 13 bytes: time (whole seconds since 1970, 4 bytes), severity and outcome (1) and a
hash of the event id (8). Sets of them merge by union, so whoever adds events twice, late or at the
same time as somebody else changes nothing, and all that follows from events follows from the set:
how many, how bad, when first and last, which episodes. At most `MOST_OF_A_SORT` are remembered of
each severity and outcome; from there on a count is a lower bound.
"""

import hashlib
import struct
from collections import Counter
from collections.abc import Iterable, Set
from datetime import UTC, datetime
from typing import Final, NamedTuple

from vedette.findings.observation import Observation, Outcome, second_of
from vedette.findings.severity import Severity
from vedette.findings.tracked import EventCount

MOST_OF_A_SORT: Final = 100
_PACKED: Final = struct.Struct(">IB8s")
_OUTCOMES: Final = (None, Outcome.SUCCESS, Outcome.DENIED, Outcome.FAILED)
_SEVERITIES: Final = tuple(Severity)


class Occurrence(NamedTuple):
    """One event, taken apart."""

    second: int
    sort: int
    event: bytes

    @property
    def outcome(self) -> Outcome | None:
        """Return how its call ended."""
        return _OUTCOMES[self.sort % len(_OUTCOMES)]

    @property
    def severity(self) -> Severity:
        """Return how bad the observation was that told of it."""
        return _SEVERITIES[min(self.sort // len(_OUTCOMES), len(_SEVERITIES) - 1)]


class Interval(NamedTuple):
    """A time without a pause longer than the window, in seconds since 1970, ends included."""

    start: int
    end: int


def occurrences_of(observation: Observation) -> frozenset[bytes]:
    """Return what is remembered of an observation's events."""
    second = second_of(observation.time)
    sort = observation.severity.rank * len(_OUTCOMES) + _OUTCOMES.index(observation.outcome)
    return frozenset(
        _PACKED.pack(second, sort, _digest(event_id)) for event_id in observation.event_ids
    )


def unpack(packed: Iterable[bytes]) -> list[Occurrence]:
    """Take occurrences apart, in order of time."""
    return [Occurrence(*_PACKED.unpack(one)) for one in sorted(packed)]


def joined(known: Set[bytes], added: Iterable[bytes]) -> frozenset[bytes]:
    """Add occurrences to a set as far as there is room for their sort, the earliest first."""
    room = Counter({sort: MOST_OF_A_SORT - size for sort, size in _sizes(known).items()})
    kept = set(known)
    for one in sorted(set(added) - known):
        if room.setdefault(one[4], MOST_OF_A_SORT) > 0:
            kept.add(one)
            room[one[4]] -= 1
    return frozenset(kept)


def is_full(known: Iterable[bytes]) -> bool:
    """Tell whether there is no room left for some sort."""
    return any(size >= MOST_OF_A_SORT for size in _sizes(known).values())


def counted(some: Iterable[Occurrence], *, exact: bool) -> EventCount:
    """Count the different events."""
    return EventCount(count=len({one.event for one in some}), exact=exact)


def sessions(times: Iterable[Interval], window: int) -> list[Interval]:
    """Join what is at most `window` seconds apart, and return what remains in order of time."""
    found: list[Interval] = []
    for one in sorted(times):
        if found and one.start - found[-1].end <= window:
            found[-1] = Interval(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def success_after_denials(some: Iterable[Occurrence]) -> bool:
    """Tell whether something succeeded in or after a second in which something was denied.

    CloudTrail tells time in whole seconds, so within one second any order counts.
    """
    denied = [one.second for one in some if one.outcome is Outcome.DENIED]
    succeeded = [one.second for one in some if one.outcome is Outcome.SUCCESS]
    return bool(denied and succeeded) and min(denied) <= max(succeeded)


def time_of(second: int) -> datetime:
    """Return the time of a second since 1970."""
    return datetime.fromtimestamp(second, UTC)


def _sizes(packed: Iterable[bytes]) -> Counter[int]:
    return Counter(one[4] for one in packed)


def _digest(event_id: str) -> bytes:
    return hashlib.blake2b(event_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
