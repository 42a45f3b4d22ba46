"""Reads a field of a record: what a name with dots means, and what there is to compare.

- The first part of a name is a key of the record. Below it a dot goes one level down or belongs to
  the key (`requestParameters.tag.cost.center`); all ways to read the name are tried.
- A list on the way is gone through, and one at the end counts as each of its entries.
- An object at the end is searched: it counts as every scalar in it, at any depth.
- A name that starts with `vedette.` is never read from the record but derived from it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from vedette.detection.conditions import ALWAYS, Condition
from vedette.detection.text import folded, text_of

Record: TypeAlias = Mapping[str, Any]
Derivations: TypeAlias = Mapping[str, Callable[[Record], Any]]
DERIVED: Final = "vedette."
PARAMETERS: Final = "requestParameters"
ANSWER: Final = "responseElements"
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_ :/-]+")
# Looks at the name of an event (None: there is none) and the JSON of its parameters.
Glance: TypeAlias = Callable[[str | None, bytes], bool]
NOTHING_DERIVED: Final[Derivations] = {}
Dependences: TypeAlias = Mapping[str, "Dependence"]
NOTHING_KNOWN: Final[Dependences] = {}
_Straight: TypeAlias = tuple[tuple[str, frozenset[str]], ...]
_Ways: TypeAlias = tuple[tuple[tuple[str, int], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What is known beforehand of a derived field, so that it need not be computed for each record.

    `reads` names the members of the record on which it depends, and nothing else may it read.
    Wherever `only_if` does not hold the field is absent, and so it is wherever `glance` is false.
    """

    reads: frozenset[str]
    only_if: Condition = ALWAYS
    glance: Glance | None = None


class Reading:
    """What a field of one record holds.

    `scalars` are the values other than null, `texts` those of them that have a text, and `folded`
    the texts without their case.
    """

    __slots__ = ("_folded", "_texts", "has_null", "is_present", "scalars")

    def __init__(self, found: Sequence[Any]) -> None:
        self.is_present = bool(found)
        self._folded: list[str] | None = None
        self._texts: list[str] | None = None
        if len(found) == 1 and isinstance(found[0], str):
            self.has_null = False
            self.scalars = self._texts = [found[0]]
        else:
            entries = _entries(found)
            self.has_null = any(entry is None for entry in entries)
            self.scalars = _scalars(entries)

    @property
    def texts(self) -> list[str]:
        if self._texts is None:
            self._texts = [text for one in self.scalars if (text := text_of(one)) is not None]
        return self._texts

    @property
    def folded(self) -> list[str]:
        if self._folded is None:
            self._folded = [folded(text) for text in self.texts]
        return self._folded


def read(record: Record, field: str | None, derivations: Derivations = NOTHING_DERIVED) -> Reading:
    """Read a field, or everything in the record where `field` is None."""
    return Reading([record] if field is None else found_in(record, field, derivations))


def found_in(record: Record, field: str, derivations: Derivations) -> Sequence[Any]:
    """Find the values of a field, also of a derived one.

    A derivation that gives None, or that is not there, leaves its field absent.
    """
    if not field.startswith(DERIVED):
        return values_at(record, field)
    derive = derivations.get(field)
    value = derive(record) if derive is not None else None
    return () if value is None else (value,)


def glance_at_parameter(name: str) -> Glance | None:
    """Return a glance that is false where a field of the parameters is certainly absent.

    Whatever way a name is read, its last part ends a key, which is written as it is or escaped.
    """
    last = name.rpartition(".")[2]
    if not _PLAIN_NAME.fullmatch(last):
        return None
    key = f'{last}"'.encode()
    return lambda _, parameters: key in parameters or b"\\u" in parameters


def values_at(record: Record, field: str) -> Sequence[Any]:
    """Find the values that a field's name leads to; lists at the end are given as they are."""
    first, straight, ways = _ways(field)
    if first not in record:
        return ()
    value: Any = record[first]
    for place, (key, joined) in enumerate(straight, start=1):
        if type(value) is not dict or (joined and not joined.isdisjoint(value)):
            return _values_by_all_ways(value, place, ways)
        if key not in value:
            return ()
        value = value[key]
    return (value,)


def _values_by_all_ways(start: Any, place: int, ways: _Ways) -> list[Any]:
    found = []
    to_visit: list[tuple[Any, int]] = [(start, place)]
    while to_visit:
        value, place = to_visit.pop()
        if place == len(ways):
            found.append(value)
        elif isinstance(value, dict):
            to_visit += [(value[key], onward) for key, onward in ways[place] if key in value]
        elif isinstance(value, list):
            to_visit += [(entry, place) for entry in value if isinstance(entry, dict | list)]
    return found


@lru_cache(maxsize=4096)
def _ways(field: str) -> tuple[str, _Straight, _Ways]:
    """For each part of a name: the keys that may start there, and the part that follows each.

    Returned are the first part; for each part below, itself and the longer keys of which it is a
    part; and all of that for a search.
    """
    parts = field.split(".")
    ends = range(1, len(parts) + 1)
    others = tuple(
        tuple((".".join(parts[start:end]), end) for end in ends if end > start)
        for start in range(1, len(parts))
    )
    ways = (((parts[0], 1),), *others)
    straight = tuple((keys[0][0], frozenset(key for key, _ in keys[1:])) for keys in others)
    return parts[0], straight, ways


def _entries(values: Iterable[Any]) -> list[Any]:
    """Take lists apart, also lists in lists."""
    entries = []
    to_visit = list(values)
    while to_visit:
        value = to_visit.pop()
        if isinstance(value, list):
            to_visit += value
        else:
            entries.append(value)
    return entries


def _scalars(entries: Iterable[Any]) -> list[Any]:
    """Give the scalars at any depth, nulls left out."""
    scalars = []
    to_visit = list(entries)
    while to_visit:
        value = to_visit.pop()
        if isinstance(value, dict):
            to_visit += value.values()
        elif isinstance(value, list):
            to_visit += value
        elif value is not None:
            scalars.append(value)
    return scalars
