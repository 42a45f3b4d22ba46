"""Many writers at once, on a DynamoDB that is as atomic as AWS's."""

import random
from collections.abc import Callable

import pytest

from tests.aws.stores.made import Counting, together
from tests.findings.observing import DENIED, SUCCESS, action, at, event, in_batches, verdict
from vedette.aws.stores.findings import DynamoFindings
from vedette.findings.lifecycle import ActionKind
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.tracked import FindingStatus, TransitionKind

EVENTS = "event-finding"
OURS = {"version", "transition", "opened_at", "status_at", "told_events", "announced_version"}


pytestmark = pytest.mark.usefixtures("hostile_threads")


@pytest.fixture
def store(client: Counting) -> DynamoFindings:
    return DynamoFindings(client, "findings", now=lambda: at(100))


def record(store: DynamoFindings, told: list[Observation], size: int = 1) -> None:
    for start in range(0, len(told), size):
        recorded = store.record(told[start : start + size])
        assert recorded.failed == {}


def test_workers_that_open_one_finding_at_once_open_it_once(store: DynamoFindings) -> None:
    with together(*(lambda name=name: record(store, [event(0, name)]) for name in "abcdefgh")):
        state = store.get(EVENTS)

    assert state is not None
    assert state.events.count == 8
    assert [one.kind for one in store.timeline(EVENTS)] == [TransitionKind.OPENED]


def test_events_shuffled_and_tripled_over_workers_make_the_same_finding(
    store: DynamoFindings,
) -> None:
    told = [
        event(
            minute,
            outcome=SUCCESS if minute % 7 == 0 else DENIED,
            principal=f"p{minute % 3}",
            region=("eu-west-1", "us-east-1")[minute % 2],
            source_ip=f"198.51.100.{minute}",
        )
        for minute in range(12)
    ]
    orders = [random.Random(seed).sample(told, len(told)) for seed in range(3)]  # noqa: S311

    with together(*(lambda order=order: record(store, order, 4) for order in orders)):
        state, alone = store.get(EVENTS), in_batches([told])

    assert state is not None
    assert alone is not None
    assert state.model_dump(exclude=OURS) == alone.model_dump(exclude=OURS)
    assert state.occurrences == alone.occurrences


def test_a_timeline_under_race_has_every_version_once(store: DynamoFindings) -> None:
    told = [[event(minute, principal=f"p{minute}")] for minute in range(8)]

    with together(*(lambda one=one: record(store, one) for one in told)):
        entries = store.timeline(EVENTS)
    state = store.get(EVENTS)

    assert state is not None
    assert [one.version for one in entries] == list(range(1, state.version + 1))
    assert len(state.principals) == 8


def test_of_two_people_who_acknowledge_at_once_one_does(store: DynamoFindings) -> None:
    record(store, [event(0)])
    done: list[object] = []
    wish = action(ActionKind.ACKNOWLEDGE, 3, EVENTS)

    with together(*(lambda: done.append(store.act(wish)) for _ in range(6))):
        state = store.get(EVENTS)

    assert sum(one is not None for one in done) == 1
    assert state is not None
    assert (state.status, state.version) == (FindingStatus.ACKNOWLEDGED, 2)


def test_an_action_among_repeats_loses_no_event(store: DynamoFindings) -> None:
    record(store, [event(0)])
    wish = action(ActionKind.ACKNOWLEDGE, 3, EVENTS)
    repeats = [[event(place / 60, f"repeat {place}")] for place in range(1, 8)]

    with together(
        lambda: store.act(wish),
        *(lambda one=one: record(store, one) for one in repeats),
    ):
        state = store.get(EVENTS)

    assert state is not None
    assert state.status is FindingStatus.ACKNOWLEDGED
    assert state.events.count == 8


def test_workers_that_read_one_resource_leave_what_the_latest_read(store: DynamoFindings) -> None:
    told = [verdict(minute, evidence={"minute": minute}) for minute in range(8)]

    with together(*(lambda one=one: record(store, [one]) for one in told)):
        state = store.get("bucket-finding")

    assert state is not None
    assert state.evidence == {"minute": 7}
    assert state.version == 1


def between(client: Counting, method: str, work: Callable[[], object]) -> None:
    """Let somebody else work between the next read and the write that follows from it."""
    waiting = [work]

    def interrupt(_: object) -> None:
        if waiting:
            waiting.pop()()

    client.failing[method] = interrupt


def test_a_transition_does_not_undo_what_a_repeat_learned_meanwhile(
    store: DynamoFindings, client: Counting
) -> None:
    record(store, [event(0, reason="first")])
    between(client, "transact_write_items", lambda: record(store, [event(9, reason="the latest")]))

    record(store, [event(5, principal="bob", reason="in between")])

    state = store.get(EVENTS)
    assert state is not None
    assert (state.reason, state.last_seen) == ("the latest", at(9))
    assert (state.events.count, state.principals) == (3, ("alice", "bob"))


def test_a_late_repeat_does_not_undo_what_a_later_one_learned_meanwhile(
    store: DynamoFindings, client: Counting
) -> None:
    record(store, [event(0, reason="first")])
    between(client, "update_item", lambda: record(store, [event(9, reason="the latest")]))

    record(store, [event(5, reason="in between")])

    state = store.get(EVENTS)
    assert state is not None
    assert (state.reason, state.events.count) == ("the latest", 3)


def test_forgetting_past_episodes_forgets_no_event_that_comes_meanwhile(
    store: DynamoFindings, client: Counting
) -> None:
    days = 24 * 60
    record(store, [event(0, *map(str, range(200)), severity=Severity.LOW)])
    late = event(-1, "late", outcome=DENIED, severity=Severity.LOW)
    between(client, "transact_write_items", lambda: record(store, [late]))

    record(store, [event(3 * days, "new")])

    held = client.get_item(
        TableName="findings", Key={"pk": {"S": f"F#{EVENTS}"}, "sk": {"S": "STATE"}}
    )
    state = store.get(EVENTS)
    assert state is not None
    assert (state.episode, state.events.count) == (2, 1)
    assert state.occurrences == frozenset(held["Item"]["occurrences"]["BS"])
    assert client.calls["transact_write_items"] == 3


def test_a_person_and_a_new_principal_at_once_are_both_heard(
    store: DynamoFindings, client: Counting
) -> None:
    record(store, [event(0)])
    wish = action(ActionKind.ACKNOWLEDGE, 3, EVENTS)
    between(client, "transact_write_items", lambda: store.act(wish))

    record(store, [event(5, principal="bob")])

    kinds = [one.kind.value for one in store.timeline(EVENTS)]
    assert kinds == ["opened", "acknowledged", "realerted"]
