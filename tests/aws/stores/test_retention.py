"""What a store may forget is missed by no rule."""

from hypothesis import given
from hypothesis import strategies as st

from tests.detection.correlate.correlations import at_least, compiled, correlation, rule
from vedette.aws.stores.retention import (
    LEAST_OF_A_SORT,
    MOST_HITS,
    Retention,
    retentions,
    surplus,
)
from vedette.aws.stores.tables import LATENESS
from vedette.detection.correlate.hits import Hit, pack, unpack
from vedette.detection.correlate.memory import FirstSeen, Observation
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.windows import episodes
from vedette.detection.ir import CorrelationType

DAY = 86_400


def hit(time: int, event: int = 0, source: int = 0, value: int = 0) -> bytes:
    return pack(Hit(time, source, event.to_bytes(16, "big"), value.to_bytes(8, "big")))


def test_every_rule_with_memory_keeps_what_its_window_needs() -> None:
    rules = compiled(
        correlation(id="count", threshold=at_least(100), timespan=600),
        correlation(id="sum", type=CorrelationType.VALUE_SUM, threshold=at_least(9, "size")),
        correlation(id="order", type=CorrelationType.TEMPORAL_ORDERED, rules=("a", "b")),
        rules=(
            rule("b", first_seen={"fields": ["x"], "look_back": "30d"}),
            rule("c", impossible_travel={"speed_kmh": 1_000}),
        ),
    )

    kept = retentions(plan_of(rules))

    assert kept["count"] == Retention(seconds=600, most_of_a_sort=200)
    assert kept["sum"] == Retention(seconds=10)
    assert kept["order"] == Retention(seconds=10, most_of_a_sort=LEAST_OF_A_SORT)
    assert kept["b"] == Retention(seconds=30 * DAY, look_back=30 * DAY)
    assert 20 * 3_600 < kept["c"].seconds < 21 * 3_600


def test_hits_that_are_old_are_surplus_once_late_ones_have_had_their_time() -> None:
    hits = {hit(0), hit(10), hit(LATENESS + 105)}

    assert surplus(hits, Retention(seconds=100)) == {hit(0)}
    assert surplus(set(), Retention(seconds=100)) == set()


def test_many_of_one_sort_push_out_none_of_another() -> None:
    rare = {hit(0, source=1), hit(0, value=7)}
    many = {hit(time, event) for time in range(10) for event in range(50)}

    left = (rare | many) - surplus(rare | many, Retention(seconds=100, most_of_a_sort=40))

    assert rare <= left
    assert len(left) == 42
    assert min(unpack(one).time for one in left - rare) == 9


def test_the_most_recent_hits_stay_where_all_are_of_different_sorts() -> None:
    hits = {hit(time, value=time) for time in range(MOST_HITS + 10)}

    gone = surplus(hits, Retention(seconds=DAY, most_of_a_sort=40))

    assert gone == {hit(time, value=time) for time in range(10)}


@given(times=st.lists(st.integers(0, 400), min_size=1, max_size=80), most=st.integers(1, 20))
def test_a_count_holds_until_the_same_moment_without_what_is_forgotten(
    times: list[int], most: int
) -> None:
    counting = correlation(threshold=at_least(most), timespan=60)
    hits = {hit(time, place) for place, time in enumerate(times)}

    gone = surplus(hits, retentions(plan_of(compiled(counting)))["correlation"])

    before = episodes(counting, map(unpack, hits))
    after = episodes(counting, map(unpack, hits - gone))
    assert bool(before) == bool(after)
    if before and max(times) == before[-1].until:
        assert after[-1].until == before[-1].until


@given(times=st.lists(st.integers(0, 400), min_size=1, max_size=80))
def test_first_seen_fires_at_the_same_moments_without_what_is_forgotten(times: list[int]) -> None:
    memory = FirstSeen(look_back=30, learning=0)
    hits = {hit(time, place) for place, time in enumerate(times)}

    gone = surplus(hits, Retention(seconds=30, look_back=30))

    found = [
        [one.time for one in memory.episodes(map(unpack, some), Observation(since=0))]
        for some in (hits, hits - gone)
    ]
    assert found[0] == found[1]
