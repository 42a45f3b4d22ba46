"""Where in time a correlation's condition holds, for one group of events.

The condition is asked at the time of every event, over the timespan that ends with it, both ends
included: so windows slide and no boundary splits a burst. Times at which it holds make one episode
as long as their windows overlap. All of it depends on the set of hits alone, not on their order.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from vedette.detection.correlate.figures import Figure, figure_for
from vedette.detection.correlate.hits import Hit
from vedette.detection.ir import CompiledCorrelation


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of time in which a condition held: its first and last moment, and the hits."""

    time: int
    until: int
    fired: tuple[int, ...]
    hits: tuple[Hit, ...]


def episodes(correlation: CompiledCorrelation, hits: Iterable[Hit]) -> list[Episode]:
    """Find the episodes of a correlation in the hits of one group."""
    ordered = sorted(set(hits))
    fired = list(_fired(figure_for(correlation), ordered, correlation.timespan))
    return list(_joined(fired, ordered, correlation.timespan))


def _fired(figure: Figure, ordered: Sequence[Hit], timespan: int) -> Iterator[int]:
    window: deque[Hit] = deque()
    for time, together in groupby(ordered, key=lambda hit: hit.time):
        while window and window[0].time < time - timespan:
            figure.remove(window.popleft())
        for hit in together:
            window.append(hit)
            figure.add(hit)
        if figure.holds(time - timespan):
            yield time


def _joined(fired: Sequence[int], ordered: Sequence[Hit], timespan: int) -> Iterator[Episode]:
    stretch: list[int] = []
    for time in fired:
        if stretch and time - timespan > stretch[-1]:
            yield _episode(stretch, ordered, timespan)
            stretch = []
        stretch.append(time)
    if stretch:
        yield _episode(stretch, ordered, timespan)


def _episode(stretch: Sequence[int], ordered: Sequence[Hit], timespan: int) -> Episode:
    first = bisect_left(ordered, stretch[0] - timespan, key=lambda hit: hit.time)
    behind = bisect_left(ordered, stretch[-1] + 1, key=lambda hit: hit.time)
    hits = tuple(ordered[first:behind])
    return Episode(time=stretch[0], until=stretch[-1], fired=tuple(stretch), hits=hits)
