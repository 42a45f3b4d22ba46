"""The correlator gives what correlations mean, in whatever order events come."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection.correlate.correlations import RULES, compiled, correlation, tell
from tests.detection.correlate.naive_correlation import Event, Found, found_by
from vedette.detection.correlate.batch import Batch
from vedette.detection.correlate.correlator import Correlator, Judged
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.store import MemoryStore
from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledCorrelation,
    Condition,
    CorrelationType,
    Held,
    Not,
    Threshold,
)

FIELDS = ("user", "address", "bytes")
values = st.sampled_from(["x", "y", 1, 2, 2.5, -3, 10**9, ["x", "y"], [1, 4], [], None])
events = st.builds(
    lambda number, time, rules, fields: (number, time, tuple(sorted(rules)), fields),
    st.integers(0, 30),
    st.integers(0, 40),
    st.sets(st.sampled_from(RULES), min_size=1),
    st.dictionaries(st.sampled_from(FIELDS), values),
)
expressions: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(RULES).map(Held),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
        | inner.map(Not)
    ),
    max_leaves=4,
)
thresholds = st.builds(
    Threshold,
    operator=st.sampled_from(["eq", "neq", "lt", "lte", "gt", "gte"]),
    count=st.sampled_from([1, 2, 3, 4, 0.5, 2.5, 1_000]),
    fields=st.sampled_from([("bytes",), ("user",)]),
    percentile=st.sampled_from([0, 25, 50, 100]),
)


@st.composite
def correlations(draw: st.DrawFn) -> CompiledCorrelation:
    kind = draw(st.sampled_from(CorrelationType))
    threshold: Threshold | None = draw(thresholds)
    expression = None
    if kind is CorrelationType.VALUE_COUNT and draw(st.booleans()):
        threshold = Threshold(operator="gte", count=2, fields=("user", "bytes"))
    if kind.startswith("temporal") and draw(st.booleans()):
        threshold, expression = None, draw(expressions)
    return correlation(
        type=kind,
        rules=draw(st.permutations(RULES)) if kind.startswith("temporal") else RULES[:2],
        threshold=threshold,
        expression=expression,
        timespan=draw(st.integers(1, 15)),
        group_by=draw(st.sampled_from([(), ("user",), ("user", "address"), ("who",)])),
        aliases={"who": {"a": "user", "b": "address", "c": "user"}},
    )


def found_in(judged: Judged) -> Found:
    assert judged.problems == ()
    for one in judged.matches:
        assert one.event_count == len(one.event_ids) == len(set(one.event_ids))
    return {
        (tuple(text for _, text in one.group), one.time, one.until, frozenset(one.event_ids))
        for one in judged.matches
    }


def distinct(raw: list[Any]) -> list[Event]:
    """Make events of which no two share an id."""
    by_id = {
        number: Event(f"e{number}", time, rules, fields) for number, time, rules, fields in raw
    }
    return list(by_id.values())


def run(rule: CompiledCorrelation, told: Sequence[Event]) -> Found:
    correlator = Correlator(plan_of(compiled(rule)))
    tell(correlator, told)
    return found_in(correlator.finish())


def run_in_two_processes(rule: CompiledCorrelation, told: Sequence[Event]) -> Found:
    half = len(told) // 2
    batches: list[Batch] = []
    for part in (told[half:], told[:half]):
        correlator = Correlator(plan_of(compiled(rule)))
        tell(correlator, part)
        batches.append(correlator.batch)
    correlator = Correlator(plan_of(compiled(rule)))
    for batch in batches:
        correlator.batch.join(batch)
    return found_in(correlator.finish())


def run_batch_by_batch(rule: CompiledCorrelation, told: Sequence[Event]) -> Found:
    """Tell one event after the other, as a queue may; what was found last counts."""
    store, correlator = MemoryStore(), Correlator(plan_of(compiled(rule)))
    for event in told:
        tell(correlator, [event])
        correlator.finish(store)
    tell(correlator, told)
    return found_in(correlator.finish(store))


@settings(max_examples=400, deadline=None)
@given(correlations(), st.lists(events, max_size=14), st.data())
@pytest.mark.parametrize("way", [run, run_in_two_processes, run_batch_by_batch])
def test_any_order_and_repetition_gives_what_the_correlation_means(
    way: Callable[[CompiledCorrelation, Sequence[Event]], Found],
    rule: CompiledCorrelation,
    raw: list[Any],
    data: st.DataObject,
) -> None:
    told = distinct(raw)
    repeated = data.draw(st.permutations(told + told[: len(told) // 2]))

    assert way(rule, repeated) == found_by(rule, told)
