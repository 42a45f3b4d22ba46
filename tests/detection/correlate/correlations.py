"""Correlations, rules and events as small as a test needs them."""

from collections.abc import Sequence
from typing import Any

from tests.detection.correlate.naive_correlation import Event
from vedette.detection.correlate.correlator import Correlator, Judged, MemoryMatch
from vedette.detection.correlate.plan import plan_of
from vedette.detection.ir import (
    ALWAYS,
    CompiledCorrelation,
    CompiledRule,
    CompiledRules,
    CorrelationType,
    Threshold,
)
from vedette.findings.severity import Severity

RULES = ("a", "b", "c")


def at_least(count: float, *fields: str) -> Threshold:
    return Threshold(operator="gte", count=count, fields=fields)


def correlation(**settings: Any) -> CompiledCorrelation:
    given: dict[str, Any] = {
        "id": "correlation",
        "title": "t",
        "level": Severity.HIGH,
        "type": CorrelationType.EVENT_COUNT,
        "rules": ("a",),
        "timespan": 10,
    } | settings
    return CompiledCorrelation(**given | {"rules": tuple(given["rules"])})


def rule(name: str, **extension: Any) -> CompiledRule:
    return CompiledRule(
        id=name,
        title=name,
        level=Severity.LOW,
        condition=ALWAYS,
        selections={},
        extension=extension,
    )


def compiled(*some: CompiledCorrelation, rules: Sequence[CompiledRule] = ()) -> CompiledRules:
    named = {one.id: one for one in rules}
    base = tuple(named.get(one, rule(one)) for one in RULES)
    return CompiledRules(rules=base, correlations=some)


def event(name: str, time: int, *rules: str, **fields: Any) -> Event:
    return Event(name, time, rules or ("a",), fields)


def tell(correlator: Correlator, told: Sequence[Event]) -> None:
    for one in told:
        for each in one.rules:
            correlator.observe(each, one.time, one.id, one.texts, detail=one.id)


def judged(rules: CompiledRules, told: Sequence[Event]) -> Judged:
    correlator = Correlator(plan_of(rules))
    tell(correlator, told)
    return correlator.finish()


def matches(rules: CompiledRules, told: Sequence[Event]) -> tuple[MemoryMatch, ...]:
    found = judged(rules, told)
    assert found.problems == ()
    return found.matches


def summary(found: Sequence[MemoryMatch]) -> list[tuple[str, int, int, int]]:
    """Return rule, first and last moment and number of events of each match."""
    return [(one.rule, one.time, one.until, one.event_count) for one in found]


def burst(count: int, start: int, *rules: str, step: int = 1, **fields: Any) -> list[Event]:
    return [
        event(f"{start}-{n}-{fields}", start + n * step, *rules, **fields) for n in range(count)
    ]
