"""What a node is told: by an event that a rule matched, or by an episode of a node below it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from math import isfinite
from typing import Final, NamedTuple, TypeAlias

import msgspec

from vedette.detection.correlate.hits import (
    NO_VALUE,
    Hit,
    coordinate_bytes,
    digest_of,
    number_bytes,
)
from vedette.detection.correlate.plan import Link, Placement, ValueKind
from vedette.detection.correlate.store import GroupKey
from vedette.detection.correlate.windows import Episode
from vedette.detection.match.predicates import DECIMAL

Look: TypeAlias = Callable[[str], Sequence[str]]
Texts: TypeAlias = tuple[str | None, ...]
_MOST_COMBINATIONS: Final = 64
_LONGEST_TEXT: Final = 512


class Sighting(NamedTuple):
    """What a match means to one node, apart from when it was and which event it is.

    `place` is that of the node in the plan.
    """

    place: int
    group: GroupKey
    source: int
    value: bytes
    carried: bytes
    look_back: int | None


def sightings(place: int, placement: Placement, look: Look) -> Iterator[Sighting]:
    """Yield what a match means to a node: one sighting for each hit that it makes.

    A field with several values makes several hits, in bounded number. An event that lacks a field
    by which events are grouped belongs to no group; one that lacks the value is not counted.
    """
    groups = list(_combined(placement.group, look))
    values = list(_values(placement, look)) if groups else []
    for carried in _carried(placement.carried, look) if values else ():
        for group, value in product(groups, values):
            look_back = placement.node.look_back
            yield Sighting(place, group, placement.source, value, carried, look_back)


def told_by_episode(
    links: Sequence[Link], episode: Episode, timespan: int, identity: bytes
) -> Iterator[tuple[Link, GroupKey, Hit]]:
    """Yield the hits that an episode makes in the nodes above: at each moment at which it held.

    All of them bear the episode's identity, so it counts once; but whatever follows it within a
    timespan is measured from its last moment.
    """
    for carried, times in _times(episode, timespan):
        texts: Texts = tuple(msgspec.json.decode(carried)) if carried else ()
        for link in links:
            own, texts = texts[: link.asks], texts[link.asks :]
            for group, hit in _passed_on(link, own, identity):
                for time in times:
                    yield link, group, hit._replace(time=time)


def _times(episode: Episode, timespan: int) -> Iterator[tuple[bytes, list[int]]]:
    """For each thing that hits carry, yield the moments in whose window there is such a hit."""
    by_carried: dict[bytes, list[int]] = {}
    for hit in episode.hits:
        by_carried.setdefault(hit.carried, []).append(hit.time)
    for carried, times in by_carried.items():
        fired = [time for time in episode.fired if _any_between(times, time - timespan, time)]
        if fired:
            yield carried, fired


def _any_between(ordered: Sequence[int], first: int, last: int) -> bool:
    place = bisect_left(ordered, first)
    return place < len(ordered) and ordered[place] <= last


def _passed_on(link: Link, texts: Texts, identity: bytes) -> Iterator[tuple[GroupKey, Hit]]:
    node, grouped = link.node, len(link.node.group_by)
    group, rest = texts[:grouped], texts[grouped:]
    values, carried = rest[: len(node.values)], rest[len(node.values) :]
    packed = list(_packed_values(node.value_kind, [[one] if one else [] for one in values]))
    known = tuple(text for text in group if text is not None)
    if len(known) == grouped:
        for value in packed:
            yield known, Hit(0, link.source, identity, value, _encoded(carried))


def _combined(fields: Iterable[str], look: Look) -> Iterator[tuple[str, ...]]:
    texts = [look(field) for field in fields]
    if all(len(some) == 1 for some in texts):
        return iter((tuple(_bounded(one) for (one,) in texts),))
    bounded = ([_bounded(text) for text in dict.fromkeys(some)] for some in texts)
    return islice(product(*bounded), _MOST_COMBINATIONS)


def _carried(fields: Sequence[str], look: Look) -> Iterator[bytes]:
    if not fields:
        return iter((b"",))

    def look_or_none(field: str) -> list[str | None]:
        return [_bounded(text) for text in dict.fromkeys(look(field))] or [None]

    combinations = product(*map(look_or_none, fields))
    return map(_encoded, islice(combinations, _MOST_COMBINATIONS))


def _encoded(texts: Texts) -> bytes:
    return msgspec.json.encode(texts) if texts else b""


def _values(placement: Placement, look: Look) -> Iterator[bytes]:
    kind = placement.node.value_kind
    if kind is ValueKind.NONE:
        return iter((NO_VALUE,))
    return _packed_values(kind, [list(dict.fromkeys(look(field))) for field in placement.values])


def _packed_values(kind: ValueKind, texts: Sequence[Sequence[str]]) -> Iterator[bytes]:
    if kind is ValueKind.TEXT:
        for combination in islice(product(*texts), _MOST_COMBINATIONS):
            yield digest_of("\0".join(combination))
    elif kind is ValueKind.NUMBER:
        written = islice((one for several in texts for one in several), _MOST_COMBINATIONS)
        yield from (number_bytes(one) for one in map(_number, written) if one is not None)
    elif kind is ValueKind.COORDINATES:
        for latitude, longitude in zip(*texts, strict=False):
            yield coordinate_bytes(float(latitude), float(longitude))
    else:
        yield NO_VALUE


def _number(text: str) -> float | None:
    number = float(text) if DECIMAL.fullmatch(text) else None
    return number if number is not None and isfinite(number) else None


def _bounded(text: str) -> str:
    """Keep a text from taking much memory; a long one stays different from others."""
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]}… {digest_of(text, 16).hex()}"
