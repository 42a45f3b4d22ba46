"""What is left of all rules for one combination of classes: a program that finishes on a record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from vedette.detection.ir import CompiledRules, Null, Predicate, fields_of
from vedette.detection.match.reading import (
    DERIVED,
    PARAMETERS,
    Dependences,
    Derivations,
    Glance,
    Record,
    glance_at_parameter,
)
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


class RuleHit(NamedTuple):
    """A rule that matches, as its place among the compiled rules, and what quiets the match."""

    rule: int
    quieted_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One rule of a program; without a test it matches for certain.

    It cannot match where one of the `glances` sees that a derived field is absent.
    """

    rule: int
    test: RecordTest | None
    exclusions: tuple[tuple[str, RecordTest | None], ...]
    glances: tuple[Glance, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The rules that may match records of certain classes.

    `reads` names the members of a record that decide all of them; it is None where that takes
    more than the members that were decoded. `decided` are the rules where nothing is open.
    With `has_glances`, a glance may rule out rules.
    """

    steps: tuple[Step, ...]
    reads: tuple[str, ...] | None = None
    decided: tuple[RuleHit, ...] | None = None
    has_glances: bool = False
    _narrowed: dict[tuple[Step, ...], "Program"] = field(default_factory=dict)

    def narrowed(self, name: str | None, parameters: bytes) -> "Program | None":
        """Return what is left at a glance at the name of an event and its parameters, if any is."""
        steps = []
        for step in self.steps:
            for glance in step.glances:
                if not glance(name, parameters):
                    break
            else:
                steps.append(step)
        if not steps:
            return None
        left = self._narrowed.get(key := tuple(steps))
        if left is None:
            left = self._narrowed[key] = Program(key, self.reads, _decided(key))
        return left


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that may still match: what is left of its tree, or True if it matches for certain."""

    rule: int
    tree: Tree | bool


class RulePrograms:
    """All rules as trees, and the programs that remain of them when something is known."""

    def __init__(
        self, compiled: CompiledRules, derivations: Derivations, dependences: Dependences
    ) -> None:
        self.derivations = derivations
        self.dependences = dependences
        self.decoded: frozenset[str] = frozenset()
        self._table = PredicateTable(dependences)
        self.trees = [self._table.tree(rule.condition, rule.selections) for rule in compiled.rules]
        self._exclusions: Mapping[str, Tree] = {
            one.id: self._table.tree(one.condition, one.selections) for one in compiled.exclusions
        }
        self._quieted_by = [rule.quieted_by for rule in compiled.rules]
        self.predicates = self._table.predicates
        self._tests = Tests(self.predicates, derivations)
        self._needed: list[int] = []
        self._absent: dict[str, Known] = {}

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
            Step(
                one.rule,
                self._test(one.tree),
                tuple((name, self._test(tree)) for name, tree in self._quieting(one.rule, known)),
                self._glances(one.tree),
            )
            for one in rules
        )
        has_glances = any(step.glances for step in steps)
        return Program(steps, self._reads(rules, known), _decided(steps), has_glances)

    def _reads(self, rules: Sequence[OpenRule], known: Known) -> tuple[str, ...] | None:
        trees = [one.tree for one in rules]
        trees += [tree for one in rules for _, tree in self._quieting(one.rule, known)]
        reads: set[str] = set()
        for tree in trees:
            for leaf in () if isinstance(tree, bool) else leaves(tree):
                for name in fields_of(self.predicates[leaf.number]):
                    reads |= self._members(name)
        return tuple(sorted(reads)) if reads <= self.decoded else None

    def _glances(self, tree: Tree | bool) -> tuple[Glance, ...]:
        """Return the glances at those fields without which a tree does not hold."""
        if isinstance(tree, bool):
            return ()
        names = {self.predicates[leaf.number].field or "" for leaf in leaves(tree)}
        return tuple(
            glance
            for name in sorted(names)
            if (glance := self._glance(name)) is not None
            and simplified(tree, self._without(name)) is False
        )

    def _glance(self, name: str) -> Glance | None:
        if name.startswith(f"{PARAMETERS}."):
            return glance_at_parameter(name)
        known = self.dependences.get(name)
        return known.glance if known is not None else None

    def _without(self, name: str) -> Known:
        if name not in self._absent:
            self._absent[name] = _absent(name, self.predicates)
        return self._absent[name]

    def _members(self, name: str | None) -> frozenset[str]:
        if name is None or not name.startswith(DERIVED):
            return frozenset({(name or "").partition(".")[0]})
        known = self.dependences.get(name)
        return known.reads if known is not None else frozenset({name})

    def _quieting(self, rule: int, known: Known) -> list[tuple[str, Tree | bool]]:
        """Return the exclusions that may quiet a rule, each decided as far as it is known."""
        found = [(one, simplified(self._exclusions[one], known)) for one in self._quieted_by[rule]]
        return [(one, tree) for one, tree in found if tree is not False]

    def _test(self, tree: Tree | bool) -> RecordTest | None:
        return None if isinstance(tree, bool) else self._tests.of(tree)


def _decided(steps: Iterable[Step]) -> tuple[RuleHit, ...] | None:
    hits = []
    for step in steps:
        if step.test is not None or any(test is not None for _, test in step.exclusions):
            return None
        hits.append(RuleHit(step.rule, tuple(name for name, _ in step.exclusions)))
    return tuple(hits)


def _absent(name: str, predicates: Sequence[Predicate]) -> Known:
    """Say what is known of a field that is absent."""
    about = {n: one for n, one in enumerate(predicates) if fields_of(one) == (name,)}
    true = sum(1 << number for number, one in about.items() if isinstance(one, Null))
    return Known(sum(1 << number for number in about), true)


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
