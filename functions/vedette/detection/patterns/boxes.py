"""Widens the condition of a rule until EventBridge can ask it: a few boxes, any of which may hold.

A box asks each of some fields for one of several values. Whatever a condition matches is in one of
its boxes; what cannot be asked (a derived field, the parameters of a call, most of what a `not`
says) makes a box wider, never narrower.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Final

from vedette.detection.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Exists,
    Held,
    Not,
    Null,
    Predicate,
    SameAs,
    Text,
    inlined,
)
from vedette.detection.derive.fields import dependences
from vedette.detection.ir import CompiledRule
from vedette.detection.match.reading import DERIVED
from vedette.detection.patterns.matchers import (
    Question,
    beginning_asked,
    questions,
    values_asked,
)
from vedette.detection.text import folded

MOST_BOXES: Final = 64
EVENT_SOURCE: Final = "eventSource"
EVENT_NAME: Final = "eventName"
READ_ONLY: Final = "readOnly"
BOTH: Final = frozenset({True, False})
# No call of such a name only reads, whatever the service; queries are stopped by calls that do.
# Source: CloudTrail User Guide, "Read and write events".
WRITES: Final = re.compile(
    r"(?:Create|Stop(?!Query)|Delete|Put|Update|Modify|Attach|Detach|Add|Remove|Set|Enable|Disable"
    r"|Terminate|Revoke|Authorize|Associate|Disassociate|Deregister|Register|Reset|Restore|Replace"
    r"|Schedule|Import|Archive|Close|Leave|Deactivate|RunInstances)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Box:
    """What to ask of each field, and whether calls that only read, that write, or both are in it.

    `asked` is never empty for a field that it names: one of the questions has to hold.
    """

    asked: Mapping[str, frozenset[Question]] = field(default_factory=dict)
    read_only: frozenset[bool] = BOTH

    def key(self) -> tuple[tuple[tuple[str, tuple[Question, ...]], ...], tuple[bool, ...]]:
        """Return what two equal boxes have in common, in an order."""
        asked = tuple((name, tuple(sorted(self.asked[name]))) for name in sorted(self.asked))
        return asked, tuple(sorted(self.read_only))

    def holds(self, other: "Box") -> bool:
        """Tell whether everything in another box is in this one too."""
        return other.read_only <= self.read_only and all(
            name in other.asked and other.asked[name] <= asked for name, asked in self.asked.items()
        )

    def and_(self, other: "Box") -> "Box | None":
        """Return a box around what is in both, or None if nothing is."""
        read_only = self.read_only & other.read_only
        if not read_only:
            return None
        asked = dict(self.asked)
        for name, questions_of_other in other.asked.items():
            asked[name] = _both(asked.get(name), questions_of_other)
        return Box(asked, read_only)


EVERYTHING: Final = Box()


def boxes_of(rule: CompiledRule) -> list[Box]:
    """Return boxes around everything that a rule's condition matches."""
    boxes = _around(inlined(rule.condition, rule.selections), positive=True)
    return [each for box in boxes for each in by_name(box)]


def by_name(box: Box) -> Iterator[Box]:
    """Take the calls that surely write out of a box, as one of their own."""
    names = box.asked.get(EVENT_NAME)
    if names is None or False not in box.read_only:
        yield box
        return
    writing = frozenset(one for one in names if _surely_writes(one))
    if writing:
        yield Box({**box.asked, EVENT_NAME: writing}, frozenset({False}))
    if names - writing:
        yield Box({**box.asked, EVENT_NAME: names - writing}, box.read_only)


def _surely_writes(question: Question) -> bool:
    beginning = beginning_asked(question)
    if beginning is not None:
        return folded(beginning) != "stop" and WRITES.match(beginning) is not None
    values = values_asked([question])
    return bool(values) and all(WRITES.match(one) for one in values or ())


def _around(condition: Condition, *, positive: bool) -> list[Box]:
    match condition:
        case Not(part):
            return _around(part, positive=not positive)
        case AllOf(parts):
            return _all(parts, positive) if positive else _any(parts, positive)
        case AnyOf(parts):
            return _any(parts, positive) if positive else _all(parts, positive)
        case Held():
            return [EVERYTHING]
        case _:
            return _around_predicate(condition) if positive else _outside_predicate(condition)


