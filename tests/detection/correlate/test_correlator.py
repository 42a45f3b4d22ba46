from typing import Any

import pytest

from tests.detection.correlate.correlations import (
    at_least,
    burst,
    compiled,
    correlation,
    event,
    matches,
    rule,
    summary,
)
from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.plan import plan_of, refusals
from vedette.detection.ir import AllOf, AnyOf, CorrelationType, Held, Not, Threshold

ORDERED, TEMPORAL = CorrelationType.TEMPORAL_ORDERED, CorrelationType.TEMPORAL
THREE = correlation(threshold=at_least(3), group_by=("user",))


def test_a_burst_is_one_match_however_long_it_is() -> None:
    found = matches(compiled(THREE), burst(100, 0, user="u"))

    assert summary(found) == [("correlation", 2, 99, 100)]
    assert found[0].group == (("user", "u"),)
    assert found[0].event_ids[0] == "0-0-{'user': 'u'}"


def test_bursts_that_are_apart_are_matches_of_their_own() -> None:
    found = matches(compiled(THREE), burst(3, 0, user="u") + burst(4, 1_000, user="u"))

    assert summary(found) == [("correlation", 2, 2, 3), ("correlation", 1_002, 1_003, 4)]


def test_a_window_slides_and_includes_both_ends() -> None:
    assert summary(matches(compiled(THREE), burst(3, 7, step=5, user="u"))) == [
        ("correlation", 17, 17, 3)
    ]
    apart = [event("x", 0, user="u"), event("y", 1, user="u"), event("z", 11, user="u")]
    assert matches(compiled(THREE), apart) == ()


def test_groups_do_not_mix_and_an_event_without_the_field_belongs_to_none() -> None:
    told = [*burst(2, 0, user="u"), *burst(2, 0, user="v"), *burst(5, 0)]

    assert matches(compiled(THREE), told) == ()


def test_without_group_by_everything_is_one_group() -> None:
    found = matches(compiled(correlation(threshold=at_least(3))), burst(3, 0))

    assert (found[0].group, found[0].event_count) == ((), 3)


def test_an_event_with_several_values_belongs_to_several_groups() -> None:
    found = matches(compiled(THREE), burst(3, 0, user=["u", "v"]))

    assert [one.group for one in found] == [(("user", "u"),), (("user", "v"),)]


def test_an_event_delivered_twice_counts_once() -> None:
    twice = burst(2, 0, user="u") * 2

    assert matches(compiled(THREE), twice) == ()


def test_the_detail_shown_is_that_of_the_event_which_completed_the_match() -> None:
    found = matches(compiled(THREE), burst(5, 0, user="u"))

    assert found[0].trigger == "0-2-{'user': 'u'}"
    assert found[0].details == found[0].event_ids


def test_aliases_join_what_rules_name_differently() -> None:
    joined = correlation(
        type=TEMPORAL,
        rules=("a", "b"),
        group_by=("who",),
        aliases={"who": {"a": "userName", "b": "target"}},
    )
    told = [
        event("1", 0, "a", userName="bob"),
        event("2", 1, "b", target="bob", userName="eve"),
        event("3", 2, "b", target="eve"),
    ]

    assert [one.group for one in matches(compiled(joined), told)] == [(("who", "bob"),)]


@pytest.mark.parametrize(
    ("first", "second", "found"), [(0, 5, 1), (5, 0, 0), (3, 3, 1), (0, 11, 0)]
)
def test_order_counts_between_seconds_and_not_within_one(
    first: int, second: int, found: int
) -> None:
    ordered = correlation(type=ORDERED, rules=("a", "b"))
    told = [event("1", first, "a"), event("2", second, "b")]

    assert len(matches(compiled(ordered), told)) == found


def test_not_in_an_expression_means_not_within_the_timespan_before() -> None:
    without = correlation(
        type=TEMPORAL, rules=("a", "b"), expression=AllOf((Held("a"), Not(Held("b"))))
    )

    assert matches(compiled(without), [event("1", 0, "b"), event("2", 5, "a")]) == ()
    assert len(matches(compiled(without), [event("1", 0, "b"), event("2", 50, "a")])) == 1


