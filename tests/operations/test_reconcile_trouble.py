"""What a reconciliation says of its own trouble, and of those who should listen."""

import json
from typing import Any

import pytest

from tests.findings.observing import event, verdict
from tests.operations.alert_desk import Office, after, many
from vedette.alerting.sender import Channel, MessageRefusedError, SenderBusyError
from vedette.findings.severity import Severity
from vedette.operations import reconcile_marks, sweep_memory
from vedette.operations.reconcile import UnfinishedError, reconcile, report
from vedette.operations.reconcile_marks import RECONCILE_MARK
from vedette.operations.telemetry import Telemetry

ESCALATION = Channel.ESCALATION


class Lines:
    """Takes log lines."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, text: str, /) -> None:
        self.lines.append(json.loads(text))


@pytest.fixture
def office() -> Office:
    """An office in which everything happened that should have."""
    made = Office()
    made.swept()
    return made


def test_channels_without_a_confirmed_listener_are_trouble(office: Office) -> None:
    office.sender.listen(Channel.ALERTS, "soc", confirmed=False)
    office.sender.listen(ESCALATION)
    office.sender.listen(Channel.CHAT)

    assert after(office, minutes=1).trouble == [
        "alerts: 1 subscriptions wait to be confirmed",
        "alerts: nobody gets these messages",
        "escalation: nobody gets these messages",
    ]


def test_a_listener_who_is_gone_is_told_once(office: Office) -> None:
    office.sender.listen(Channel.ALERTS, "soc", "pager")
    assert after(office, minutes=1).trouble == []
    office.sender.listen(Channel.ALERTS, "soc")

    assert after(office, minutes=15).trouble == ["alerts: 1 subscriptions are gone"]
    assert after(office, minutes=15).trouble == []


def test_what_should_have_happened_and_has_not_is_trouble(office: Office) -> None:
    reconcile(office.desk())
    office.clock.pass_(hours=5)

    overdue = reconcile(office.desk()).trouble

    assert overdue == [
        f"the canary ({kind}) is overdue: last 2026-03-04 12:00:00 UTC"
        for kind in ("write", "denied_read")
    ]
    office.clock.pass_(hours=22)
    assert "the daily sweep is overdue: last 2026-03-04 12:00:00 UTC" in (
        reconcile(office.desk()).trouble
    )


def test_what_never_happened_counts_from_the_first_reconciliation() -> None:
    office = Office()
    assert reconcile(office.desk()).trouble == []
    office.clock.pass_(hours=3)
    assert reconcile(office.desk()).trouble == []
    office.clock.pass_(hours=2)

    assert "the canary (write) is overdue: never yet" in reconcile(office.desk()).trouble


def test_a_duty_that_fails_keeps_no_other_from_being_done(office: Office) -> None:
    office.store.record([verdict(1), event(1, severity=Severity.CRITICAL)])
    office.sender.failing = {Channel.ALERTS: SenderBusyError("sns:Publish was throttled")}
    lines = Lines()

    done = after(office, hours=1)

    assert office.sender.ids(ESCALATION) == ["event-finding-escalation-1"]
    assert len(done.undone) == 2
    assert RECONCILE_MARK not in office.marks.known
    with pytest.raises(UnfinishedError, match="was throttled"):
        report(done, Telemetry("reconcile", lines))
    assert lines.lines[-1]["Trouble"] == len(done.undone) + len(done.trouble)
    assert "Reconciliations" not in lines.lines[-1]


def test_a_table_that_fails_is_said_and_the_topics_are_looked_at_all_the_same(
    office: Office,
) -> None:
    office.store.unlisted = True
    office.sender.listen(ESCALATION)

    done = after(office, minutes=1)

    assert done.undone == ["finding what stayed unsaid: dynamodb:Query was throttled"]
    assert "escalation: nobody gets these messages" in done.trouble


def test_a_message_that_is_refused_is_trouble_and_the_others_go_out(office: Office) -> None:
    office.store.record(many(2, Severity.CRITICAL))
    office.sender.refuses = lambda one: (
        MessageRefusedError("InvalidParameter") if "0000" in one.id else None
    )

    done = after(office, hours=1)

    assert office.sender.ids() == ["finding-0001-1"]
    assert office.sender.ids(ESCALATION) == ["finding-0001-escalation-1"]
    assert done.trouble == [
        "finding finding-0000: InvalidParameter",
        "escalation of finding-0000: InvalidParameter",
        "chat: InvalidParameter",
    ]
    assert done.undone == []


def test_what_is_done_is_counted_and_leaves_a_mark(office: Office) -> None:
    office.store.record([verdict(1)])
    lines = Lines()

    report(after(office, minutes=6), Telemetry("reconcile", lines))

    (line,) = lines.lines
    assert (line["Reconciliations"], line["AnnouncedTransitions"]) == (1, 1)
    assert "Trouble" not in line
    assert office.marks.known[RECONCILE_MARK].at == office.clock.now


def test_no_more_than_the_time_allows_is_sent_and_the_rest_next_time(office: Office) -> None:
    office.store.record(many(5, Severity.HIGH))
    office.turns.left = 2

    after(office, minutes=6)
    office.turns.left = 100
    after(office, minutes=15)

    assert len(office.sender.ids()) == len(set(office.sender.ids())) == 5


@pytest.mark.parametrize("name", ["BASELINE_MARK", "PLANNED_MARK", "FINISHED_MARK"])
def test_the_marks_of_sweeps_are_those_that_sweeps_leave(name: str) -> None:
    assert getattr(reconcile_marks, name) == getattr(sweep_memory, name)
