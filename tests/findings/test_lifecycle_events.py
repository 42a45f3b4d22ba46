from datetime import timedelta

import pytest

from tests.findings.observing import (
    ACCEPTED,
    DENIED,
    NOON,
    SUCCESS,
    action,
    at,
    changed,
    event,
    kinds,
    tracked,
)
from vedette.findings.lifecycle import ActionKind, act, observe
from vedette.findings.observation import Observation
from vedette.findings.occurrences import MOST_OF_A_SORT
from vedette.findings.severity import Severity
from vedette.findings.tracked import Because, FindingStatus, TrackedFinding, TransitionKind

DAY = 24 * 60
STATUSES = [None, ActionKind.ACKNOWLEDGE, ActionKind.SUPPRESS]


def after_action(kind: ActionKind | None, state: TrackedFinding, **more: object) -> TrackedFinding:
    if kind is None:
        return state
    if kind is ActionKind.SUPPRESS:
        more = {"until": at(30 * DAY)} | more
    change = act(state, action(kind, 5, "event-finding", **more))
    assert change is not None
    return change.after


def test_an_event_opens_a_finding() -> None:
    change = changed(None, event(0), now=3)

    state = change.after
    assert (state.status, state.episode, state.events.count) == (FindingStatus.OPEN, 1, 1)
    assert (state.first_seen, state.last_seen, state.opened_at) == (NOON, NOON, at(3))
    assert change.transition is not None
    assert change.transition.kind is TransitionKind.OPENED


def test_the_same_event_again_changes_nothing() -> None:
    assert observe(tracked(event(0, "a", "b")), [event(0, "b"), event(0, "a")], at(9)) is None


def test_more_of_the_same_is_learned_in_silence() -> None:
    change = changed(tracked(event(0)), event(5), event(7, source_ip="203.0.113.9"))

    assert change.entries == ()
    assert change.after.events.count == 3
    assert change.after.source_ips == ("198.51.100.7", "203.0.113.9")
    assert (change.after.first_seen, change.after.last_seen) == (NOON, at(7))


def test_a_late_event_changes_the_beginning_and_not_what_the_latest_told() -> None:
    change = changed(tracked(event(5, reason="later")), event(0, reason="earlier"))

    assert change.after.first_seen == NOON
    assert change.after.reason == "later"


@pytest.mark.parametrize("kind", STATUSES)
@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (event(0, outcome=DENIED), event(2, outcome=SUCCESS), Because.SUCCESS_AFTER_DENIALS),
        (event(0), event(2, principal="bob"), Because.NEW_PRINCIPAL),
        (event(0), event(2, region="us-east-1"), Because.NEW_REGION),
        (event(0), event(2, *"abcdefghi"), Because.TEN_TIMES_THE_VOLUME),
    ],
)
def test_what_got_worse_alerts_again_and_keeps_its_status(
    kind: ActionKind | None, first: Observation, second: Observation, reason: Because
) -> None:
    state = after_action(kind, tracked(first))

    change = changed(state, second)

    assert kinds(change) == ["realerted"]
    assert change.entries[0].because == (reason,)
    assert change.after.status is state.status
    assert change.after.unannounced


@pytest.mark.parametrize(
    "second",
    [
        event(-2, outcome=SUCCESS),
        event(2, outcome=DENIED),
        event(2, *"abcdefgh", outcome=DENIED),
    ],
)
def test_more_denials_or_an_earlier_success_do_not_alert(second: Observation) -> None:
    change = changed(tracked(event(0, outcome=DENIED)), second)

    assert change.entries == ()


def test_ten_times_the_volume_counts_from_what_people_heard_of() -> None:
    state = tracked(event(0, *map(str, range(10))), event(1, *map(str, range(10, 100))))

    told = changed(state, event(2, "one more"))

    assert state.version == 2
    assert state.told_events == 100
    assert told.entries == ()


def test_more_than_can_be_counted_is_said_to_be_so_and_alerts_once() -> None:
    state = tracked(event(0, *map(str, range(50))))

    full = changed(state, event(1, *(f"more {place}" for place in range(200))))
    beyond = observe(full.after, [event(1, "another")], at(9))

    assert str(full.after.events) == f"≥ {MOST_OF_A_SORT}"
    assert full.entries[0].because == (Because.TEN_TIMES_THE_VOLUME,)
    assert beyond is None


def test_a_full_finding_still_learns_when_it_was_last_seen() -> None:
    state = tracked(event(0, *map(str, range(200))))

    change = changed(state, event(60, "another"))

    assert change.after.last_seen == at(60)
    assert change.after.episode == 1
    assert change.after.occurrences == state.occurrences


def test_a_full_finding_forgets_past_episodes_for_a_new_one() -> None:
    state = tracked(event(0, *map(str, range(200))))

    change = changed(state, event(3 * DAY, "another"))

    assert kinds(change) == ["reopened"]
    assert (change.after.episode, change.after.events.count) == (2, 1)
    assert change.after.events.exact
    assert observe(change.after, [event(0, "5")], at(9)) is None


