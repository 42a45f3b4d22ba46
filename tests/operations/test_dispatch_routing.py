"""Which transitions are dispatched one by one, and which are left for a summary."""

from tests.findings.observing import event, verdict
from tests.operations.alert_desk import many, stream
from tests.operations.dispatching import Desk
from vedette.alerting.routing import MOST_A_MINUTE
from vedette.findings.severity import Severity
from vedette.operations.telemetry import Metric


def test_a_flood_of_medium_is_held_but_never_high_or_critical() -> None:
    desk = Desk()
    noise = desk.observed(*many(25, Severity.MEDIUM))
    grave = desk.observed(
        event(1, id="high", severity=Severity.HIGH),
        event(1, id="critical", severity=Severity.CRITICAL),
    )

    done = desk.run(stream([*noise, *grave]))

    assert done.retry == []
    assert done.counts[Metric.HELD] == 25 - MOST_A_MINUTE
    assert len(desk.sender.ids()) == MOST_A_MINUTE + 2
    assert desk.sender.ids()[-2:] == ["high-1", "critical-1"]


def test_any_number_of_high_findings_is_told_one_by_one() -> None:
    desk = Desk()

    desk.run(stream(desk.observed(*many(40, Severity.HIGH))))

    assert len(desk.sender.ids()) == 40
    assert desk.turns.waited == 40


def test_after_a_minute_medium_findings_are_told_by_themselves_again() -> None:
    desk = Desk()
    desk.run(stream(desk.observed(*many(25, Severity.MEDIUM))))
    desk.seconds.now = 61

    desk.run(stream(desk.observed(event(9, id="later"))))

    assert desk.sender.ids()[-1] == "later-1"


def test_low_and_informational_wait_for_the_digest() -> None:
    desk = Desk()
    low = desk.observed(event(1, severity=Severity.LOW))
    informational = desk.observed(event(1, id="x", severity=Severity.INFORMATIONAL))

    done = desk.run(stream([*low, *informational]))

    assert desk.sender.ids() == []
    assert done.counts[Metric.HELD] == 2


def test_where_the_time_is_up_the_rest_is_handed_out_again() -> None:
    desk = Desk()
    desk.turns.left = 2

    done = desk.run(stream(desk.observed(*many(4, Severity.HIGH))))

    assert done.retry == ["102", "103"]
    assert len(desk.sender.ids()) == 2


def test_findings_of_a_first_look_are_not_told_one_by_one() -> None:
    desk = Desk()

    desk.run(stream(desk.observed(verdict(1, baseline=True))))

    assert desk.sender.ids() == []
