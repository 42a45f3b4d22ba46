"""Decodes the few fields that most rules ask about, and finds the program for their values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Raw, UnsetType

from vedette.detection.ir import Predicate, SameAs
from vedette.detection.match.classes import (
    ODD,
    ClassMemory,
    FieldMask,
    ObjectMemory,
    TupleMemory,
    ValueMemory,
    by_field,
)
from vedette.detection.match.programs import (
    PARAMETERS,
    OpenRule,
    Program,
    RulePrograms,
    still_open,
)
from vedette.detection.match.reading import Record, values_at
from vedette.detection.match.trees import Known, leaves, needed_bits

IDENTITY: Final = "userIdentity"
# Always decoded: nearly all rules ask about them, and an envelope has neither of the first two.
EVENT: Final = ("eventSource", "eventName", "errorCode")
# Of few values. Decoding them costs more than it saves unless rules for many events ask.
OF_MANY_EVENTS: Final = ("awsRegion", "eventType", "eventCategory", "recipientAccountId")
CALLER: Final = ("userAgent", "sourceIPAddress")
WRITTEN_ORDER: Final = (
    IDENTITY,
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    PARAMETERS,
    "eventType",
    "recipientAccountId",
    "eventCategory",
)
# The program of a record that has to be looked at as a whole.
WHOLE: Final = Program(steps=())
HotRecord: TypeAlias = Any
_Grouped: TypeAlias = Mapping[str, Mapping[int, Predicate]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many things are remembered of each kind, before all of that kind are forgotten."""

    batch: int = 8_192
    events: int = 20_000
    identities: int = 16_000
    values: int = 30_000
    values_of_a_field: int = 4_000
    programs: int = 20_000
    classes: int = 10_000


class _Column:
    """One or more decoded fields, and the classes of their values."""

    def __init__(
        self, memory: ClassMemory, masks: Mapping[str, FieldMask], key: Callable[[Any], Any]
    ) -> None:
        self.memory = memory
        self.masks = masks
        self.key = key

    def classes(self, records: Iterable[HotRecord]) -> Iterable[int]:
        """Give the class of each record; on values seen before, no Python runs."""
        return map(self.memory.__getitem__, map(self.key, records))

    def class_of(self, record: Record) -> int:
        """Give the class of a whole record, whatever the types of its fields."""
        mask = 0
        for name, one in self.masks.items():
            mask |= one.of_values(values_at(record, name))
        return self.memory.classes.number(mask)


class _Identity(_Column):
    def classes(self, records: Iterable[HotRecord]) -> Iterable[int]:
        # Joining is the quickest way from a view to bytes.
        return map(self.memory.__getitem__, map(b"".join, zip(map(self.key, records))))


class _Programs(dict[tuple[int, ...], Program | None]):
    """The program for each combination of classes; see `Classifier`."""

    def __init__(self, write: Callable[[tuple[int, ...]], Program | None]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, classes: tuple[int, ...]) -> Program | None:
        program = self[classes] = self._write(classes)
        return program


