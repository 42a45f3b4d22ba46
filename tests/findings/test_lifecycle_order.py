"""Whatever order observations come in, in whatever batches and however often: the same finding."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.findings.observing import (
    DENIED,
    FAILED,
    PASSED,
    SUCCESS,
    UNKNOWN,
    at,
    event,
    in_batches,
    verdict,
)
from vedette.findings.lifecycle import observe
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding

WINDOW = timedelta(minutes=12)
# By our clock, or how often we told: these depend on when we hear of something.
OURS = {"version", "transition", "opened_at", "status_at", "told_events"}


@st.composite
def events(draw: st.DrawFn) -> Observation:
    minutes = draw(st.integers(0, 60))
    return event(
        minutes,
        *draw(st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3)),
        window=WINDOW,
        severity=draw(st.sampled_from([Severity.LOW, Severity.HIGH])),
        principal=draw(st.sampled_from(["alice", "bob", None])),
        region=draw(st.sampled_from(["eu-west-1", "us-east-1"])),
        outcome=draw(st.sampled_from([SUCCESS, DENIED, None])),
        reason=draw(st.sampled_from(["this", "that"])),
    )


@st.composite
def shuffled(draw: st.DrawFn, told: list[Observation]) -> list[list[Observation]]:
    """Repeat some, shuffle all, and cut into batches."""
    repeats = draw(st.lists(st.sampled_from(told), max_size=6))
    order = draw(st.permutations([*told, *repeats]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=4)))
    edges = [0, *cuts, len(order)]
    return [order[a:b] for a, b in pairwise(edges) if a < b]


def known(state: TrackedFinding | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return state.model_dump(exclude=OURS) | {"occurrences": state.occurrences}


@given(data=st.data(), told=st.lists(events(), min_size=1, max_size=12))
def test_events_make_the_same_finding_in_any_order(
    data: st.DataObject, told: list[Observation]
) -> None:
    batches = data.draw(shuffled(told))

    assert known(in_batches(batches)) == known(in_batches([told]))


@given(data=st.data(), told=st.lists(events(), min_size=1, max_size=12))
def test_events_told_again_change_nothing(data: st.DataObject, told: list[Observation]) -> None:
    state = in_batches([told])

    for batch in data.draw(shuffled(told)):
        assert observe(state, batch, at(2_000)) is None


@st.composite
def reads(draw: st.DrawFn) -> list[Observation]:
    """Reads of one resource at different times, each failure with evidence of its own."""
    answers = draw(st.lists(st.sampled_from([FAILED, PASSED, UNKNOWN]), min_size=1, max_size=8))
    return [
        verdict(place, answer, evidence={"read": place}) for place, answer in enumerate(answers)
    ]


@given(data=st.data(), told=reads())
def test_of_reads_told_at_once_the_latest_decides(
    data: st.DataObject, told: list[Observation]
) -> None:
    shuffled_told = data.draw(st.permutations([*told, *told]))

    assert in_batches([shuffled_told]) == in_batches([told])
    answers = [one.verdict for one in told if one.verdict is not UNKNOWN]
    state = in_batches([shuffled_told])
    is_open = state is not None and state.is_open
    assert is_open == (answers[-1:] == [FAILED])


@given(data=st.data(), told=reads())
def test_a_failure_is_hidden_by_no_earlier_pass_that_comes_later(
    data: st.DataObject, told: list[Observation]
) -> None:
    failure = verdict(50, FAILED, evidence={"read": "the last"})

    state = in_batches(data.draw(shuffled([*told, failure])))

    assert state is not None
    assert state.is_open
    assert state.evidence == failure.evidence


@given(data=st.data(), told=reads())
def test_nothing_but_failures_opens_and_nothing_unknown_changes(
    data: st.DataObject, told: list[Observation]
) -> None:
    batches = data.draw(shuffled(told))
    definite = [[one for one in batch if one.verdict is not UNKNOWN] for batch in batches]

    assert in_batches(batches) == in_batches(definite)
    if all(one.verdict is not FAILED for one in told):
        assert in_batches(batches) is None


@given(data=st.data(), told=reads())
def test_the_next_sweep_puts_right_what_came_late(
    data: st.DataObject, told: list[Observation]
) -> None:
    plain = [one.model_copy(update={"evidence": {}}) for one in told]
    sweep = verdict(100, PASSED), verdict(200, FAILED, evidence={})

    state = in_batches(data.draw(shuffled(plain)))

    passed = in_batches([[sweep[0]]], state)
    assert passed is None or not passed.is_open
    failed = in_batches([[sweep[1]]], state)
    assert failed is not None
    assert failed.is_open
