"""What every finding store does: the one in memory, which tests use, and the one in DynamoDB."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.aws.stores.made import Counting
from tests.fakes.findings import MemoryFindings
from tests.findings.observing import (
    ACCEPTED,
    ACCOUNT,
    ALICE,
    BUCKET,
    DENIED,
    PASSED,
    SUCCESS,
    action,
    at,
    event,
    gone,
    verdict,
)
from vedette.aws.stores.findings import DynamoFindings
from vedette.findings.lifecycle import ActionKind, ActionRefusedError
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.store import FindingStore, UnknownFindingError
from vedette.findings.tracked import FindingStatus, TrackedFinding, TransitionKind

BUCKETS, EVENTS = "bucket-finding", "event-finding"


class Clock:
    def __init__(self) -> None:
        self.minutes = 0.0

    def __call__(self) -> datetime:
        return at(self.minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, clock: Clock) -> FindingStore:
    if request.param == "memory":
        return MemoryFindings(clock)
    client: Counting = request.getfixturevalue("client")
    return DynamoFindings(client, "findings", now=clock)


def told(store: FindingStore, *observations: Observation) -> TrackedFinding:
    """Record observations and return the finding of the first."""
    recorded = store.record(observations)
    assert recorded.failed == {}
    state = store.get(observations[0].id)
    assert state is not None
    return state


def test_a_new_finding_is_kept_whole(store: FindingStore) -> None:
    recorded = store.record([verdict(0), event(1, "a", "b")])

    assert {change.after.id for change in recorded.changes} == {BUCKETS, EVENTS}
    for change in recorded.changes:
        assert store.get(change.after.id) == change.after
    assert set(store.get_many([BUCKETS, EVENTS, "another"])) == {BUCKETS, EVENTS}


def test_there_is_no_finding_of_another_id(store: FindingStore) -> None:
    assert store.get("another") is None
    assert store.get_many([]) == {}
    assert list(store.timeline("another")) == []


def test_a_timeline_tells_who_did_what_and_when(store: FindingStore, clock: Clock) -> None:
    told(store, verdict(0))
    store.act(action(ActionKind.ACKNOWLEDGE, 5, BUCKETS))
    clock.minutes = 9
    told(store, verdict(8, PASSED))
    told(store, verdict(12))

    entries = store.timeline(BUCKETS)

    assert [one.kind.value for one in entries] == ["opened", "acknowledged", "resolved", "reopened"]
    assert [one.version for one in entries] == [1, 2, 3, 4]
    assert [one.actor for one in entries] == ["vedette", ALICE, "vedette", "vedette"]
    assert (entries[2].at, entries[2].occurred_at) == (at(9), at(8))
    assert [one.episode for one in entries] == [1, 1, 1, 2]


def test_several_entries_of_one_batch_keep_their_order(store: FindingStore) -> None:
    told(store, verdict(0), verdict(5, PASSED), verdict(7, suppressed=ACCEPTED))

    kinds = [one.kind.value for one in store.timeline(BUCKETS)]

    assert kinds == ["opened", "resolved", "reopened", "suppressed"]


def test_events_told_in_other_batches_make_one_finding(store: FindingStore) -> None:
    told(store, event(0, "a"))
    told(store, event(5, "b", source_ip="203.0.113.9"), event(3, "c"))
    state = told(store, event(0, "a"), event(5, "b", source_ip="203.0.113.9"))

    assert (state.events.count, state.version) == (3, 1)
    assert state.source_ips == ("198.51.100.7", "203.0.113.9")
    assert (state.first_seen, state.last_seen) == (at(0), at(5))


def test_what_changes_nothing_is_no_change(store: FindingStore) -> None:
    told(store, verdict(0), event(0))

    assert store.record([verdict(60), event(0)]).changes == ()


def test_a_person_acts_on_a_finding(store: FindingStore) -> None:
    told(store, event(0))

    change = store.act(action(ActionKind.SUPPRESS, 3, EVENTS))

    assert change is not None
    assert store.get(EVENTS) == change.after
    assert change.after.status is FindingStatus.SUPPRESSED
    assert store.act(action(ActionKind.SUPPRESS, 3, EVENTS)) is None


def test_an_action_on_an_unknown_finding_is_refused(store: FindingStore) -> None:
    with pytest.raises(UnknownFindingError):
        store.act(action(ActionKind.ACKNOWLEDGE, 3, "another"))


def test_an_action_that_the_lifecycle_refuses_changes_nothing(store: FindingStore) -> None:
    before = told(store, verdict(0))

    with pytest.raises(ActionRefusedError):
        store.act(action(ActionKind.RESOLVE, 3, BUCKETS))
    assert store.get(BUCKETS) == before


def test_open_findings_are_listed_by_severity_the_latest_first(
    store: FindingStore, clock: Clock
) -> None:
    for minute, finding in enumerate(["one", "two", "three"]):
        clock.minutes = minute
        told(store, verdict(minute, id=finding))
    told(store, verdict(1, id="low", severity=Severity.LOW))
    told(store, verdict(5, PASSED, id="two"))

    assert [one.id for one in store.open_by_severity(Severity.HIGH)] == ["three", "one"]
    assert [one.id for one in store.open_by_severity(Severity.LOW)] == ["low"]
    assert list(store.open_by_severity(Severity.CRITICAL)) == []


def test_a_raised_severity_moves_a_finding_to_another_list(store: FindingStore) -> None:
    told(store, verdict(0))
    told(store, verdict(5, severity=Severity.CRITICAL))

    assert list(store.open_by_severity(Severity.HIGH)) == []
    assert [one.id for one in store.open_by_severity(Severity.CRITICAL)] == [BUCKETS]


def test_suppressed_findings_are_listed_by_resource_and_rule_but_not_as_open(
    store: FindingStore,
) -> None:
    state = told(store, verdict(0, suppressed=ACCEPTED))

    assert list(store.open_by_severity(Severity.HIGH)) == []
    assert list(store.of_resource(BUCKET.arn)) == [state]
    assert list(store.of_rule(ACCOUNT, state.rule)) == [state]


def test_resolved_findings_are_listed_nowhere(store: FindingStore) -> None:
    told(store, verdict(0))
    state = told(store, gone(5))

    assert list(store.of_resource(BUCKET.arn)) == []
    assert list(store.of_rule(ACCOUNT, state.rule)) == []


def test_findings_of_other_resources_accounts_and_rules_are_not_listed(
    store: FindingStore,
) -> None:
    told(store, verdict(0))

    assert list(store.of_resource("arn:aws:s3:::pay")) == []
    assert list(store.of_rule("444455556666", "s3/bucket_blocks_public_access")) == []


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda store: told(store, event(0)), id="opened"),
        pytest.param(
            lambda store: (told(store, event(0)), told(store, event(1, region="us-east-1"))),
            id="realerted",
        ),
        pytest.param(
            lambda store: (told(store, event(0, outcome=DENIED), event(1, outcome=SUCCESS)),),
            id="at once",
        ),
    ],
)
def test_a_transition_stays_unannounced_until_it_was_told(
    store: FindingStore, prepare: Callable[[FindingStore], Any]
) -> None:
    prepare(store)
    state = store.get(EVENTS)
    assert state is not None

    assert [one.id for one in store.unannounced(at(60))] == [EVENTS]
    assert list(store.unannounced(at(-1))) == []
    assert store.mark_announced(EVENTS, state.version)
    assert list(store.unannounced(at(60))) == []
    after = store.get(EVENTS)
    assert after is not None
    assert not after.unannounced
    assert after.announced_version == state.version


def test_what_was_told_may_be_noted_twice(store: FindingStore) -> None:
    told(store, event(0))

    assert store.mark_announced(EVENTS, 1)
    assert store.mark_announced(EVENTS, 1)


def test_a_later_transition_is_still_to_be_told(store: FindingStore) -> None:
    told(store, event(0))
    told(store, event(1, principal="bob"))

    assert not store.mark_announced(EVENTS, 1)
    state = store.get(EVENTS)
    assert state is not None
    assert state.unannounced
    assert state.transition is not None
    assert state.transition.kind is TransitionKind.REALERTED


def test_there_is_nothing_to_note_about_an_unknown_finding(store: FindingStore) -> None:
    assert not store.mark_announced("another", 1)


def test_repeats_and_acknowledgements_leave_what_is_to_be_told(store: FindingStore) -> None:
    told(store, event(0))
    told(store, event(1))
    store.act(action(ActionKind.ACKNOWLEDGE, 3, EVENTS))

    assert store.mark_announced(EVENTS, 1)
    told(store, event(2))
    store.act(action(ActionKind.CONTAIN, 4, EVENTS))
    assert list(store.unannounced(at(60))) == []


def test_a_first_sweep_leaves_nothing_to_be_told_one_by_one(store: FindingStore) -> None:
    told(store, verdict(0, baseline=True))

    assert list(store.unannounced(at(60))) == []


def test_of_many_findings_all_are_kept_and_found(store: FindingStore) -> None:
    many = [verdict(0, id=f"finding {place}") for place in range(230)]

    recorded = store.record(many)

    assert len(recorded.changes) == 230
    assert len(list(store.open_by_severity(Severity.HIGH))) == 230
    assert store.record([one.model_copy(update={"time": at(9)}) for one in many]).changes == ()
