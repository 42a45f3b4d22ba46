"""Says why a rule matches a record or does not, and what was missing where it nearly did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledRule,
    Condition,
    Exists,
    Held,
    Moment,
    Network,
    Not,
    Null,
    Number,
    Pattern,
    Predicate,
    SameAs,
    Text,
    inlined,
)
from vedette.detection.match.naive import holds, predicate_holds
from vedette.detection.match.reading import NOTHING_DERIVED, Derivations, Record

MOST_VALUES_NAMED: Final = 5
TEXT_OPERATORS: Final = {
    "is": "is",
    "starts": "starts with",
    "ends": "ends with",
    "contains": "contains",
    "like": "is like",
}
NUMBER_OPERATORS: Final = {
    "eq": "is",
    "neq": "is not",
    "lt": "is below",
    "lte": "is at most",
    "gt": "is above",
    "gte": "is at least",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A predicate that would have to turn out the other way."""

    predicate: Predicate
    holds: bool

    def __str__(self) -> str:
        """Say what the record would have to be like."""
        return describe(self.predicate, negated=self.holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionOutcome:
    """What became of one selection of a rule; `missing` is empty if it held."""

    name: str
    held: bool
    missing: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a rule matches a record or not.

    `missing` is the fewest differences with which it would have matched; empty if it does.
    """

    rule_id: str
    matched: bool
    selections: tuple[SelectionOutcome, ...]
    missing: tuple[Difference, ...]

    @property
    def nearly(self) -> bool:
        """Tell whether just one difference kept the rule from matching."""
        return not self.matched and len(self.missing) == 1


def explain(
    rule: CompiledRule, record: Record, derivations: Derivations = NOTHING_DERIVED
) -> Explanation:
    """Explain what a rule makes of a record."""
    search = _Search(record, derivations)
    outcomes = tuple(
        SelectionOutcome(
            name=name,
            held=holds(condition, record, rule.selections, derivations),
            missing=search.needed(condition, wanted=True) or (),
        )
        for name, condition in rule.selections.items()
    )
    missing = search.needed(inlined(rule.condition, rule.selections), wanted=True)
    matched = holds(rule.condition, record, rule.selections, derivations)
    return Explanation(rule_id=rule.id, matched=matched, selections=outcomes, missing=missing or ())


def describe(predicate: Predicate, *, negated: bool = False) -> str:
    """Say in words what a predicate asks, or that it must not be so."""
    field = predicate.field or "any value"
    words = f"{field} {_question(predicate)}"
    return f"not: {words}" if negated else words


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks for the fewest predicates that decide a condition otherwise."""

    record: Record
    derivations: Derivations

    def needed(self, condition: Condition, *, wanted: bool) -> tuple[Difference, ...] | None:
        """Return the differences that make a condition what is wanted, or None if nothing can."""
        match condition:
            case Not(part):
                return self.needed(part, wanted=not wanted)
            case AllOf(parts):
                return self._all(parts, wanted) if wanted else self._easiest(parts, wanted)
            case AnyOf(parts):
                return self._easiest(parts, wanted) if wanted else self._all(parts, wanted)
            case Held():
                raise ValueError("a selection is left in an inlined condition")
            case _:
                found = predicate_holds(condition, self.record, self.derivations)
                return () if found is wanted else (Difference(predicate=condition, holds=found),)

    def _all(self, parts: Sequence[Condition], wanted: bool) -> tuple[Difference, ...] | None:
        found = [self.needed(part, wanted=wanted) for part in parts]
        if any(one is None for one in found):
            return None
        return tuple(dict.fromkeys(each for one in found for each in one or ()))

    def _easiest(self, parts: Sequence[Condition], wanted: bool) -> tuple[Difference, ...] | None:
        found = [self.needed(part, wanted=wanted) for part in parts]
        possible = [one for one in found if one is not None]
        return min(possible, key=len) if possible else None


def _question(predicate: Predicate) -> str:
    match predicate:
        case Text(_, operator, values, cased):
            return f"{TEXT_OPERATORS[operator]} {_named(values)}{' (same case)' if cased else ''}"
        case Pattern(_, regex):
            return f"matches the expression {regex}"
        case Network(_, networks):
            return f"is an address in {_named(networks)}"
        case Number(_, operator, number):
            return f"{NUMBER_OPERATORS[operator]} {number}"
        case Moment(_, part, operator, number):
            return f"is a time whose {part} {NUMBER_OPERATORS[operator]} {number}"
        case _:
            return _question_of_fields(predicate)


def _question_of_fields(predicate: Predicate) -> str:
    match predicate:
        case SameAs(_, other, operator):
            return f"{TEXT_OPERATORS[operator]} what {other} is"
        case Null():
            return "is absent or null"
        case Exists():
            return "is present"
    raise ValueError(f"{type(predicate).__name__} has no words")


def _named(values: Sequence[str]) -> str:
    shown = [f'"{value}"' for value in values[:MOST_VALUES_NAMED]]
    if len(values) > MOST_VALUES_NAMED:
        shown.append(f"one of {len(values) - MOST_VALUES_NAMED} more")
    return " or ".join(shown)
