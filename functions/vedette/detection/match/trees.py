"""Conditions made ready to run.

Predicates are numbered, so that what is known of many is one whole number with a bit for each.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import TypeAlias

from vedette.detection.ir import (
    ALWAYS,
    AllOf,
    AnyOf,
    Condition,
    Held,
    Not,
    Null,
    Predicate,
    SameAs,
    inlined,
)
from vedette.detection.match.predicates import holds_between, test_of
from vedette.detection.match.reading import Dependences, Derivations, Record, read

RecordTest: TypeAlias = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A predicate; `bit` has the one bit of its number."""

    number: int
    bit: int


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Inverse:
    """The part does not hold."""

    part: "Tree"


Tree: TypeAlias = Leaf | Every | Some | Inverse


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of predicates: bits of those `asked` about, and of those that are `true`."""

    asked: int
    true: int


@dataclass(slots=True)
class PredicateTable:
    """The predicates of all rules, each once."""

    dependences: Dependences
    predicates: list[Predicate] = field(default_factory=list)
    _numbers: dict[Predicate, int] = field(default_factory=dict)

    def tree(self, condition: Condition, selections: Mapping[str, Condition]) -> Tree:
        """Number the predicates of a condition and give it as a tree."""
        return self._tree(inlined(condition, selections))

    def _tree(self, condition: Condition) -> Tree:
        match condition:
            case AllOf(parts):
                return Every(tuple(map(self._tree, parts)))
            case AnyOf(parts):
                return Some(tuple(map(self._tree, parts)))
            case Not(part):
                return Inverse(self._tree(part))
            case Held():
                raise ValueError("a selection is left in an inlined condition")
            case _:
                return self._asked(condition)

    def _asked(self, predicate: Predicate) -> Tree:
        """Put in front of a question about a derived field where that field can be present."""
        dependence = self.dependences.get(predicate.field or "")
        if dependence is None or dependence.only_if == ALWAYS or isinstance(predicate, SameAs):
            return self._leaf(predicate)
        possible = self._tree(dependence.only_if)
        if isinstance(predicate, Null):
            return Some((Inverse(possible), self._leaf(predicate)))
        return Every((possible, self._leaf(predicate)))

    def _leaf(self, predicate: Predicate) -> Leaf:
        number = self._numbers.setdefault(predicate, len(self.predicates))
        if number == len(self.predicates):
            self.predicates.append(predicate)
        return Leaf(number, 1 << number)


def simplified(tree: Tree, known: Known) -> Tree | bool:
    """Decide a tree as far as what is known decides it, and return what remains open."""
    if isinstance(tree, Leaf):
        return bool(known.true & tree.bit) if known.asked & tree.bit else tree
    if isinstance(tree, Inverse):
        part = simplified(tree.part, known)
        return not part if isinstance(part, bool) else Inverse(part)
    deciding = isinstance(tree, Some)
    remaining: list[Tree] = []
    for one in tree.parts:
        part = simplified(one, known)
        if isinstance(part, bool):
            if part is deciding:
                return deciding
        else:
            remaining.append(part)
    if not remaining:
        return not deciding
    return remaining[0] if len(remaining) == 1 else type(tree)(tuple(remaining))


class Tests:
    """Makes trees into functions of a record; each predicate is made only once."""

    def __init__(self, predicates: Sequence[Predicate], derivations: Derivations) -> None:
        self._predicates = predicates
        self._derivations = derivations
        self._made: dict[int, RecordTest] = {}

    def of(self, tree: Tree) -> RecordTest:
        """Return the function that tells whether a tree holds on a record."""
        match tree:
            case Leaf(number):
                made = self._made.get(number)
                if made is None:
                    made = self._made[number] = self._of_predicate(self._predicates[number])
                return made
            case Inverse(part):
                test = self.of(part)
                return lambda record: not test(record)
            case Every(parts):
                tests = tuple(map(self.of, parts))
                return lambda record: all(one(record) for one in tests)
            case Some(parts):
                tests = tuple(map(self.of, parts))
                return lambda record: any(one(record) for one in tests)

    def _of_predicate(self, predicate: Predicate) -> RecordTest:
        derivations, name = self._derivations, predicate.field
        if isinstance(predicate, SameAs):
            other = predicate.other
            return lambda record: holds_between(
                predicate, read(record, name, derivations), read(record, other, derivations)
            )
        test = test_of(predicate)
        return lambda record: test(read(record, name, derivations))


def needed_bits(tree: Tree, asked: int, predicates: Sequence[Predicate]) -> int:
    """Return predicates among `asked` of which at least one must hold for the tree to, or 0.

    Where there is a choice, the names of events are preferred: they rule out most.
    """
    match tree:
        case Leaf(_, bit):
            return bit & asked
        case Every(parts):
            found = [needed_bits(part, asked, predicates) for part in parts]
            return max((one for one in found if one), default=0, key=partial(_is_name, predicates))
        case Some(parts):
            found = [needed_bits(part, asked, predicates) for part in parts]
            return reduce(or_, found, 0) if all(found) else 0
        case Inverse():
            return 0


def leaves(tree: Tree) -> Iterator[Leaf]:
    """Go through the leaves of a tree."""
    match tree:
        case Leaf():
            yield tree
        case Every(parts) | Some(parts):
            for part in parts:
                yield from leaves(part)
        case Inverse(part):
            yield from leaves(part)


def _is_name(predicates: Sequence[Predicate], bits: int) -> bool:
    numbers = (number for number in range(bits.bit_length()) if bits >> number & 1)
    return all(predicates[number].field == "eventName" for number in numbers)
