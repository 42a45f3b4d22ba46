"""Evaluates rules on one record, plainly: the reference for the class matcher."""

from collections.abc import Mapping
from functools import lru_cache

from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledExclusion,
    CompiledRule,
    Condition,
    Held,
    Not,
    Predicate,
    SameAs,
)
from vedette.detection.match.predicates import Test, holds_between, test_of
from vedette.detection.match.reading import NOTHING_DERIVED, Derivations, Record, read


def matches(
    rule: CompiledRule | CompiledExclusion,
    record: Record,
    derivations: Derivations = NOTHING_DERIVED,
) -> bool:
    """Tell whether a rule's condition holds on a record."""
    return holds(rule.condition, record, rule.selections, derivations)


def quieting(
    rule: CompiledRule,
    exclusions: Mapping[str, CompiledExclusion],
    record: Record,
    derivations: Derivations = NOTHING_DERIVED,
) -> tuple[str, ...]:
    """Return the ids of the exclusions that make a rule's match on this record informational."""
    return tuple(one for one in rule.quieted_by if matches(exclusions[one], record, derivations))


def holds(
    condition: Condition,
    record: Record,
    selections: Mapping[str, Condition],
    derivations: Derivations = NOTHING_DERIVED,
) -> bool:
    """Tell whether a condition holds on a record."""
    match condition:
        case AllOf(parts):
            return all(holds(part, record, selections, derivations) for part in parts)
        case AnyOf(parts):
            return any(holds(part, record, selections, derivations) for part in parts)
        case Not(part):
            return not holds(part, record, selections, derivations)
        case Held(selection):
            return holds(selections[selection], record, selections, derivations)
        case _:
            return predicate_holds(condition, record, derivations)


def predicate_holds(predicate: Predicate, record: Record, derivations: Derivations) -> bool:
    """Tell whether a predicate holds on a record."""
    reading = read(record, predicate.field, derivations)
    if isinstance(predicate, SameAs):
        return holds_between(predicate, reading, read(record, predicate.other, derivations))
    return _test(predicate)(reading)


@lru_cache(maxsize=65536)
def _test(predicate: Predicate) -> Test:
    return test_of(predicate)
