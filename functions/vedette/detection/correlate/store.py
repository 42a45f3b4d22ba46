"""The port through which rules with memory remember beyond one batch of events.

What is remembered is a set of hits for each rule and group. Sets merge by union, so whoever adds
hits twice, late or at the same time as somebody else changes nothing. A store may forget hits that
are older than any window needs; it may not count.
"""

from collections.abc import Collection, Set
from typing import Protocol, TypeAlias

GroupKey: TypeAlias = tuple[str, ...]


class HitStore(Protocol):
    """Keeps the hits of every rule with memory, by group."""

    def add(self, rule: str, group: GroupKey, hits: Collection[bytes]) -> Set[bytes]:
        """Join hits into the set of a group, and return all that the set holds now."""
        ...


class NothingStored:
    """The store of a hunt: all events are in one batch, and nothing outlives it."""

    def add(
        self,
        rule: str,  # noqa: ARG002 - it is the port's
        group: GroupKey,  # noqa: ARG002 - it is the port's
        hits: Collection[bytes],
    ) -> Set[bytes]:
        """Return the hits themselves."""
        return hits if isinstance(hits, Set) else frozenset(hits)


class MemoryStore:
    """Keeps hits in memory, without bounds: for tests of rules, and as the port's reference."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, GroupKey], set[bytes]] = {}

    def add(self, rule: str, group: GroupKey, hits: Collection[bytes]) -> Set[bytes]:
        """Join hits into the set of a group, and return all that the set holds now."""
        known = self._sets.setdefault((rule, group), set())
        known.update(hits)
        return frozenset(known)
