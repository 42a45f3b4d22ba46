from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from tests.findings.observing import (
    ACCEPTED,
    ALICE,
    FAILED,
    NOON,
    PASSED,
    UNKNOWN,
    action,
    at,
    changed,
    gone,
    kinds,
    tracked,
    verdict,
)
from vedette.findings.lifecycle import ActionKind, act, observe
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.tracked import Because, FindingStatus, TrackedFinding, TransitionKind
from vedette.findings.verdict import Verdict


def suppressed(until: float = 60) -> TrackedFinding:
    wish = action(ActionKind.SUPPRESS, 1, "bucket-finding", until=at(until))
    change = act(tracked(verdict(0)), wish)
    assert change is not None
    return change.after


def test_a_failure_opens_a_finding_that_people_are_to_hear_of() -> None:
    change = changed(None, verdict(0), now=5)

    state = change.after
    assert state.status is FindingStatus.OPEN
    assert (state.first_seen, state.opened_at, state.episode) == (NOON, at(5), 1)
    assert state.unannounced
    assert change.transition is not None
    assert change.transition.kind is TransitionKind.OPENED
    (entry,) = change.entries
    assert (entry.at, entry.occurred_at, entry.status_before) == (at(5), NOON, None)


@pytest.mark.parametrize("answer", [PASSED, UNKNOWN])
def test_what_did_not_fail_opens_nothing(answer: Verdict) -> None:
    assert observe(None, [verdict(0, answer)], NOON) is None


def test_the_same_failure_again_changes_nothing() -> None:
    assert observe(tracked(verdict(0)), [verdict(60)], at(60)) is None


def test_other_evidence_is_learned_without_a_transition() -> None:
    state = tracked(verdict(0))

    change = changed(state, verdict(9, evidence={"public": "by policy"}))

    assert change.after.evidence == {"public": "by policy"}
    assert change.after.last_seen == at(9)
    assert change.entries == ()
    assert change.transition is None
    assert change.after.version == state.version


def test_unknown_neither_closes_nor_changes_a_finding() -> None:
    assert observe(tracked(verdict(0)), [verdict(9, UNKNOWN)], at(9)) is None


def test_a_pass_resolves_a_finding() -> None:
    change = changed(tracked(verdict(0)), verdict(9, PASSED))

    assert change.after.status is FindingStatus.RESOLVED
    assert change.after.reason == "It is public."
    assert change.entries[0].reason == "It is not public."
    assert change.entries[0].because == (Because.PASSED,)
    assert change.transition is not None


def test_a_deleted_resource_closes_its_finding() -> None:
    change = changed(tracked(verdict(0)), gone(9))

    assert change.after.status is FindingStatus.RESOLVED
    assert change.entries[0].because == (Because.RESOURCE_GONE,)


def test_failing_again_is_a_new_episode() -> None:
    state = tracked(verdict(0), verdict(9, PASSED))

    change = changed(state, verdict(20))

    assert (change.after.status, change.after.episode) == (FindingStatus.OPEN, 2)
    assert (change.after.first_seen, change.after.episode_start) == (NOON, at(20))
    assert kinds(change) == ["reopened"]


@pytest.mark.parametrize("late", [verdict(5, PASSED), gone(5), verdict(10, PASSED)])
def test_a_read_that_is_no_later_than_the_failure_resolves_nothing(late: Observation) -> None:
    assert observe(tracked(verdict(10)), [late], at(20)) is None


def test_a_failure_read_before_the_pass_reopens_nothing() -> None:
    assert observe(tracked(verdict(0), verdict(10, PASSED)), [verdict(5)], at(20)) is None


def test_a_higher_severity_alerts_and_a_lower_one_does_not() -> None:
    state = tracked(verdict(0))

    raised = changed(state, verdict(5, severity=Severity.CRITICAL))
    lowered = changed(raised.after, verdict(9, severity=Severity.LOW))

    assert kinds(raised) == ["severity_raised"]
    assert raised.transition is not None
    assert lowered.after.severity is Severity.LOW
    assert lowered.entries == ()


