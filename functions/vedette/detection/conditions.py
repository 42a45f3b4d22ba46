"""Conditions: what a rule asks of a record.

A condition is a tree of `AllOf`, `AnyOf`, `Not` and `Held` (a named selection of the rule) over
predicates. Each predicate asks one question about one field; `field` None asks it of every value
anywhere in the record (a Sigma keyword). What each question means stands in
`vedette.detection.match.predicates`.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

TextOperator: TypeAlias = Literal["is", "starts", "ends", "contains", "like"]
ReferenceOperator: TypeAlias = Literal["is", "starts", "ends", "contains"]
NumberOperator: TypeAlias = Literal["eq", "neq", "lt", "lte", "gt", "gte"]
MomentPart: TypeAlias = Literal["minute", "hour", "day", "week", "month", "year"]


class AllOf(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="all"):
    """Holds if every part holds; without parts it always does."""

    parts: tuple["Condition", ...]


class AnyOf(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="any"):
    """Holds if at least one part holds; without parts it never does."""

    parts: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="not"):
    """Holds if its part does not: a field that is absent makes a predicate false, this true."""

    part: "Condition"


class Held(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="held"):
    """Holds if the selection of that name in the same rule does."""

    selection: str


class Text(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="text"):
    r"""A value's text is, starts with, ends with, contains, or is like one of `values`.

    For `like` the values are patterns: `*` any run, `?` any one character, `\` escapes both.
    """

    field: str | None
    operator: TextOperator
    values: tuple[str, ...]
    cased: bool = False


class Pattern(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="re"):
    """An RE2 expression is found somewhere in a value's text; its flags stand in front, inline."""

    field: str | None
    regex: str


class Network(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="cidr"):
    """A value is an IP address in one of the networks."""

    field: str | None
    networks: tuple[str, ...]


class Number(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="number"):
    """A value is a number that compares so."""

    field: str
    operator: NumberOperator
    number: int | float


class Moment(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="time"):
    """A value is an ISO 8601 time of which that part, in UTC, compares so."""

    field: str
    part: MomentPart
    operator: NumberOperator
    number: int | float


class SameAs(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="same"):
    """A value of `field` is, starts with, ends with or contains a value of `other`."""

    field: str
    other: str
    operator: ReferenceOperator


class Null(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="null"):
    """The field is absent, or null, or a list with a null in it."""

    field: str


class Exists(msgspec.Struct, frozen=True, cache_hash=True, array_like=True, tag="exists"):
    """The field is present, be it null."""

    field: str


Predicate: TypeAlias = (
    Text | Pattern | Network | Number | Moment | SameAs | Null | Exists  # the leaves of a condition
)
Condition: TypeAlias = AllOf | AnyOf | Not | Held | Predicate
NEVER = AnyOf(())
ALWAYS = AllOf(())


def all_of(*parts: Condition) -> Condition:
    """Join conditions by AND, without needless nesting."""
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, AllOf) else (part,))
    ]
    return flat[0] if len(flat) == 1 else AllOf(tuple(dict.fromkeys(flat)))


def any_of(*parts: Condition) -> Condition:
    """Join conditions by OR; questions of the same kind about the same field become one."""
    flat = [
        inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))
    ]
    merged: dict[Condition, Condition] = {}
    for part in flat:
        key = _question(part)
        merged[key] = _together(merged[key], part) if key in merged else part
    return next(iter(merged.values())) if len(merged) == 1 else AnyOf(tuple(merged.values()))


def inlined(condition: Condition, selections: Mapping[str, Condition]) -> Condition:
    """Put the selections themselves where a condition names them."""
    match condition:
        case Held(selection):
            return selections[selection]
        case AllOf(parts):
            return all_of(*(inlined(part, selections) for part in parts))
        case AnyOf(parts):
            return any_of(*(inlined(part, selections) for part in parts))
        case Not(part):
            return Not(inlined(part, selections))
        case _:
            return condition


def predicates_in(condition: Condition) -> Iterator[Predicate]:
    """Go through the predicates of a condition in which selections are inlined."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from predicates_in(part)
        case Not(part):
            yield from predicates_in(part)
        case Held():
            return
        case _:
            yield condition


def fields_of(predicate: Predicate) -> tuple[str | None, ...]:
    """Return the fields that a predicate reads; None is the whole record."""
    if isinstance(predicate, SameAs):
        return predicate.field, predicate.other
    return (predicate.field,)


def _question(part: Condition) -> Condition:
    match part:
        case Text(field, operator, _, cased):
            return Text(field, operator, (), cased)
        case Network(field, _):
            return Network(field, ())
        case _:
            return part


def _together(first: Condition, second: Condition) -> Condition:
    match first, second:
        case Text(), Text():
            values = tuple(dict.fromkeys(first.values + second.values))
            return Text(first.field, first.operator, values, first.cased)
        case Network(), Network():
            return Network(first.field, tuple(dict.fromkeys(first.networks + second.networks)))
        case _:
            return first
