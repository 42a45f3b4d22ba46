"""Which findings are told by themselves, and when those on call are."""

from datetime import timedelta

import pytest

from tests.alerting.tracked_findings import NOON, detection, transition
from vedette.alerting.routing import FloodGate, Route, digest_is_due, is_to_be_escalated, route_of
from vedette.findings.severity import Severity
from vedette.findings.tracked import FindingStatus, TransitionKind

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("severity", "route"),
    [
        (Severity.CRITICAL, Route.ALWAYS_ALONE),
        (Severity.HIGH, Route.ALWAYS_ALONE),
        (Severity.MEDIUM, Route.ALONE_UNLESS_MANY),
        (Severity.LOW, Route.DIGEST),
        (Severity.INFORMATIONAL, Route.DIGEST),
    ],
)
def test_only_medium_and_below_are_ever_told_together(severity: Severity, route: Route) -> None:
    assert route_of(severity) is route


def test_a_gate_lets_so_many_pass_in_any_minute() -> None:
    gate = FloodGate(most=2, seconds=60)

    assert [gate.admits(now) for now in (0, 30, 59, 60, 61, 90)] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]


def test_a_digest_is_due_once_the_oldest_is_a_day_old() -> None:
    young = detection(transition=transition(TransitionKind.OPENED).model_copy(update={"at": NOON}))

    assert not digest_is_due([], NOON)
    assert not digest_is_due([young], NOON + timedelta(hours=23, minutes=59))
    assert digest_is_due([young], NOON + timedelta(hours=24))


def test_becoming_critical_begins_the_wait_anew() -> None:
    raised = transition(TransitionKind.SEVERITY_RAISED).model_copy(
        update={"at": NOON + timedelta(hours=5)}
    )
    finding = detection(transition=raised)

    assert not is_to_be_escalated(finding, NOON + timedelta(hours=5, minutes=29), HALF_AN_HOUR)
    assert is_to_be_escalated(finding, NOON + timedelta(hours=5, minutes=30), HALF_AN_HOUR)


@pytest.mark.parametrize("status", [one for one in FindingStatus if one is not FindingStatus.OPEN])
def test_only_what_is_open_is_escalated(status: FindingStatus) -> None:
    assert not is_to_be_escalated(detection(status=status), NOON + timedelta(days=1), HALF_AN_HOUR)
