"""No event that a shipped rule matches, or that changes a resource, is filtered away."""

import copy
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.configuration.content import built_in_root
from vedette.configuration.loader import LoadedConfiguration
from vedette.detection.catalogue import DetectionCatalogue
from vedette.detection.derive.rules import with_lookups
from vedette.detection.extensions import DetectionKeys, RuleTest
from vedette.detection.ir import CompiledExclusion, CompiledRule, CompiledRules
from vedette.detection.match.naive import matches
from vedette.detection.patterns.boxes import WRITES
from vedette.detection.patterns.envelope import envelope_of
from vedette.detection.rule_run import RuleRun
from vedette.detection.rule_test_events import events_of, prior_events_of, read_base_events
from vedette.operations.detection_rules import BASE_EVENTS
from vedette.operations.hunt_rules import RuleChoice, load_catalogue
from vedette.operations.patterns import EventPattern, detection_patterns, patterns_of
from vedette.posture.changes_catalogue import load_change_map

CATALOGUE: DetectionCatalogue = load_catalogue(RuleChoice(), LoadedConfiguration())
RULES = tuple(map(with_lookups, CATALOGUE.compiled.rules))
BASES = read_base_events(built_in_root() / "detection" / BASE_EVENTS)
CHANGES = load_change_map()
# Every rule at once, those too for which a default configuration lacks something.
TOGETHER = patterns_of(CompiledRules(rules=RULES), CHANGES)


class Seen(NamedTuple):
    """An event of a test in a rule, and the run in whose settings it stands."""

    event: dict[str, Any]
    run: RuleRun


def written_tests(document: Mapping[str, Any]) -> tuple[RuleTest, ...]:
    return DetectionKeys.model_validate(document).tests


@cache
def seen(rule: str) -> tuple[Seen, ...]:
    """Return the events in the tests of a rule and of the correlations that count it."""
    return tuple(_seen(rule))


def _seen(rule: str) -> Iterator[Seen]:
    for detection in CATALOGUE.detections:
        if isinstance(detection.compiled, CompiledExclusion):
            continue
        run: RuleRun | None = None
        for test in written_tests(detection.document.content):
            run = RuleRun(CATALOGUE.compiled, detection.id, test.settings)
            if run.rule(rule) is None:
                break
            events = [*events_of(test, BASES)[:50], *prior_events_of(test, BASES)[:50]]
            yield from (Seen(as_recorded(event), run) for event in events)


def as_recorded(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event as CloudTrail records it: no call that creates or deletes only reads."""
    if WRITES.match(str(event.get("eventName"))) and "readOnly" in event:
        return event | {"readOnly": False}
    return event


@cache
def alone(rule: str) -> tuple[EventPattern, ...]:
    """Return the patterns for one rule, without what the others let through."""
    only = tuple(one for one in RULES if one.id == rule)
    return tuple(detection_patterns(CompiledRules(rules=only)))


def passes(patterns: tuple[EventPattern, ...], event: Mapping[str, Any]) -> bool:
    envelope = envelope_of(event)
    return any(one.lets_through(envelope) for one in patterns if one.queue == "detect")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_event_that_a_rule_s_tests_match_passes(rule: CompiledRule) -> None:
    matched = [one.event for one in seen(rule.id) if matches(rule, one.event, one.run.derivations)]

    assert matched, "no test has an event that matches the rule"
    for event in matched:
        assert passes(alone(rule.id), event)
        assert passes(TOGETHER, event)


def any_case(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from([text, text.lower(), text.upper(), text.swapcase()])


@st.composite
def mutated(draw: st.DrawFn, event: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Change an event as other callers, services and outcomes would have it."""
    changed = copy.deepcopy(event)
    for name in ("eventName", "eventSource"):
        if isinstance(changed.get(name), str):
            changed[name] = draw(any_case(changed[name]))
    for name in draw(st.sets(st.sampled_from(sorted({*event, *other})), max_size=3)):
        if draw(st.booleans()) and name in other:
            changed[name] = copy.deepcopy(other[name])
        else:
            changed.pop(name, None)
    code = draw(st.sampled_from([None, "AccessDenied", "Client.UnauthorizedOperation", "Other"]))
    if code is not None:
        changed["errorCode"] = code
    changed["readOnly"] = draw(st.sampled_from([True, False, changed.get("readOnly")]))
    return as_recorded(changed)


EVENTS = [event for rule in RULES for event in seen(rule.id)[:3]]


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_no_rule_matches_a_changed_event_that_does_not_pass(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(RULES))
    own = data.draw(st.sampled_from(seen(rule.id)))
    other = data.draw(st.sampled_from(EVENTS))
    event = data.draw(mutated(own.event, other.event))

    if matches(rule, event, own.run.derivations):
        assert passes(alone(rule.id), event)
        assert passes(TOGETHER, event)


def test_every_event_that_changes_a_resource_passes_and_a_failed_one_does_not() -> None:
    several = [one for one in TOGETHER if one.queue == "change"]
    for file in CHANGES.files.values():
        for example in file.examples:
            record = {
                "eventSource": file.sources[0],
                "awsRegion": "eu-west-1",
                "recipientAccountId": "111122223333",
                **example.event,
            }
            passed = [one for one in several if one.lets_through(envelope_of(record))]
            assert bool(passed) is (record.get("errorCode") is None), record


def test_every_named_event_passes_with_and_without_a_version() -> None:
    several = [one for one in TOGETHER if one.queue == "change"]
    versioned = CHANGES.versioned_sources()
    assert versioned
    for source, names in CHANGES.event_names().items():
        for name in names:
            versions = ["", "20150331v2"] if source in versioned else [""]
            for version in versions:
                record = {"eventSource": source, "eventName": f"{name}{version}"}
                assert any(one.lets_through(envelope_of(record)) for one in several)
