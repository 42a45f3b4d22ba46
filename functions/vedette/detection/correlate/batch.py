"""The hits of a batch of events, packed tightly, and merged with those of other processes.

A hunt is one batch. Its memory is bounded: at most `MOST_HITS` hits in `MOST_GROUPS` groups (about
30 and 40 MB), and details of at most `MOST_DETAILS` events. Beyond that the correlator closes the
groups that have been quiet the longest, and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from vedette.detection.correlate.hits import HEADER, EventIds, Hit, pack
from vedette.detection.correlate.memory import thinned
from vedette.detection.correlate.store import GroupKey

MOST_HITS: Final = 1_000_000
MOST_GROUPS: Final = 75_000
MOST_DETAILS: Final = 20_000
_THIN_FROM: Final = 64


class Group:
    """The hits of one group: those that carry nothing one after the other, the others in a set."""

    __slots__ = ("carrying", "newest", "plain", "thin_from")

    def __init__(self) -> None:
        self.plain = bytearray()
        self.carrying: set[bytes] | None = None
        self.newest = 0
        self.thin_from = _THIN_FROM

    def add(self, hit: Hit) -> int:
        """Add a hit, and return by how many that is more."""
        self.newest = max(self.newest, hit.time)
        if not hit.carried:
            self.plain += pack(hit)
            return 1
        carrying = self.carrying = self.carrying or set()
        before = len(carrying)
        carrying.add(pack(hit))
        return len(carrying) - before

    def thin(self, look_back: int) -> int:
        """Leave out hits that no `first_seen` misses, and return by how many that is less."""
        before = len(self.plain) // HEADER.size
        if before < self.thin_from:
            return 0
        # Of several in one second the smallest stays, so that the order of events does not matter.
        by_time = {hit[:4]: hit for hit in sorted(self._unpacked(), reverse=True)}
        kept = thinned((int.from_bytes(time, "big") for time in by_time), look_back)
        self.plain = bytearray().join(by_time[time.to_bytes(4, "big")] for time in kept)
        after = len(self.plain) // HEADER.size
        self.thin_from = 2 * after + _THIN_FROM
        return before - after

    def join(self, other: "Group") -> None:
        """Add the hits of another group."""
        self.newest = max(self.newest, other.newest)
        self.plain += other.plain
        if other.carrying:
            self.carrying = (self.carrying or set()) | other.carrying

    def packed(self) -> set[bytes]:
        """Return the hits, each once."""
        hits = self._unpacked()
        return hits | self.carrying if self.carrying else hits

    def _unpacked(self) -> set[bytes]:
        plain = bytes(self.plain)
        return {plain[at : at + HEADER.size] for at in range(0, len(plain), HEADER.size)}

    def __len__(self) -> int:
        """Return how many hits were added: those that carry nothing count whenever they come."""
        return len(self.plain) // HEADER.size + len(self.carrying or ())


@dataclass(slots=True)
class Batch:
    """All that a correlator has been told; it may be sent to another process.

    `groups` are those of each node, which is known by its place in the plan.
    """

    groups: dict[int, dict[GroupKey, Group]] = field(default_factory=dict)
    ids: EventIds = field(default_factory=EventIds)
    details: dict[bytes, Any] = field(default_factory=dict)
    hits: int = 0
    size: int = 0
    since: int | None = None
    until: int | None = None
    undated: int = 0
    undetailed: int = 0

    def add(self, place: int, key: GroupKey, hit: Hit, look_back: int | None = None) -> None:
        """Add a hit to a group of a node; `look_back` is that of a node with `first_seen`."""
        group = self._group(place, key)
        self.hits += group.add(hit)
        if look_back is not None and not hit.carried:
            self.hits -= group.thin(look_back)

    def keep_detail(self, event: bytes, detail: Any) -> None:
        """Keep what is to be shown of an event, or made of it, as long as there is room."""
        if event in self.details:
            return
        if len(self.details) < MOST_DETAILS:
            self.details[event] = detail
        else:
            self.undetailed += 1

    def saw(self, time: int) -> None:
        """Note that events have been observed at a time, so at the times between as well."""
        if self.since is None or time < self.since:
            self.since = time
        if self.until is None or time > self.until:
            self.until = time

    def take(self, place: int, key: GroupKey) -> Group:
        """Take a group out."""
        group = self.groups[place].pop(key)
        self.hits -= len(group)
        self.size -= 1
        return group

    def count(self, place: int, key: GroupKey) -> int:
        """Return how many hits a group has."""
        group = self.groups.get(place, {}).get(key)
        return 0 if group is None else len(group)

    def keys(self, place: int) -> list[GroupKey]:
        """Return the groups of a node."""
        return list(self.groups.get(place, ()))

    def join(self, other: "Batch") -> None:
        """Add what another batch of the same rules was told."""
        for place, groups in other.groups.items():
            for key, group in groups.items():
                self._group(place, key).join(group)
                self.hits += len(group)
        self.ids.others |= other.ids.others
        for event, detail in other.details.items():
            self.keep_detail(event, detail)
        for time in (other.since, other.until):
            if time is not None:
                self.saw(time)
        self.undated += other.undated
        self.undetailed += other.undetailed

    def quietest(self) -> Iterator[tuple[int, GroupKey]]:
        """Yield the groups, those first whose last event is the oldest."""
        groups = (
            (group.newest, place, key)
            for place, some in self.groups.items()
            for key, group in some.items()
        )
        yield from ((place, key) for _, place, key in sorted(groups))

    def _group(self, place: int, key: GroupKey) -> Group:
        groups = self.groups.setdefault(place, {})
        group = groups.get(key)
        if group is None:
            group = groups[key] = Group()
            self.size += 1
        return group
