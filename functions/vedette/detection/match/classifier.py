"""Finds the program for each record by the classes of its values."""

from collections.abc import Callable, Sequence
from typing import Final

from vedette.detection.ir import SameAs
from vedette.detection.match.classes import ODD, by_field
from vedette.detection.match.columns import (
    CALLER,
    EVENT,
    IDENTITY,
    OF_MANY_EVENTS,
    TOLD,
    Asked,
    CallerColumn,
    Column,
    EventColumn,
    HotRecord,
    IdentityColumn,
    Limits,
    hot_record,
)
from vedette.detection.match.programs import OpenRule, Program, RulePrograms, still_open
from vedette.detection.match.reading import ANSWER, PARAMETERS, Record
from vedette.detection.match.trees import Known, leaves, needed_bits

# The program of a record that has to be looked at as a whole.
WHOLE: Final = Program(steps=())


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
        asked = Asked(
            by_field=by_field(
                (number, predicate)
                for number, predicate in enumerate(rules.predicates)
                if not isinstance(predicate, SameAs)
            ),
            derivations=rules.derivations,
            dependences=rules.dependences,
            limits=limits,
        )
        members = self._members_asked_of_many()
        event = (*EVENT, *(name for name in OF_MANY_EVENTS if name in members))
        self._columns = _columns(event, asked)
        self._asked = sum(column.bits for column in self._columns)
        rules.expect(self._columns[0].bits)
        decoded = dict.fromkeys((*event, *CALLER, *TOLD, *self._members_of_derivations()))
        rules.decoded = frozenset((*decoded, IDENTITY, PARAMETERS, ANSWER))
        self.hot_record = hot_record(decoded)
        self._open: dict[int, list[OpenRule]] = {}
        self._programs = _Programs(self._write)

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
        known = Known(self._asked, true)
        event = self._columns[0]
        if classes[0] not in self._open:
            mask = event.memory.classes.masks[classes[0]]
            self._open[classes[0]] = self._rules.open_rules(Known(event.bits, mask))
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

    def _members_asked_of_many(self) -> set[str | None]:
        """Return the members that rules for events of any name ask about."""
        predicates = self._rules.predicates
        names = sum(1 << n for n, one in enumerate(predicates) if one.field == "eventName")
        return {
            predicates[leaf.number].field
            for tree in self._rules.trees
            if not needed_bits(tree, names, predicates)
            for leaf in leaves(tree)
        }

    def _members_of_derivations(self) -> list[str]:
        """Return the members on which derived fields depend, of those that can be decoded."""
        read = {name for known in self._rules.dependences.values() for name in known.reads}
        return [name for name in OF_MANY_EVENTS if name in read]


def _columns(event: Sequence[str], asked: Asked) -> list[Column]:
    columns: list[Column] = [EventColumn(event, asked)]
    if asked.about(IDENTITY):
        columns.append(IdentityColumn(asked))
    columns += [CallerColumn(name, asked) for name in CALLER if asked.about(name)]
    return columns
