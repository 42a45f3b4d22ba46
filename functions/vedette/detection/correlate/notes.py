"""Notes: what a hunt puts down of an event until somebody wants to know more.

Most events that rules with memory count belong to groups that never come to anything. So of an
event no more is put down than what its record holds, by the texts of the fields that rules with
memory ask for. Times are read, ids packed, values digested and details made only for groups that
may match, or for all when there are too many notes.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias, TypeGuard

from vedette.detection.correlate.memory import thinned
from vedette.detection.correlate.plan import Node, Placement, Plan, ValueKind
from vedette.detection.correlate.store import GroupKey
from vedette.detection.correlate.telling import Sighting, sightings
from vedette.detection.event.record import event_time

# The time and the id of an event as its record has them, and what its detail is made of.
Note: TypeAlias = tuple[Any, ...]
# The texts of each field that a placement asks for: one text, or all of them.
Asked: TypeAlias = tuple[str | tuple[str, ...], ...]
Page: TypeAlias = dict[Asked, list[Note]]
# The number of a placement, what it asked for, and the notes.
Entry: TypeAlias = tuple[int, Asked, list[Note]]
MakeDetail: TypeAlias = Callable[[Any], Any]
MOST_NOTES: Final = 60_000
_WRITTEN_LENGTH: Final = len("2026-01-02T03:04:05Z")


def as_kept(kept: Any) -> Any:
    """Show what was kept of an event as it is."""
    return kept


def is_noted_time(text: Any) -> TypeGuard[str]:
    """Tell whether a text has the form of times in notes, in which it sorts as its time does."""
    return type(text) is str and len(text) == _WRITTEN_LENGTH and text[10::9] == "TZ"


@dataclass(slots=True)
class Notebook:
    """All notes, by placement and by what it asks for: the fields of its group come first."""

    plan: Plan
    pages: dict[int, Page] = field(default_factory=dict)
    placements: list[tuple[int, Placement]] = field(default_factory=list)
    count: int = 0
    _numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = {node.id: place for place, node in enumerate(self.plan.nodes)}
        for rule, placements in self.plan.placements.items():
            first = len(self.placements)
            self.placements += [(places[one.node.id], one) for one in placements]
            self._numbers[rule] = tuple(range(first, len(self.placements)))

    def of_rule(self, rule: str) -> tuple[int, ...]:
        """Return the numbers of the placements for which a match of a rule is noted."""
        return self._numbers.get(rule, ())

    def page(self, number: int) -> Page:
        """Return the notes for a placement; whoever adds to them adds to `count` as well."""
        return self.pages.setdefault(number, {})

    def asks(self, number: int) -> tuple[str, ...]:
        """Return the fields for whose texts a placement asks, in the order of a page's keys."""
        placement = self.placements[number][1]
        return (*placement.group, *placement.values, *placement.carried)

    def ends(self) -> Iterator[int]:
        """Yield the first and the last time that is noted."""
        pages = self.pages.values()
        written = {note[0] for page in pages for notes in page.values() for note in notes}
        for text in {min(written), max(written)} if written else ():
            time = event_time({"eventTime": text})
            if time is not None:
                yield time

    def promising(self, known: Callable[[int, GroupKey], int]) -> Iterator["NotedHit"]:
        """Yield the hits of groups that may match, of which `known` hits are there already."""
        nodes = {node.id for node in self.plan.nodes}
        for (place, group), entries in self._grouped().items():
            node = self.plan.nodes[place]
            chosen: Iterable[Entry]
            # What the nodes below will add to the group is not known yet.
            is_stacked = any(rule in nodes and rule != node.id for rule in node.rules)
            if is_stacked or not _is_plain(group) or known(place, _bare(group)):
                chosen = entries
            elif node.look_back is not None:
                chosen = _first(entries, node.look_back)
            else:
                chosen = entries if _may_hold(node, entries) else []
            for number, asked, notes in chosen:
                yield from self._hits(number, asked, notes)

    def hits(self) -> Iterator["NotedHit"]:
        """Yield all hits."""
        for number, page in self.pages.items():
            for asked, notes in page.items():
                yield from self._hits(number, asked, notes)

    def _grouped(self) -> Mapping[tuple[int, Asked], list["Entry"]]:
        grouped: defaultdict[tuple[int, Asked], list[Entry]] = defaultdict(list)
        for number, page in self.pages.items():
            place, placement = self.placements[number]
            size = len(placement.group)
            for asked, notes in page.items():
                grouped[place, asked[:size]].append((number, asked, notes))
        return grouped

    def _hits(self, number: int, asked: Asked, notes: Sequence[Note]) -> Iterator["NotedHit"]:
        place, placement = self.placements[number]
        texts = dict(zip(self.asks(number), map(_texts, asked), strict=True))
        meant = list(sightings(place, placement, texts.__getitem__))
        for note in notes if meant else ():
            yield from (NotedHit(one, note, event_time({"eventTime": note[0]})) for one in meant)

    def clear(self) -> None:
        """Forget all notes. Pages stay the same objects, so whoever holds one may go on."""
        for page in self.pages.values():
            page.clear()
        self.count = 0


class NotedHit(NamedTuple):
    """What a note means to one node. The time is None if its event has no usable one."""

    sighting: Sighting
    note: Note
    time: int | None


def _may_hold(node: Node, entries: Sequence[Entry]) -> bool:
    """Tell whether enough was noted, and close enough together, for a condition to hold."""
    if node.least <= 1:
        return True
    # Where distinct values count, notes of one value count once.
    distinct = node.value_kind is ValueKind.TEXT
    most = len(entries) if distinct else sum(len(notes) for _, _, notes in entries)
    if most < node.least:
        return False
    if not all(_is_plain(asked) for _, asked, _ in entries):
        return True
    times = sorted(
        (time, value)
        for value, (_, _, notes) in enumerate(entries)
        for note in notes
        if (time := event_time({"eventTime": note[0]})) is not None
    )
    return _is_dense(times, node.timespan, node.least, distinct=distinct)


def _is_dense(
    times: Sequence[tuple[int, int]], timespan: int, least: int, *, distinct: bool
) -> bool:
    """Tell whether some stretch of time has at least so many notes, or notes of so many values."""
    there: Counter[int] = Counter()
    first = 0
    for last, (time, value) in enumerate(times):
        there[value] += 1
        while times[first][0] < time - timespan:
            gone = times[first][1]
            there[gone] -= 1
            if not there[gone]:
                del there[gone]
            first += 1
        if (len(there) if distinct else last - first + 1) >= least:
            return True
    return False


def _first(entries: Iterable[Entry], look_back: int) -> Iterator[Entry]:
    """Leave out the notes without which a value is known at the same moments as with them."""
    for number, asked, notes in entries:
        times = [event_time({"eventTime": note[0]}) for note in notes]
        kept = set(thinned((one for one in times if one is not None), look_back))
        chosen = [note for note, time in zip(notes, times, strict=True) if time in kept or not time]
        yield number, asked, chosen


def _texts(asked: str | tuple[str, ...]) -> Sequence[str]:
    return (asked,) if isinstance(asked, str) else asked


def _is_plain(asked: Iterable[str | tuple[str, ...]]) -> bool:
    return all(type(one) is str for one in asked)


def _bare(group: Asked) -> GroupKey:
    return tuple(one for one in group if isinstance(one, str))
