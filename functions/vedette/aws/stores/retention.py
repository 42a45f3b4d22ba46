"""Which hits of a group a store may forget, so that an item stays small.

Forgotten are hits older than any window needs, repeats of one sort (the same rule and value) beyond
what a threshold counts, and of a rule with `first_seen` those without which a value is known at the
same moments. Repeats never push out hits of another sort, so nobody hides one thing behind many of
another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from math import ceil
from typing import Final

from vedette.aws.stores.tables import LATENESS
from vedette.detection.correlate.hits import HEADER, Hit, unpack
from vedette.detection.correlate.memory import FirstSeen, ImpossibleTravel, thinned
from vedette.detection.correlate.plan import Node, Plan
from vedette.detection.ir import CompiledCorrelation, CorrelationType

MOST_HITS: Final = 2_000
LEAST_OF_A_SORT: Final = 32
_HALF_WAY_ROUND_KM: Final = 20_016
_COUNTED: Final = frozenset(
    {
        CorrelationType.EVENT_COUNT,
        CorrelationType.VALUE_COUNT,
        CorrelationType.TEMPORAL,
        CorrelationType.TEMPORAL_ORDERED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long hits of a rule matter, in seconds, and how many of a sort (None: all)."""

    seconds: int
    most_of_a_sort: int | None = None
    look_back: int | None = None


LONGEST: Final = Retention(seconds=90 * 86_400)


def retentions(plan: Plan) -> Mapping[str, Retention]:
    """Return what every rule with memory needs."""
    return {node.id: _retention(node) for node in plan.nodes}


def surplus(hits: Set[bytes], retention: Retention) -> frozenset[bytes]:
    """Return the hits of a group that nobody misses."""
    if not hits:
        return frozenset()
    newest = max(unpack(one).time for one in hits)
    kept = {one for one in hits if unpack(one).time >= newest - retention.seconds - LATENESS}
    if retention.look_back is not None:
        kept = set(_thinned(kept, retention.look_back))
    elif retention.most_of_a_sort is not None:
        kept = set(_newest_of_each_sort(kept, retention.most_of_a_sort))
    return frozenset(hits - set(sorted(kept)[-MOST_HITS:]))


def _retention(node: Node) -> Retention:
    memory = node.memory
    if isinstance(memory, FirstSeen):
        return Retention(seconds=memory.look_back, look_back=memory.look_back)
    if isinstance(memory, ImpossibleTravel):
        # After so long everybody may be anywhere.
        return Retention(seconds=ceil(_HALF_WAY_ROUND_KM / max(memory.speed_kmh, 1) * 3_600))
    return Retention(seconds=memory.timespan, most_of_a_sort=_most_of_a_sort(memory))


def _most_of_a_sort(correlation: CompiledCorrelation) -> int | None:
    if correlation.type not in _COUNTED:
        return None
    count = correlation.threshold.count if correlation.threshold is not None else 1
    return max(LEAST_OF_A_SORT, 2 * ceil(count))


def _newest_of_each_sort(hits: Iterable[bytes], most: int) -> Iterator[bytes]:
    sorts: defaultdict[tuple[int, bytes, bytes], list[bytes]] = defaultdict(list)
    for one in sorted(hits):
        hit = unpack(one)
        sorts[hit.source, hit.value, hit.carried].append(one)
    for some in sorts.values():
        yield from some[-most:]


def _thinned(hits: Iterable[bytes], look_back: int) -> Iterator[bytes]:
    by_time: dict[int, bytes] = {}
    for one in sorted(hits):
        if len(one) > HEADER.size:
            yield one
        else:
            by_time.setdefault(unpack(one).time, one)
    yield from (by_time[time] for time in thinned(by_time, look_back))


def is_expired(hit: Hit, retention: Retention, now: int, added_from: int) -> bool:
    """Tell whether a hit is only there because nobody has cleared it away yet."""
    return hit.time < min(now, added_from) - retention.seconds - 2 * LATENESS
