"""The hit store in DynamoDB does what the one in memory does, for a correlator above all."""

import random
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import pytest

from tests.aws.stores.made import Counting, error, together
from tests.detection.correlate.correlations import (
    at_least,
    compiled,
    correlation,
    event,
    rule,
    tell,
)
from tests.detection.correlate.naive_correlation import Event
from vedette.aws.stores.hits import DynamoHits
from vedette.aws.stores.retention import LEAST_OF_A_SORT, Retention, retentions
from vedette.aws.stores.tables import LATENESS
from vedette.detection.correlate.correlator import Correlator, MemoryMatch
from vedette.detection.correlate.hits import NO_VALUE, Hit, pack
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.store import GroupKey, HitStore, MemoryStore
from vedette.detection.ir import CorrelationType
from vedette.findings.store import StoreBusyError

NOW = 1_800_000_000
RULES = compiled(
    correlation(threshold=at_least(4), group_by=("who",), timespan=100),
    correlation(
        id="values",
        type=CorrelationType.VALUE_COUNT,
        threshold=at_least(3, "what"),
        group_by=("who",),
        timespan=100,
    ),
    correlation(
        id="in order",
        type=CorrelationType.TEMPORAL_ORDERED,
        rules=("a", "b"),
        group_by=("who",),
        timespan=100,
    ),
    rules=(
        rule(
            "c",
            first_seen={
                "fields": ["what"],
                "principal": False,
                "look_back": "7d",
                "learning": "1s",
            },
        ),
    ),
)
PLAN = plan_of(RULES)


def hit(time: int, name: str = "e", source: int = 0, value: bytes = NO_VALUE) -> bytes:
    return pack(Hit(time, source, name.encode().ljust(16, b"."), value))


class MakesStores(Protocol):
    def __call__(self) -> HitStore:
        """Make a store over the same table as the others."""
        ...


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> MakesStores:
    if request.param == "memory":
        kept = MemoryStore()
        return lambda: kept
    client: Counting = request.getfixturevalue("client")
    return lambda: DynamoHits(client, "state", retentions(PLAN), now=lambda: NOW)


def test_hits_join_into_a_set(stores: MakesStores) -> None:
    store = stores()

    assert store.add("r", ("g",), [hit(NOW)]) == {hit(NOW)}
    assert store.add("r", ("g",), [hit(NOW + 1), hit(NOW)]) == {hit(NOW), hit(NOW + 1)}
    assert stores().add("r", ("g",), []) == {hit(NOW), hit(NOW + 1)}


def test_groups_and_rules_are_kept_apart(stores: MakesStores) -> None:
    store = stores()
    store.add("r", ("ab", "c"), [hit(NOW)])

    assert store.add("r", ("a", "bc"), []) == set()
    assert store.add("rab", ("c",), []) == set()
    assert store.add("r", ("ab", "c"), []) == {hit(NOW)}


@pytest.mark.parametrize("group", [(), ("",), ("x" * 5_000,), ("\ud800", "\0")])
def test_any_group_has_a_place(stores: MakesStores, group: GroupKey) -> None:
    store = stores()
    store.add("r", group, [hit(NOW)])

    assert store.add("r", group, []) == {hit(NOW)}


