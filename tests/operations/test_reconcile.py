"""Reconciling: what stayed unsaid, escalation, digest, first look, and who listens."""

import pytest

from tests.findings.observing import action, event, verdict
from tests.operations.alert_desk import Office, after, many
from vedette.alerting.sender import Channel
from vedette.findings.lifecycle import ActionKind
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.operations.reconcile import reconcile
from vedette.operations.reconcile_marks import BASELINE_MARK

ESCALATION = Channel.ESCALATION


@pytest.fixture
def office() -> Office:
    """An office in which everything happened that should have."""
    made = Office()
    made.swept()
    return made


def test_what_dispatching_left_unsaid_is_told_and_marked(office: Office) -> None:
    office.store.record([verdict(1)])

    done = after(office, minutes=6)
    again = after(office, minutes=15)

    assert office.sender.ids() == ["bucket-finding-1"]
    assert (done.told.announced, again.told.announced) == (1, 0)
    assert done.trouble == []


def test_what_has_just_happened_is_left_to_dispatching(office: Office) -> None:
    office.store.record([verdict(1)])

    after(office, minutes=4)

    assert office.sender.ids() == []


def test_the_worst_is_told_first(office: Office) -> None:
    office.store.record(many(1, Severity.HIGH, "high"))
    office.clock.pass_(minutes=1)
    office.store.record(many(1, Severity.CRITICAL, "critical"))

    after(office, minutes=6)

    assert office.sender.ids() == ["critical-0000-1", "high-0000-1"]


def test_few_of_medium_severity_are_told_by_themselves(office: Office) -> None:
    office.store.record(many(10, Severity.MEDIUM))

    after(office, minutes=6)

    assert len(office.sender.ids()) == 10


def test_many_of_medium_severity_are_told_in_one_message(office: Office) -> None:
    office.store.record(many(500, Severity.MEDIUM))

    done = after(office, minutes=6)

    (message,) = office.sender.sent[Channel.ALERTS]
    assert message.attributes["message"] == "flood"
    assert message.document["count"] == 500
    assert done.told.announced == 500
    assert list(office.store.unannounced(office.clock.now)) == []


def test_high_findings_are_told_one_by_one_beside_a_flood(office: Office) -> None:
    office.store.record(many(30, Severity.MEDIUM) + many(30, Severity.HIGH, "high"))

    after(office, minutes=6)

    sorts = [one.attributes["message"] for one in office.sender.sent[Channel.ALERTS]]
    assert sorts == ["finding"] * 30 + ["flood"]


def test_one_of_a_flood_that_gets_worse_before_it_is_told_is_told_by_itself(
    office: Office,
) -> None:
    office.store.record(many(11, Severity.MEDIUM))
    office.clock.pass_(minutes=6)
    worse = event(2, id="finding-0000", severity=Severity.CRITICAL)
    office.store.meanwhile = lambda: office.store.record([worse])

    reconcile(office.desk())

    (message,) = office.sender.sent[Channel.ALERTS]
    assert message.document["count"] == 10
    state = office.store.get("finding-0000")
    assert state is not None
    assert state.unannounced


def test_small_things_are_told_in_one_digest_a_day(office: Office) -> None:
    office.store.record(many(3, Severity.LOW))
    after(office, hours=12)
    office.store.record(many(2, Severity.INFORMATIONAL, "note"))
    assert office.sender.ids() == []

    after(office, hours=12)

    (message,) = office.sender.sent[Channel.ALERTS]
    assert message.attributes["message"] == "digest"
    assert message.document["by_severity"] == {"low": 3, "informational": 2}
    assert len(office.sender.ids()) == len(set(office.sender.ids()))
    after(office, hours=23)
    assert len(office.sender.ids()) == 1


def test_a_critical_finding_that_nobody_takes_up_is_escalated_once(office: Office) -> None:
    office.store.record([event(1, severity=Severity.CRITICAL)])
    after(office, minutes=29)
    assert office.sender.ids(ESCALATION) == []

    after(office, minutes=1)
    office.restart()
    after(office, minutes=15)

    (message,) = office.sender.sent[ESCALATION]
    assert message.id == "event-finding-escalation-1"
    assert message.attributes["message"] == "escalation"
    assert "Nobody has acknowledged this for 30 minutes." in message.text


@pytest.mark.parametrize("kind", [ActionKind.ACKNOWLEDGE, ActionKind.CONTAIN, ActionKind.RESOLVE])
def test_what_somebody_has_taken_up_is_not_escalated(office: Office, kind: ActionKind) -> None:
    office.store.record([event(1, severity=Severity.CRITICAL)])
    office.store.act(action(kind, 5, "event-finding"))

    after(office, hours=2)

    assert office.sender.ids(ESCALATION) == []


@pytest.mark.parametrize(
    "observation",
    [
        event(1, severity=Severity.HIGH),
        event(1, severity=Severity.CRITICAL, is_sample=True),
        event(1, severity=Severity.CRITICAL, baseline=True),
    ],
    ids=["high", "sample", "first look"],
)
def test_only_new_critical_findings_are_escalated(office: Office, observation: Observation) -> None:
    office.store.record([observation])

    after(office, hours=2)

    assert office.sender.ids(ESCALATION) == []


def test_a_finding_that_comes_back_is_escalated_again(office: Office) -> None:
    office.store.record([event(1, severity=Severity.CRITICAL)])
    after(office, minutes=31)
    office.store.act(action(ActionKind.RESOLVE, 32, "event-finding"))
    office.store.record([event(40, severity=Severity.CRITICAL)])

    after(office, minutes=31)

    assert len(office.sender.ids(ESCALATION)) == 2


def test_going_on_does_not_put_an_escalation_off(office: Office) -> None:
    office.store.record([event(1, severity=Severity.CRITICAL)])
    office.clock.pass_(minutes=20)
    office.store.record([event(20, severity=Severity.CRITICAL, principal="mallory")])

    after(office, minutes=11)

    assert office.sender.ids(ESCALATION) == ["event-finding-escalation-1"]


def test_a_first_look_at_thousands_is_one_message(office: Office) -> None:
    for number in range(3_000):
        office.store.record([verdict(1, id=f"{number:032x}", baseline=True)])
    office.marks.set(BASELINE_MARK, office.clock.now, "sweep-1")
    after(office, minutes=9)
    assert office.sender.ids() == []

    done = after(office, minutes=1)
    office.restart()
    after(office, minutes=15)

    (message,) = office.sender.sent[Channel.ALERTS]
    assert message.attributes["message"] == "baseline"
    assert message.document["count"] == 3_000
    assert done.told.first_look == 3_000


def test_a_second_first_look_tells_what_is_new_alone(office: Office) -> None:
    office.store.record([verdict(1, baseline=True)])
    office.marks.set(BASELINE_MARK, office.clock.now)
    after(office, minutes=10)
    office.store.record([verdict(20, id="of-a-new-rule", baseline=True)])
    office.marks.set(BASELINE_MARK, office.clock.now)

    after(office, minutes=10)

    first, second = office.sender.sent[Channel.ALERTS]
    assert [first.document["count"], second.document["count"]] == [1, 1]
    assert "of-a-new-rule" in second.text


def test_a_first_look_that_found_nothing_any_more_is_not_told(office: Office) -> None:
    office.marks.set(BASELINE_MARK, office.clock.now)

    after(office, minutes=10)

    assert office.sender.ids() == []