def test_an_expression_may_offer_alternatives_in_order() -> None:
    either = correlation(
        type=ORDERED,
        rules=("a", "b", "c"),
        expression=AllOf((Held("a"), AnyOf((Held("b"), Held("c"))))),
    )

    assert len(matches(compiled(either), [event("1", 0, "a"), event("2", 5, "c")])) == 1
    assert matches(compiled(either), [event("1", 5, "a"), event("2", 0, "c")]) == ()


def test_numbers_are_summed_exactly_whatever_the_order() -> None:
    total = correlation(
        type=CorrelationType.VALUE_SUM,
        threshold=Threshold(operator="eq", count=1, fields=("n",)),
    )
    numbers = (1e16, 0.5, -1e16, 0.25, 0.25)
    told = [event(str(place), 0, n=number) for place, number in enumerate(numbers)]

    assert len(matches(compiled(total), told)) == 1
    assert matches(compiled(total), told) == matches(compiled(total), told[::-1])


@pytest.mark.parametrize("value", ["many", "nan", "inf", "1e999", "", True])
def test_what_is_no_number_is_not_measured(value: Any) -> None:
    total = correlation(type=CorrelationType.VALUE_SUM, threshold=at_least(0, "n"))

    assert matches(compiled(total), [event("1", 0, n=value)]) == ()


def test_events_without_a_time_are_told() -> None:
    correlator = Correlator(plan_of(compiled(THREE)))
    correlator.observe("a", None, "1", lambda _: ["u"])

    assert correlator.finish().problems == (
        "1 events bear no usable time and were not correlated.",
    )


def test_ids_that_are_no_uuids_come_back_as_they_were() -> None:
    ids = ["6d1f4a52-5d0c-4a0f-9b2b-0d7f6e2c8a11", "6D1F4A52-5D0C-4A0F-9B2B-0D7F6E2C8A12", "ü" * 36]
    told = [event(one, place, user="u") for place, one in enumerate(ids)]

    assert list(matches(compiled(THREE), told)[0].event_ids) == ids


def test_a_long_value_still_tells_groups_apart() -> None:
    told = [event(str(n), n, user="x" * 5_000 + str(n % 2)) for n in range(5)]

    found = matches(compiled(THREE), told)
    assert [one.event_count for one in found] == [3]
    assert len(found[0].group[0][1]) < 600


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (correlation(rules=("a", "a"), threshold=at_least(1)), "a rule twice"),
        (correlation(threshold=Threshold(operator="lt", count=1)), "absence of events"),
        (correlation(threshold=Threshold(operator="lte", count=0)), "absence of events"),
        (correlation(threshold=Threshold(operator="eq", count=0)), "absence of events"),
        (
            correlation(type=CorrelationType.VALUE_PERCENTILE, threshold=at_least(1, "n")),
            "needs a percentile",
        ),
        (
            correlation(type=ORDERED, rules=[f"r{n}" for n in range(11)], expression=Held("r1")),
            "up to 10 rules",
        ),
    ],
)
def test_what_cannot_run_as_meant_is_refused(refused: Any, said: str) -> None:
    assert said in refusals(refused)[0].reason


def test_what_can_run_is_not_refused() -> None:
    for sound in (
        THREE,
        correlation(threshold=Threshold(operator="lt", count=2)),
        correlation(type=TEMPORAL, rules=("a", "b"), expression=Held("a")),
    ):
        assert refusals(sound) == []


def test_the_plan_names_every_field_that_memories_read() -> None:
    value = correlation(
        id="v",
        type=CorrelationType.VALUE_COUNT,
        rules=("new",),
        threshold=at_least(2, "x"),
        group_by=("y",),
    )
    rules = compiled(value, rules=[rule("a", first_seen={"fields": ["z"]})])

    assert plan_of(rules).fields == {"vedette.principal", "z", "x", "y"}