def story() -> list[Event]:
    """Two people, a burst, an order, new values, and pauses beyond the window."""
    told = []
    for place in range(60):
        who, what = ("eve", "sam")[place % 2], f"v{place % 9}"
        rules = (("a",), ("b",), ("a", "c"))[place % 3]
        time = NOW + place * 7 + (place // 20) * 5_000
        told.append(event(str(UUID(int=place)), time, *rules, who=who, what=what))
    return told


def observing() -> Correlator:
    """Return a correlator of a pipeline that has watched for longer than any rule learns."""
    correlator = Correlator(PLAN)
    correlator.saw(NOW - 86_400)
    return correlator


def told_at_once(events: Sequence[Event]) -> list[MemoryMatch]:
    correlator = observing()
    tell(correlator, events)
    return list(correlator.finish(MemoryStore()).matches)


def told_in_batches(batches: Sequence[Sequence[Event]], store: HitStore) -> list[MemoryMatch]:
    matches: list[MemoryMatch] = []
    for batch in batches:
        correlator = observing()
        tell(correlator, batch)
        matches += correlator.finish(store).matches
    return matches


def essence(matches: Sequence[MemoryMatch]) -> set[tuple[object, ...]]:
    return {
        (one.rule, one.time, one.until, one.group, one.event_ids, one.event_count)
        for one in matches
    }


def batches_of(events: Sequence[Event], size: int) -> list[Sequence[Event]]:
    return [events[start : start + size] for start in range(0, len(events), size)]


def test_a_story_has_matches_of_every_rule() -> None:
    found = {one.rule for one in told_at_once(story())}

    assert found == {"correlation", "values", "in order", "c"}


@pytest.mark.parametrize("size", [1, 7, 60])
def test_batches_find_what_all_events_at_once_find(stores: MakesStores, size: int) -> None:
    found = told_in_batches(batches_of(story(), size), stores())

    assert essence(told_at_once(story())) <= essence(found)


@pytest.mark.usefixtures("hostile_threads")
@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_tripled_batches_of_several_workers_find_the_same(
    client: Counting, seed: int
) -> None:
    events = story()
    mixed = random.Random(seed).sample(events * 3, 3 * len(events))  # noqa: S311
    found: list[MemoryMatch] = []

    def work(part: Sequence[Event]) -> None:
        store = DynamoHits(client, "state", retentions(PLAN), now=lambda: NOW)
        found.extend(told_in_batches(batches_of(part, 12), store))

    with together(*(lambda part=mixed[place::3]: work(part) for place in range(3))):
        assert essence(told_at_once(events)) <= essence(found)


@pytest.mark.usefixtures("hostile_threads")
def test_threads_that_add_to_one_group_lose_nothing(client: Counting) -> None:
    store = DynamoHits(client, "state", {}, now=lambda: NOW)

    def work(worker: int) -> None:
        for place in range(10):
            store.add("r", ("g",), [hit(NOW, f"{worker} {place}")])

    with together(*(lambda worker=worker: work(worker) for worker in range(6))):
        held = store.add("r", ("g",), [])

    assert len(held) == 60


def test_a_group_of_a_batch_is_one_call(client: Counting) -> None:
    store = DynamoHits(client, "state", {}, now=lambda: NOW)

    store.add("r", ("g",), [hit(NOW + place) for place in range(50)])

    assert client.calls == {"update_item": 1}


def test_a_group_stays_small_however_much_is_added(client: Counting) -> None:
    kept = {"r": Retention(seconds=100, most_of_a_sort=LEAST_OF_A_SORT)}
    store = DynamoHits(client, "state", kept, now=lambda: NOW)
    rare = hit(NOW, "rare", source=1)
    store.add("r", ("g",), [rare])

    for place in range(40):
        held = store.add("r", ("g",), [hit(NOW + place, f"{place} {n}") for n in range(20)])

    (item,) = client.scan(TableName="state")["Items"]
    assert len(item["hits"]["BS"]) <= LEAST_OF_A_SORT + 1 + 64 + 20
    assert rare in held


def test_what_is_only_waiting_to_be_cleared_away_is_not_returned(client: Counting) -> None:
    times = [float(NOW)]
    store = DynamoHits(client, "state", {"r": Retention(seconds=100)}, now=lambda: times[-1])
    store.add("r", ("g",), [hit(NOW)])
    times.append(NOW + 100 + 2 * LATENESS + 1)

    assert store.add("r", ("g",), []) == set()
    assert store.add("r", ("g",), [hit(NOW + 5)]) == {hit(NOW), hit(NOW + 5)}


def test_an_item_says_when_it_may_be_cleared_away(client: Counting) -> None:
    store = DynamoHits(client, "state", {"r": Retention(seconds=100)}, now=lambda: NOW)

    store.add("r", ("g",), [hit(NOW)])

    (item,) = client.scan(TableName="state")["Items"]
    assert int(item["expires"]["N"]) == NOW + 100 + 2 * LATENESS


def test_a_store_that_is_throttled_says_so(client: Counting) -> None:
    client.failing["update_item"] = lambda _: error("ProvisionedThroughputExceededException")

    with pytest.raises(StoreBusyError):
        DynamoHits(client, "state", {}).add("r", ("g",), [hit(NOW)])
