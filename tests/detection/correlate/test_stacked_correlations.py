from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection.correlate.correlations import (
    at_least,
    burst,
    compiled,
    correlation,
    event,
    matches,
    summary,
)
from tests.detection.correlate.naive_correlation import Event
from vedette.detection.correlate.correlator import MemoryMatch
from vedette.detection.ir import CorrelationType

ORDERED = CorrelationType.TEMPORAL_ORDERED
FAILURES = correlation(
    id="failures", threshold=at_least(3), group_by=("user", "address"), alerts=False
)
SUCCESS_AFTER = correlation(
    id="success_after", type=ORDERED, rules=("failures", "b"), group_by=("user",), timespan=60
)


def test_a_correlation_may_stand_on_another_one() -> None:
    told = [*burst(5, 0, user="u", address="x"), event("in", 30, "b", user="u", address="y")]

    found = matches(compiled(FAILURES, SUCCESS_AFTER), told)

    assert summary(found) == [("success_after", 30, 30, 6)]
    assert (found[0].event_ids[-1], found[0].trigger) == ("in", "in")


def test_what_follows_a_long_burst_is_measured_from_its_last_moment() -> None:
    told = [*burst(500, 0, user="u", address="x"), event("in", 550, "b", user="u")]

    assert summary(matches(compiled(FAILURES, SUCCESS_AFTER), told)) == [
        ("success_after", 550, 550, 501)
    ]


def test_a_chain_groups_by_its_own_fields_even_if_the_lower_one_does_not() -> None:
    by_address = correlation(id="spray", threshold=at_least(3), group_by=("address",), alerts=False)
    after = correlation(
        id="after", type=ORDERED, rules=("spray", "b"), group_by=("user",), timespan=60
    )
    told = [event(str(n), n, "a", address="x", user=f"u{n}") for n in range(4)]

    def then(user: str) -> list[Any]:
        return [
            one.group
            for one in matches(compiled(by_address, after), [*told, event("in", 9, "b", user=user)])
        ]

    assert then("u2") == [(("user", "u2"),)]
    assert then("u9") == []


def test_a_burst_counts_once_for_the_correlation_above() -> None:
    bursts = correlation(
        id="bursts", rules=("failures",), threshold=at_least(2), group_by=("user",), timespan=500
    )
    one = burst(50, 0, user="u", address="x")

    assert matches(compiled(FAILURES, bursts), one) == ()
    two = [*one, *burst(5, 300, user="u", address="y")]
    assert summary(matches(compiled(FAILURES, bursts), two)) == [("bursts", 302, 304, 55)]


def test_values_pass_through_a_chain() -> None:
    users = correlation(
        id="users",
        type=CorrelationType.VALUE_COUNT,
        rules=("failures",),
        threshold=at_least(2, "user"),
        group_by=(),
        timespan=100,
    )
    told = [*burst(3, 0, user="u", address="x"), *burst(3, 50, user="v", address="x")]

    assert summary(matches(compiled(FAILURES, users), told)) == [("users", 52, 52, 6)]


def test_three_correlations_may_stand_on_each_other() -> None:
    top = correlation(
        id="top", type=ORDERED, rules=("success_after", "c"), group_by=("account",), timespan=99
    )
    middle = correlation(
        id="success_after",
        type=ORDERED,
        rules=("failures", "b"),
        group_by=("user",),
        timespan=60,
        alerts=False,
    )
    told = [
        *burst(3, 0, user="u", address="x", account="1"),
        event("in", 9, "b", user="u", account="1"),
        event("act", 20, "c", account="1"),
        event("other", 20, "c", account="2"),
    ]

    found = matches(compiled(FAILURES, middle, top), told)

    assert [(one.rule, one.group, one.event_count) for one in found] == [
        ("top", (("account", "1"),), 5)
    ]


def test_a_rule_that_alerts_itself_does_so_beside_the_correlation() -> None:
    loud = correlation(id="failures", threshold=at_least(3), group_by=("user", "address"))
    told = [*burst(3, 0, user="u", address="x"), event("in", 9, "b", user="u")]

    assert [one.rule for one in matches(compiled(loud, SUCCESS_AFTER), told)] == [
        "failures",
        "success_after",
    ]


told_events = st.builds(
    lambda number, time, name, user, address: event(
        f"e{number}", time, name, user=user, address=address
    ),
    st.integers(0, 40),
    st.integers(0, 60),
    st.sampled_from("abc"),
    st.sampled_from(["u", "v"]),
    st.sampled_from(["x", "y", ["x", "y"]]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(told_events, max_size=20, unique_by=lambda one: one.id), st.data())
def test_any_order_and_repetition_gives_the_same_stacked_matches(
    told: list[Event], data: st.DataObject
) -> None:
    low = correlation(
        id="failures", threshold=at_least(2), group_by=("user", "address"), timespan=10
    )
    high = correlation(
        id="after", type=ORDERED, rules=("failures", "b"), group_by=("address",), timespan=30
    )
    rules = compiled(low, high)
    shuffled = data.draw(st.permutations(told + told[:5]))
    once = matches(rules, told)

    assert [strip(one) for one in matches(rules, shuffled)] == [strip(one) for one in once]


def strip(one: MemoryMatch) -> tuple[Any, ...]:
    """Leave out the details: of an event delivered twice, either may be kept."""
    return (one.rule, one.time, one.until, one.group, one.event_ids, one.event_count)