def test_a_burst_that_goes_on_beyond_what_can_be_remembered_is_one_episode() -> None:
    state = tracked(event(0, *map(str, range(200))))

    for hour in range(1, 80):
        state = tracked(event(60 * hour, f"hour {hour}"), state=state)

    assert state.episode == 1
    assert state.last_seen == at(60 * 79)


@pytest.mark.parametrize("kind", [None, ActionKind.ACKNOWLEDGE])
def test_after_a_pause_a_new_episode_reopens(kind: ActionKind | None) -> None:
    state = after_action(kind, tracked(event(0)))

    change = changed(state, event(DAY + 1))

    assert kinds(change) == ["reopened"]
    assert change.entries[0].because == (Because.NEW_EPISODE,)
    assert (change.after.status, change.after.episode) == (FindingStatus.OPEN, 2)
    assert (change.after.events.count, change.after.episode_start) == (1, at(DAY + 1))


def test_a_rule_may_set_its_own_window() -> None:
    state = tracked(event(0, window=timedelta(minutes=10)))

    assert kinds(changed(state, event(11, window=timedelta(minutes=10)))) == ["reopened"]
    assert kinds(changed(state, event(10, window=timedelta(minutes=10)))) == []


def test_after_a_resolution_what_happens_reopens_at_once() -> None:
    state = after_action(ActionKind.RESOLVE, tracked(event(0)))

    change = changed(state, event(6))

    assert kinds(change) == ["reopened"]
    assert (change.after.status, change.after.episode) == (FindingStatus.OPEN, 2)
    assert change.after.events.count == 1


def test_a_late_event_of_a_resolved_episode_reopens_only_if_it_is_worse() -> None:
    state = after_action(ActionKind.RESOLVE, tracked(event(0, outcome=DENIED)))

    more = changed(state, event(1, outcome=DENIED))
    worse = changed(state, event(2, outcome=SUCCESS))

    assert more.after.status is FindingStatus.RESOLVED
    assert more.entries == ()
    assert worse.after.status is FindingStatus.OPEN
    assert worse.entries[0].because == (Because.SUCCESS_AFTER_DENIALS,)
    assert worse.after.episode == 1


def test_the_events_of_a_resolved_episode_told_again_reopen_nothing() -> None:
    state = after_action(ActionKind.RESOLVE, tracked(event(0), event(2)))

    assert observe(state, [event(0), event(2)], at(9)) is None
    reopened = changed(state, event(9)).after
    assert observe(reopened, [event(0), event(2)], at(9)) is None


def test_what_goes_on_after_containment_reopens() -> None:
    state = after_action(ActionKind.CONTAIN, tracked(event(0)))

    late = changed(state, event(4))
    after = changed(state, event(6))

    assert late.entries == ()
    assert after.entries[0].because == (Because.AFTER_CONTAINMENT,)
    assert after.after.status is FindingStatus.OPEN


def test_a_higher_severity_alerts() -> None:
    change = changed(tracked(event(0)), event(2, severity=Severity.CRITICAL))

    assert kinds(change) == ["severity_raised"]
    assert change.after.severity is Severity.CRITICAL


def test_a_new_episode_has_a_severity_of_its_own() -> None:
    state = tracked(event(0, severity=Severity.CRITICAL))

    assert changed(state, event(3 * DAY)).after.severity is Severity.MEDIUM


def test_an_expired_suppression_reopens_on_the_next_event() -> None:
    state = after_action(ActionKind.SUPPRESS, tracked(event(0)), until=at(60))

    assert kinds(changed(state, event(59))) == []
    change = changed(state, event(61))
    assert kinds(change) == ["reopened"]
    assert change.entries[0].because == (Because.SUPPRESSION_EXPIRED,)


def test_configuration_suppresses_only_if_it_accepts_all_that_happened() -> None:
    accepted = changed(None, event(0, suppressed=ACCEPTED), event(1, suppressed=ACCEPTED))
    partly = changed(None, event(0, suppressed=ACCEPTED), event(1))

    assert accepted.after.status is FindingStatus.SUPPRESSED
    assert accepted.transition is None
    assert partly.after.status is FindingStatus.OPEN


def test_what_configuration_does_not_accept_reopens_what_it_accepted() -> None:
    state = tracked(event(0, suppressed=ACCEPTED))

    assert kinds(changed(state, event(1, suppressed=ACCEPTED))) == []
    assert kinds(changed(state, event(1))) == ["reopened"]


def test_names_of_an_attackers_choice_are_bounded_in_number() -> None:
    told = [event(place, principal=f"p{place}", source_ip=f"ip{place}") for place in range(100)]

    state = changed(None, *told).after

    assert len(state.principals) == 20
    assert len(state.source_ips) == 20
    assert changed(state, event(200, principal="another")).entries == ()
