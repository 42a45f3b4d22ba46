"""What follows from the events of a finding: its episode, how many, how bad, when first and last.

Derived from the set of occurrences, so it is the same in whatever order and however often events
are told. The interval that a finding states itself counts as well: what it spans was without a
pause, even if no more events could be remembered.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from vedette.findings.observation import Observation, second_of
from vedette.findings.occurrences import (
    Interval,
    Occurrence,
    counted,
    is_full,
    joined,
    occurrences_of,
    sessions,
    time_of,
    unpack,
)
from vedette.findings.story import described
from vedette.findings.tracked import TrackedFinding

MOST_PRINCIPALS: Final = 20
MOST_REGIONS: Final = 40
MOST_ADDRESSES: Final = 20
_SECOND: Final = timedelta(seconds=1)


def settled(state: TrackedFinding) -> TrackedFinding:
    """Bring what follows from the occurrences into agreement with them."""
    some = unpack(state.occurrences)
    if not some:
        return state
    times = [Interval(one.second, one.second) for one in some]
    times.append(Interval(second_of(state.episode_start), second_of(state.last_seen)))
    new = [one for one in times if one.end > border(state)]
    found = sessions(new or times, int(state.window.total_seconds()))
    inside = _within(found[-1], some)
    return state.model_copy(
        update={
            "episode": state.past_episodes + len(found) if new else state.episode,
            "episode_start": time_of(found[-1].start),
            "first_seen": min(state.first_seen, time_of(min(times).start)),
            "last_seen": time_of(found[-1].end),
            "events": counted(inside, exact=not is_full(state.occurrences)),
            "severity": max((one.severity for one in inside), key=_rank, default=state.severity),
        }
    )


def border(state: TrackedFinding) -> int:
    """Return the second until which events belong to past episodes."""
    return -1 if state.past_until is None else second_of(state.past_until)


def events_of_episode(state: TrackedFinding) -> list[Occurrence]:
    """Return the remembered events of the current episode."""
    interval = Interval(second_of(state.episode_start), second_of(state.last_seen))
    return _within(interval, unpack(state.occurrences))


def with_events(state: TrackedFinding, observations: Sequence[Observation]) -> TrackedFinding:
    """Return what is known of a finding once these events are told, its status untouched."""
    added = frozenset().union(*(occurrences_of(one) for one in observations))
    names: dict[str, Any] = {
        "principals": _named(state.principals, (one.principal for one in observations)),
        "regions": _named(state.regions, (one.region for one in observations), MOST_REGIONS),
        "source_ips": _named(state.source_ips, (one.source_ip for one in observations)),
    }
    latest = max(observations, key=order_of)
    if order_of(latest) > state.latest:
        names |= described(latest) | {"latest": order_of(latest)}
    told = state.model_copy(update=names)
    wide = settled(told.model_copy(update={"occurrences": state.occurrences | added}))
    return settled(_remembering(wide, state.occurrences, added))


def without_past(state: TrackedFinding) -> TrackedFinding:
    """Forget the events of past episodes, which then count no more."""
    start = second_of(state.episode_start)
    kept = frozenset(one for one in state.occurrences if unpack((one,))[0].second >= start)
    return state.model_copy(
        update={
            "occurrences": kept,
            "past_episodes": state.episode - 1,
            "past_until": state.episode_start - _SECOND,
        }
    )


def order_of(observation: Observation) -> str:
    """Return a text by which observations have an order, also those of one second."""
    told = described(observation) | {"account": observation.account}
    text = json.dumps(told, sort_keys=True, default=_plain)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{second_of(observation.time):010d}#{digest}"


def _remembering(
    wide: TrackedFinding, known: frozenset[bytes], added: Iterable[bytes]
) -> TrackedFinding:
    """Keep as many occurrences as there is room for; past episodes make room for the current."""
    kept = joined(known, added)
    if is_full(kept) and wide.episode_start > wide.first_seen:
        now = without_past(wide.model_copy(update={"occurrences": known | frozenset(added)}))
        start = without_past(wide.model_copy(update={"occurrences": known})).occurrences
        kept = joined(start, now.occurrences)
        return now.model_copy(update={"occurrences": kept})
    return wide.model_copy(update={"occurrences": kept})


def _within(interval: Interval, some: Iterable[Occurrence]) -> list[Occurrence]:
    return [one for one in some if interval.start <= one.second <= interval.end]


def _named(
    known: tuple[str, ...], told: Iterable[str | None], most: int = MOST_PRINCIPALS
) -> tuple[str, ...]:
    """Add names as long as there is room."""
    new = sorted({name for name in told if name} - set(known))
    return tuple(sorted({*known, *new[: max(0, most - len(known))]}))


def _rank(severity: Any) -> int:
    return int(severity.rank)


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.model_dump(mode="json")
