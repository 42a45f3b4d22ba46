"""Runs the tests that stand inside rules, and says how a failed one differs from what it expects.

A test runs its rule as a hunt would: with the rules that feed it if it is a correlation, with the
exclusions that quiet it, and with the derived fields. Nothing comes from the user's configuration:
what a rule needs of it stands in the test's `settings`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vedette.configuration.content import ContentProblem
from vedette.detection.catalogue import DetectionCatalogue, LoadedDetection
from vedette.detection.event.record import outcome
from vedette.detection.extensions import DetectionKeys, Kind, RuleTest
from vedette.detection.ir import CompiledExclusion, CompiledRule
from vedette.detection.match.explain import explain
from vedette.detection.rule_run import FoundMatch, RuleRun
from vedette.detection.rule_test_events import BaseEvents, events_of, prior_events_of

REQUIRED = (Kind.MATCH, Kind.NEAR_MISS, Kind.OPPOSITE_OUTCOME)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTestResult:
    """What came of one test; `difference` has a line for everything that is not as expected."""

    rule: str
    name: str
    kind: Kind
    path: Path
    line: int
    difference: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether everything is as the test expects."""
        return not self.difference

    def __str__(self) -> str:
        """Say where the test stands, what it is called, and how it failed."""
        where = f"{self.path}:{self.line}: {self.rule}: {self.name}"
        return "\n".join((where, *(f"    {line}" for line in self.difference)))


@dataclass(frozen=True, slots=True)
class RuleTestReport:
    """The results of a rule's tests, and what is wrong with its tests as a whole."""

    rule: str
    results: tuple[RuleTestResult, ...]
    problems: tuple[ContentProblem, ...]

    @property
    def passed(self) -> bool:
        """Tell whether all tests pass and none is missing."""
        return not self.problems and all(result.passed for result in self.results)


def run_rule_tests(
    catalogue: DetectionCatalogue, bases: BaseEvents, rules: Iterable[str] | None = None
) -> list[RuleTestReport]:
    """Run the tests of rules, by id; of all rules that bear tests or ought to, if none is given.

    Exclusions are tried by the rules that they quiet. A rule that is not ours need not have tests.
    """
    wanted = None if rules is None else set(rules)
    return [
        _tested(detection, catalogue, bases)
        for detection in catalogue.detections
        if not isinstance(detection.compiled, CompiledExclusion)
        and (wanted is None or detection.id in wanted)
        and (detection.tests or detection.built_in)
    ]


def _tested(
    detection: LoadedDetection, catalogue: DetectionCatalogue, bases: BaseEvents
) -> RuleTestReport:
    try:
        keys = DetectionKeys.model_validate(detection.document.content)
    except ValidationError as error:
        return RuleTestReport(detection.id, (), tuple(_refusals(detection, error)))
    results = [
        _result(detection, number, test, catalogue, bases) for number, test in enumerate(keys.tests)
    ]
    problems = _missing(detection, keys, bases) if detection.built_in or keys.tests else ()
    return RuleTestReport(detection.id, tuple(results), tuple(problems))


def _refusals(detection: LoadedDetection, error: ValidationError) -> Iterator[ContentProblem]:
    for one in error.errors(include_input=False, include_url=False):
        path = ".".join(map(str, one["loc"]))
        yield detection.document.problem(one["loc"], f"{path}: {one['msg']}")


def _missing(
    detection: LoadedDetection, keys: DetectionKeys, bases: BaseEvents
) -> Iterator[ContentProblem]:
    """Name the kinds of tests that a rule lacks."""
    present = {test.shown_kind for test in keys.tests}
    for kind in REQUIRED:
        excused = kind in keys.vedette.not_applicable
        if kind not in present and not excused:
            message = f"it has no test of the kind {kind}, nor a reason under not_applicable"
            yield detection.document.problem(("tests",), message)
    yield from _not_opposite(detection, keys, bases)


def _not_opposite(
    detection: LoadedDetection, keys: DetectionKeys, bases: BaseEvents
) -> Iterator[ContentProblem]:
    """Name the tests of an opposite outcome that end with the same outcome as the matches do."""
    usual = {
        end for test in keys.tests if test.shown_kind is Kind.MATCH for end in _ends(test, bases)
    }
    for number, test in enumerate(keys.tests):
        if test.shown_kind is Kind.OPPOSITE_OUTCOME and set(_ends(test, bases)) & usual:
            message = "its last event has the same outcome as that of a test that matches"
            yield detection.document.problem(("tests", number), message)


def _ends(test: RuleTest, bases: BaseEvents) -> Iterator[str]:
    try:
        yield outcome(events_of(test, bases)[-1])
    except KeyError:
        return  # The result of the test says that its base is not there.


def _result(
    detection: LoadedDetection,
    number: int,
    test: RuleTest,
    catalogue: DetectionCatalogue,
    bases: BaseEvents,
) -> RuleTestResult:
    try:
        prior, events = prior_events_of(test, bases), events_of(test, bases)
    except KeyError as error:
        difference = [f"there is no base event {error}; there are {', '.join(sorted(bases))}"]
    else:
        run = RuleRun(catalogue.compiled, detection.id, test.settings)
        difference = list(_difference(detection, test, run, prior, events))
    return RuleTestResult(
        rule=detection.id,
        name=test.name,
        kind=test.shown_kind,
        path=detection.path,
        line=detection.document.line(("tests", number)),
        difference=tuple(difference),
    )


def _difference(
    detection: LoadedDetection,
    test: RuleTest,
    run: RuleRun,
    prior: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    if run.dark:
        yield from (f"the rule is dark here: {name}: {why}" for name, why in run.dark.items())
        return
    run.remember(prior)
    found = run.matches(events)
    if not found and test.matches:
        yield from ("- a match", "+ no match", *_explained(detection, run, events))
    elif found and not test.matches:
        yield from ("- no match", f"+ {_shown(found)}", *_explained(detection, run, events))
    elif found:
        yield from _other_than_expected(test, found)


def _other_than_expected(test: RuleTest, found: Sequence[FoundMatch]) -> Iterator[str]:
    worst = max((one.severity for one in found), key=lambda one: one.rank)
    outcomes = sorted({one.outcome or "unknown" for one in found})
    if test.severity is not None and worst is not test.severity:
        yield from (f"- severity: {test.severity}", f"+ severity: {worst}")
        if quieted := sorted({one for match in found for one in match.quieted_by}):
            yield f"  quieted by {', '.join(quieted)}"
    if test.outcome is not None and outcomes != [test.outcome]:
        yield from (f"- outcome: {test.outcome}", f"+ outcome: {', '.join(outcomes)}")


def _shown(found: Sequence[FoundMatch]) -> str:
    first = found[0]
    count = f"{len(found)} matches" if len(found) > 1 else "a match"
    return f"{count} at {first.time} ({first.severity}, {first.outcome or 'unknown outcome'})"


def _explained(
    detection: LoadedDetection, run: RuleRun, events: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Say what each selection made of the last event, or which rules matched how often."""
    rule = run.rule(detection.id)
    if rule is None or len(events) > 1:
        for name, count in run.counts.items():
            yield f"  {name} matched {count} of {len(events)} events"
    if not isinstance(rule, CompiledRule):
        return
    explanation = explain(rule, events[-1], run.derivations)
    for selection in explanation.selections:
        yield f"  selection {selection.name} {'holds' if selection.held else 'does not hold'}"
    if not explanation.matched:
        yield from (f"  it lacks: {one}" for one in explanation.missing)
    elif run.remembers(rule.id):
        yield "  the condition holds on the last event; what is remembered decides"