def test_what_the_first_sweep_finds_is_not_announced_one_by_one() -> None:
    change = changed(None, verdict(0, baseline=True))

    assert change.after.baseline
    assert not change.after.unannounced
    assert kinds(change) == ["opened"]


def test_what_configuration_accepts_is_suppressed_from_the_start() -> None:
    change = changed(None, verdict(0, suppressed=ACCEPTED))

    assert change.after.status is FindingStatus.SUPPRESSED
    assert kinds(change) == ["opened", "suppressed"]
    assert change.transition is None
    assert change.entries[1].actor == "configuration"
    assert change.entries[1].until == datetime(2026, 4, 1, tzinfo=UTC)


def test_an_open_finding_is_suppressed_once_configuration_accepts_it() -> None:
    change = changed(tracked(verdict(0)), verdict(5, suppressed=ACCEPTED))

    assert change.after.status is FindingStatus.SUPPRESSED
    assert change.transition is None


def test_a_finding_reopens_when_configuration_accepts_it_no_longer() -> None:
    change = changed(tracked(verdict(0, suppressed=ACCEPTED)), verdict(5))

    assert change.after.status is FindingStatus.OPEN
    assert change.after.suppression is None
    assert change.entries[0].because == (Because.SUPPRESSION_LIFTED,)
    assert change.after.unannounced


def test_a_longer_acceptance_is_learned_silently() -> None:
    state = tracked(verdict(0, suppressed=ACCEPTED))
    longer = ACCEPTED.model_copy(update={"expires": "2026-05-01"})

    change = changed(state, verdict(5, suppressed=longer))

    assert change.entries == ()
    assert change.after.suppression is not None
    assert change.after.suppression.until == datetime(2026, 5, 2, tzinfo=UTC)


def test_an_expired_suppression_reopens_on_the_next_failure() -> None:
    state = suppressed(until=60)

    assert observe(state, [verdict(59)], at(59)) is None
    change = changed(state, verdict(60))

    assert kinds(change) == ["reopened"]
    assert change.entries[0].because == (Because.SUPPRESSION_EXPIRED,)
    assert change.after.episode == 1


def test_what_was_suppressed_is_resolved_in_silence() -> None:
    change = changed(suppressed(), verdict(9, PASSED))

    assert change.after.status is FindingStatus.RESOLVED
    assert change.transition is None


def test_a_persons_suppression_outlasts_a_pass() -> None:
    resolved = tracked(verdict(9, PASSED), state=suppressed(until=60))

    again = changed(resolved, verdict(20))
    later = changed(resolved, verdict(70))

    assert again.after.status is FindingStatus.SUPPRESSED
    assert again.transition is None
    assert again.entries[1].actor == ALICE
    assert later.after.status is FindingStatus.OPEN
    assert later.transition is not None


def test_an_acknowledged_finding_stays_so_while_it_fails() -> None:
    change = act(tracked(verdict(0)), action(ActionKind.ACKNOWLEDGE, 1, "bucket-finding"))

    assert change is not None
    assert observe(change.after, [verdict(9)], at(9)) is None


def test_several_reads_at_once_are_taken_in_order_of_time() -> None:
    told = [verdict(20), verdict(9, PASSED), verdict(0)]

    change = changed(None, *told)

    assert kinds(change) == ["opened", "resolved", "reopened"]
    assert [entry.place for entry in change.entries] == [0, 1, 2]
    assert {entry.version for entry in change.entries} == {1}
    assert change.after.episode == 2


def test_an_observation_says_how_something_is_or_what_happened() -> None:
    with pytest.raises(ValidationError, match="a verdict, a resource that is gone, or events"):
        verdict(0, None)
    with pytest.raises(ValidationError, match="not both"):
        verdict(0, FAILED, event_ids=("a",))