def _any(parts: Iterable[Condition], positive: bool) -> list[Box]:
    found = _distinct(box for part in parts for box in _around(part, positive=positive))
    return found if len(found) <= MOST_BOXES else [_hull(found)]


def _all(parts: Iterable[Condition], positive: bool) -> list[Box]:
    found = [EVERYTHING]
    for part in parts:
        others = _around(part, positive=positive)
        joined = _distinct(
            box for one in found for other in others if (box := one.and_(other)) is not None
        )
        # What a part would add is left out where it makes too many.
        found = joined if len(joined) <= MOST_BOXES else found
    return found


def _distinct(boxes: Iterable[Box]) -> list[Box]:
    return list({box.key(): box for box in boxes}.values())


def _hull(boxes: list[Box]) -> Box:
    """Return one box around all."""
    shared = set.intersection(*(set(box.asked) for box in boxes))
    return Box(
        {name: frozenset().union(*(box.asked[name] for box in boxes)) for name in shared},
        frozenset().union(*(box.read_only for box in boxes)),
    )


def _around_predicate(predicate: Predicate) -> list[Box]:
    if predicate.field == READ_ONLY:
        return _around_read_only(predicate)
    if isinstance(predicate, SameAs):
        return [EVERYTHING]
    if predicate.field is not None and predicate.field.startswith(DERIVED):
        return _where_derived(predicate)
    asked = questions(predicate)
    if asked is None or predicate.field is None:
        return [EVERYTHING]
    return [Box({predicate.field: frozenset(asked)})] if asked else []


def _around_read_only(predicate: Predicate) -> list[Box]:
    if isinstance(predicate, Text) and predicate.operator == "is":
        wanted = {folded(one) for one in predicate.values}
        truths = frozenset(one for one in BOTH if str(one).lower() in wanted)
        return [replace(EVERYTHING, read_only=truths)] if truths else []
    return [EVERYTHING]


def _outside_predicate(predicate: Predicate) -> list[Box]:
    """Return boxes around what a predicate does not match: that a call does not only read."""
    if predicate.field == READ_ONLY and isinstance(predicate, Text) and predicate.operator == "is":
        if "true" in {folded(one) for one in predicate.values}:
            return [replace(EVERYTHING, read_only=frozenset({False}))]
        return [EVERYTHING]
    if isinstance(predicate, Null):
        return _around_predicate(Exists(predicate.field))
    return [EVERYTHING]


def _where_derived(predicate: Predicate) -> list[Box]:
    """Return boxes around where a derived field is there at all."""
    if isinstance(predicate, Null) or predicate.field is None:
        return [EVERYTHING]
    known = dependences([predicate.field]).get(predicate.field)
    only_if = known.only_if if known is not None else ALWAYS
    return _around(only_if, positive=True)


def _both(one: frozenset[Question] | None, other: frozenset[Question]) -> frozenset[Question]:
    """Return questions that hold wherever both of two lists do: of values those in both lists.

    Whatever else is asked, either list is enough: the shorter one is taken.
    """
    if one is None:
        return other
    values, others = values_asked(one), values_asked(other)
    if values and others and (shared := values & others):
        return frozenset(each for each in one if (values_asked([each]) or shared) <= shared)
    return min(one, other, key=lambda asked: (len(asked), sorted(asked)))


def narrowest(boxes: Iterable[Box]) -> list[Box]:
    """Leave out the boxes that others hold, and join those that differ in one field only."""
    found = _outermost(_distinct(boxes))
    while (joined := reduce(_joined_in, _fields(found), found)) != found:
        found = _outermost(joined)
    return sorted(found, key=Box.key)


def _fields(boxes: list[Box]) -> list[str]:
    return sorted({name for box in boxes for name in box.asked})


def _outermost(boxes: list[Box]) -> list[Box]:
    ordered = sorted(boxes, key=lambda box: (len(box.asked), box.key()))
    return [box for box in ordered if not any(one.holds(box) for one in boxes if one is not box)]


def _joined_in(boxes: list[Box], name: str) -> list[Box]:
    groups: dict[object, list[Box]] = {}
    for box in boxes:
        rest = {field: asked for field, asked in box.asked.items() if field != name}
        key = (Box(rest, box.read_only).key(), name in box.asked)
        groups.setdefault(key, []).append(box)
    return [
        _hull(group) if len(group) > 1 and name in group[0].asked else one
        for group in groups.values()
        for one in (group[:1] if len(group) > 1 and name in group[0].asked else group)
    ]
