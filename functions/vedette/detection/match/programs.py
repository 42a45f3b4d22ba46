"""What is left of all rules for one combination of classes: a program that finishes on a record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec
import orjson

from vedette.detection.ir import CompiledRules, fields_of
from vedette.detection.match.reading import Derivations, Record
from vedette.detection.match.trees import (
    Known,
    PredicateTable,
    RecordTest,
    Tests,
    Tree,
    leaves,
    needed_bits,
    simplified,
)

PARAMETERS: Final = "requestParameters"


class RuleHit(NamedTuple):
    """A rule that matches, as its place among the compiled rules, and what quiets the match."""

    rule: int
    quieted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One rule of a program; without a test it matches for certain."""

    rule: int
    test: RecordTest | None
    exclusions: tuple[tuple[str, RecordTest | None], ...]


@dataclass(frozen=True, slots=True)
class Program:
    """The rules that may match records of certain classes.

    `narrow` has their tests if all of them read nothing but the parameters of the request: then
    a record needs to be parsed only if one of these passes on the parameters alone.
    """

    steps: tuple[Step, ...]
    narrow: tuple[RecordTest, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that may still match: what is left of its tree, or True if it matches for certain."""

    rule: int
    tree: Tree | bool


class RulePrograms:
    """All rules as trees, and the programs that remain of them when something is known."""

    def __init__(self, compiled: CompiledRules, derivations: Derivations) -> None:
        self._table = PredicateTable()
        self.trees = [self._table.tree(rule.condition, rule.selections) for rule in compiled.rules]
        self._exclusions: Mapping[str, Tree] = {
            one.id: self._table.tree(one.condition, one.selections) for one in compiled.exclusions
        }
        self._quieted_by = [rule.quieted_by for rule in compiled.rules]
        self.predicates = self._table.predicates
        self._tests = Tests(self.predicates, derivations)
        self._needed: list[int] = []

    def expect(self, asked: int) -> None:
        """Say which predicates `open_rules` will know: that lets it pass over most rules."""
        self._needed = [needed_bits(tree, asked, self.predicates) for tree in self.trees]

    def open_rules(self, known: Known) -> list[OpenRule]:
        """Return the rules that may still match, in their order."""
        possible = (
            OpenRule(rule, self.trees[rule])
            for rule, needed in enumerate(self._needed)
            if not needed or needed & known.true
        )
        return still_open(possible, known)

    def program(self, rules: Sequence[OpenRule], known: Known) -> Program:
        """Write the program that finishes rules; `known` also decides their exclusions."""
        steps = tuple(
            Step(one.rule, self._test(one.tree), self._open_exclusions(one.rule, known))
            for one in rules
        )
        is_narrow = all(self._reads_parameters_only(one.tree) for one in rules)
        tests = tuple(step.test for step in steps if step.test is not None)
        return Program(steps, tests if is_narrow else ())

    def _reads_parameters_only(self, tree: Tree | bool) -> bool:
        return not isinstance(tree, bool) and all(
            _is_parameter(name)
            for leaf in leaves(tree)
            for name in fields_of(self.predicates[leaf.number])
        )

    def _open_exclusions(
        self, rule: int, known: Known
    ) -> tuple[tuple[str, RecordTest | None], ...]:
        found = ((one, simplified(self._exclusions[one], known)) for one in self._quieted_by[rule])
        return tuple((one, self._test(tree)) for one, tree in found if tree is not False)

    def _test(self, tree: Tree | bool) -> RecordTest | None:
        return None if isinstance(tree, bool) else self._tests.of(tree)


def still_open(rules: Iterable[OpenRule], known: Known) -> list[OpenRule]:
    """Decide of rules what is known, and leave out those that cannot match any more."""
    decided = (
        OpenRule(one.rule, one.tree if isinstance(one.tree, bool) else simplified(one.tree, known))
        for one in rules
    )
    return [one for one in decided if one.tree is not False]


def run(program: Program, record: Record) -> tuple[RuleHit, ...]:
    """Finish a program on the record that it was written for."""
    return tuple(
        RuleHit(
            step.rule,
            tuple(one for one, test in step.exclusions if test is None or test(record)),
        )
        for step in program.steps
        if step.test is None or step.test(record)
    )


def may_match(program: Program, parameters: msgspec.Raw) -> bool:
    """Tell whether a program may find anything, as far as the parameters alone can decide."""
    if not program.narrow:
        return True
    text = b"".join((parameters,))
    try:
        record = {PARAMETERS: orjson.loads(text)} if text else {}
    except orjson.JSONDecodeError:
        return True
    return any(test(record) for test in program.narrow)


def _is_parameter(name: str | None) -> bool:
    return name is not None and f"{name}.".startswith(f"{PARAMETERS}.")
