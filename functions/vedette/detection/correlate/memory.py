"""Rules that remember a principal: values never seen before, and impossible travel."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import asin, cos, radians, sin, sqrt
from typing import Final

from vedette.detection.correlate.hits import Hit, coordinates_of
from vedette.detection.correlate.windows import Episode

REAL: Final = 0
LEARNED: Final = 1
_EARTH_KM: Final = 6_371.0
_HOUR: Final = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The time over which events have been observed, in seconds since 1970.

    `since` is the first event of the run, `learned_from` and `learned_until` the ends of the
    baseline, if there is one.
    """

    since: int | None = None
    learned_from: int | None = None
    learned_until: int | None = None

    @property
    def gap(self) -> int:
        """Return how long nothing was observed between baseline and run.

        Nothing is forgotten meanwhile: what nobody watched is no sign that a value was gone.
        """
        if self.learned_until is None or self.since is None:
            return 0
        return max(0, self.since - self.learned_until)

    def seconds_before(self, time: int) -> int:
        """Return how long events had been observed at a time."""
        since = time if self.since is None else self.since
        observed = max(0, time - since)
        if self.learned_from is None or self.learned_until is None:
            return observed
        return observed + max(0, min(self.learned_until, since) - self.learned_from)


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """Fires where a value occurs that did not occur within `look_back` seconds before.

    A hit of source `LEARNED` comes from the baseline: it is known and never fires itself.
    """

    look_back: int
    learning: int

    def episodes(self, hits: Iterable[Hit], observation: Observation) -> list[Episode]:
        """Find the moments at which the value of one group was new."""
        known_until: int | None = None
        found: list[Episode] = []
        for time, together in groupby(sorted(set(hits)), key=lambda hit: hit.time):
            at_once = list(together)
            learned = any(hit.source == LEARNED for hit in at_once)
            is_new = known_until is None or time > known_until
            if is_new and not learned and observation.seconds_before(time) >= self.learning:
                # The first is told of several that are new in the same second.
                found.append(Episode(time, time, (time,), (at_once[0],)))
            aged = time + self.look_back + (observation.gap if learned else 0)
            known_until = max(known_until or 0, aged)
        return found


@dataclass(frozen=True, slots=True)
class ImpossibleTravel:
    """Fires where a principal is too far from where it was just before."""

    speed_kmh: float
    min_km: float

    def episodes(self, hits: Iterable[Hit], observation: Observation) -> list[Episode]:  # noqa: ARG002 - one signature for all memories
        """Find the moments at which the principal of one group cannot have travelled."""
        before: Sequence[Hit] = ()
        found: list[Episode] = []
        for time, together in groupby(sorted(set(hits)), key=lambda hit: hit.time):
            here = _one_of_each_place(together)
            if apart := self._too_far((*before, *here), time):
                found.append(Episode(time, time, (time,), apart))
            before = here
        return found

    def _too_far(self, hits: Sequence[Hit], time: int) -> tuple[Hit, ...]:
        """Return the first hit of now that is too far from another one, and that other one."""
        for place, later in enumerate(hits):
            for earlier in hits[:place]:
                if later.time == time and self._is_impossible(earlier, later):
                    return (earlier, later)
        return ()

    def _is_impossible(self, earlier: Hit, later: Hit) -> bool:
        distance = kilometres(coordinates_of(earlier.value), coordinates_of(later.value))
        hours = (later.time - earlier.time) / _HOUR
        return distance >= self.min_km and distance > self.speed_kmh * hours


def _one_of_each_place(hits: Iterable[Hit]) -> list[Hit]:
    """Keep one event for each place: there are few places, however many events."""
    places: dict[bytes, Hit] = {}
    for hit in hits:
        places.setdefault(hit.value, hit)
    return list(places.values())[:_MOST_PLACES]


_MOST_PLACES: Final = 50


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance between two places on a sphere (haversine formula)."""
    (latitude, longitude), (other_latitude, other_longitude) = _in_radians(one), _in_radians(other)
    half = (
        sin((other_latitude - latitude) / 2) ** 2
        + cos(latitude) * cos(other_latitude) * sin((other_longitude - longitude) / 2) ** 2
    )
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def _in_radians(place: tuple[float, float]) -> tuple[float, float]:
    return radians(place[0]), radians(place[1])


def thinned(times: Iterable[int], look_back: int) -> Iterator[int]:
    """Leave out the times without which a value is known at the same moments as with them.

    Kept are those at which the value was new, the last before each such moment, and in between as
    many as are needed so that none is more than `look_back` after the one before.
    """
    kept: int | None = None
    last: int | None = None
    for time in sorted(times):
        if kept is None or last is None:
            yield time
            kept = time
        elif time - kept > look_back:
            if last != kept:
                yield last
                kept = last
            if time - kept > look_back:
                yield time
                kept = time
        last = time
    if last is not None and last != kept:
        yield last