class Classifier:
    """Finds the program of each record by the classes of its values.

    The memory is bounded: what there is too much of is forgotten, between two batches of records.
    """

    def __init__(self, rules: RulePrograms, limits: Limits) -> None:
        self._rules = rules
        self._limits = limits
        grouped = by_field(
            (number, predicate)
            for number, predicate in enumerate(rules.predicates)
            if not isinstance(predicate, SameAs)
        )
        event = (*EVENT, *(name for name in OF_MANY_EVENTS if name in self._asked_of_many()))
        asked = {
            rules.predicates[leaf.number].field for tree in rules.trees for leaf in leaves(tree)
        }
        self._columns = [_event_column(event, grouped, limits)]
        if any(name and _is_of_identity(name) for name in asked):
            self._columns.append(_identity_column(grouped, limits))
        caller = [name for name in CALLER if name in asked]
        self._columns += [_value_column(name, grouped, limits) for name in caller]
        self._asked = [_bits(column, grouped) for column in self._columns]
        rules.expect(self._asked[0])
        self._open: dict[int, list[OpenRule]] = {}
        self._programs = _Programs(self._write)
        self.hot_record = _hot_record((*event, *caller))

    def programs(self, records: Sequence[HotRecord]) -> list[Program | None]:
        """Return the program of each decoded record, or None if no rule can match it."""
        self._forget_excess()
        classes = (column.classes(records) for column in self._columns)
        return list(map(self._programs.__getitem__, zip(*classes, strict=True)))

    def program(self, record: Record) -> Program | None:
        """Return the program of a whole record, or None if no rule can match it."""
        self._forget_excess()
        return self._programs[tuple(column.class_of(record) for column in self._columns)]

    def _write(self, classes: tuple[int, ...]) -> Program | None:
        if ODD in classes:
            return WHOLE
        true = 0
        for column, number in zip(self._columns, classes, strict=True):
            true |= column.memory.classes.masks[number]
        known = Known(sum(self._asked), true)
        event = Known(self._asked[0], self._columns[0].memory.classes.masks[classes[0]])
        if classes[0] not in self._open:
            self._open[classes[0]] = self._rules.open_rules(event)
        rules = still_open(self._open[classes[0]], known)
        return self._rules.program(rules, known) if rules else None

    def _forget_excess(self) -> None:
        for column in self._columns:
            column.memory.trim()
        if len(self._programs) > self._limits.programs:
            self._programs.clear()
        if any(len(column.memory.classes) > self._limits.classes for column in self._columns):
            # Numbers of classes are given anew, so that nothing may remember the old ones.
            self._programs.clear()
            self._open.clear()
            for column in self._columns:
                column.memory.clear()
                column.memory.classes.clear()

    def _asked_of_many(self) -> set[str | None]:
        """Return the fields that are asked of events of any name."""
        predicates = self._rules.predicates
        names = sum(1 << n for n, one in enumerate(predicates) if one.field == "eventName")
        return {
            predicates[leaf.number].field
            for tree in self._rules.trees
            if not needed_bits(tree, names, predicates)
            for leaf in leaves(tree)
        }


def _event_column(names: Sequence[str], grouped: _Grouped, limits: Limits) -> _Column:
    masks = {name: FieldMask(grouped.get(name, {}), limits.values_of_a_field) for name in names}
    memory = TupleMemory(list(masks.values()), limits.events)
    return _Column(memory, masks, attrgetter(*names))


def _identity_column(grouped: _Grouped, limits: Limits) -> _Column:
    masks = {
        name: FieldMask(predicates, limits.values_of_a_field)
        for name, predicates in grouped.items()
        if _is_of_identity(name)
    }
    memory = ObjectMemory(IDENTITY, masks, limits.identities)
    return _Identity(memory, masks, attrgetter(IDENTITY))


def _value_column(name: str, grouped: _Grouped, limits: Limits) -> _Column:
    mask = FieldMask(grouped.get(name, {}), limits.values_of_a_field)
    return _Column(ValueMemory(mask, limits.values), {name: mask}, attrgetter(name))


def _is_of_identity(name: str) -> bool:
    return name == IDENTITY or name.startswith(f"{IDENTITY}.")


def _bits(column: _Column, grouped: _Grouped) -> int:
    return sum(1 << number for name in column.masks for number in grouped.get(name, {}))


def _hot_record(names: Sequence[str]) -> type[msgspec.Struct]:
    """Make the type of record that is decoded: absent, null and text are told apart."""
    text = str | None | UnsetType
    fields: list[tuple[str, Any, Any]] = [(name, text, UNSET) for name in names]
    fields += [(name, Raw, Raw(b"")) for name in (IDENTITY, PARAMETERS)]
    # In the order in which CloudTrail writes them the decoder finds them quickest.
    fields.sort(key=lambda field: WRITTEN_ORDER.index(field[0]))
    return msgspec.defstruct("HotRecord", fields, gc=False)
