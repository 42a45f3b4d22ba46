"""Sorts values into classes: two values are of one class if every predicate treats them alike.

A log repeats few values millions of times. What the rules ask of a value is therefore asked once,
and remembered as a bit mask with one bit for each predicate that holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson
from msgspec import UNSET

from vedette.detection.ir import Predicate, Text
from vedette.detection.match.predicates import Test, TextTest, is_cased, test_of, text_test_of
from vedette.detection.match.reading import Reading, Record
from vedette.detection.text import folded

LONGEST_VALUE = 4_096
# The class of what has to be looked at as a whole record.
ODD = -1


class FieldMask:
    """Tells which predicates about one field hold for a value of it."""

    def __init__(self, predicates: Mapping[int, Predicate], limit: int) -> None:
        self._exact: dict[str, int] = {}
        self._of_text: list[tuple[int, TextTest]] = []
        self._of_folded: list[tuple[int, TextTest]] = []
        self._others: list[tuple[int, Test]] = []
        self._memory: dict[Any, int] = {}
        self._limit = limit
        for number, predicate in predicates.items():
            self._add(predicate, 1 << number)

    def of_value(self, value: Any) -> int:
        """Return the mask for a text, a truth, None, or UNSET for an absent field."""
        mask = self._memory.get(value)
        if mask is None:
            mask = self._computed(Reading(() if value is UNSET else (value,)))
            if not isinstance(value, str) or len(value) <= LONGEST_VALUE:
                if len(self._memory) >= self._limit:
                    self._memory.clear()
                self._memory[value] = mask
        return mask

    def of_values(self, values: Sequence[Any]) -> int:
        """Return the mask for whatever a field's name led to in a record."""
        if not values:
            return self.of_value(UNSET)
        if len(values) == 1 and (values[0] is None or isinstance(values[0], str)):
            return self.of_value(values[0])
        return self._computed(Reading(values))

    def _computed(self, reading: Reading) -> int:
        mask = _passed(self._of_text, reading.texts) | _passed(self._of_folded, reading.folded)
        for text in reading.folded:
            mask |= self._exact.get(text, 0)
        for bit, test in self._others:
            if test(reading):
                mask |= bit
        return mask

    def _add(self, predicate: Predicate, bit: int) -> None:
        text_test = text_test_of(predicate)
        if text_test is None:
            self._others.append((bit, test_of(predicate)))
        elif is_cased(predicate):
            self._of_text.append((bit, text_test))
        elif isinstance(predicate, Text) and predicate.operator == "is":
            for value in set(map(folded, predicate.values)):
                self._exact[value] = self._exact.get(value, 0) | bit
        else:
            self._of_folded.append((bit, text_test))


class Classes:
    """Gives each mask a small number, in the order in which they come up."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self.masks: list[int] = []

    def __len__(self) -> int:
        return len(self.masks)

    def number(self, mask: int) -> int:
        """Return the number of a mask."""
        number = self._numbers.setdefault(mask, len(self.masks))
        if number == len(self.masks):
            self.masks.append(mask)
        return number

    def clear(self) -> None:
        """Forget everything; all numbers given so far become meaningless."""
        self._numbers.clear()
        self.masks.clear()


class ClassMemory(dict[Any, int]):
    """Remembers the class of a key; what is not there is computed by `_mask`, in a subclass.

    A dictionary with `__missing__` answers a hit without running any Python. A key without a mask
    is of the class ODD.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.classes = Classes()
        self.limit = limit

    def __missing__(self, key: Any) -> int:
        mask = self._mask(key)
        number = ODD if mask is None else self.classes.number(mask)
        if self._size(key) <= LONGEST_VALUE:
            self[key] = number
        return number

    def trim(self) -> None:
        """Forget the keys if there are too many; their classes stay."""
        if len(self) > self.limit:
            self.clear()

    def _mask(self, key: Any) -> int | None:
        raise NotImplementedError

    def _size(self, key: Any) -> int:
        return len(key) if isinstance(key, str | bytes) else 0


class EventMemory(ClassMemory):
    """The classes of several members' values taken together, in the order of `masks`.

    Where the first two are absent it is no record by itself, but perhaps an envelope around one.
    """

    def __init__(self, masks: Sequence[FieldMask], limit: int) -> None:
        super().__init__(limit)
        self._field_masks = masks

    def _mask(self, key: tuple[Any, ...]) -> int | None:
        if key[0] is UNSET and key[1] is UNSET:
            return None
        mask = 0
        for one, value in zip(self._field_masks, key, strict=True):
            mask |= one.of_value(value)
        return mask

    def _size(self, key: tuple[Any, ...]) -> int:
        return sum(len(value) for value in key if isinstance(value, str))


class MemberMemory(ClassMemory):
    """The classes of what stands in one member of the record, with all fields that depend on it.

    The key is the member's value, or its JSON text.
    """

    def __init__(self, mask_of: Callable[[Record], int], name: str, limit: int) -> None:
        super().__init__(limit)
        self._mask_of = mask_of
        self._name = name

    def _mask(self, key: Any) -> int | None:
        if isinstance(key, bytes):
            try:
                return self._mask_of({self._name: orjson.loads(key)} if key else {})
            except orjson.JSONDecodeError:
                return None
        return self._mask_of({} if key is UNSET else {self._name: key})


def _passed(tests: Sequence[tuple[int, TextTest]], texts: Sequence[str]) -> int:
    mask = 0
    for bit, test in tests:
        for text in texts:
            if test(text):
                mask |= bit
    return mask


def by_field(numbered: Iterable[tuple[int, Predicate]]) -> dict[str, dict[int, Predicate]]:
    """Group predicates by the field that they ask about."""
    grouped: dict[str, dict[int, Predicate]] = {}
    for number, predicate in numbered:
        if predicate.field is not None:
            grouped.setdefault(predicate.field, {})[number] = predicate
    return grouped
