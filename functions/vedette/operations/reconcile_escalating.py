"""Tells those on call of critical findings that nobody has taken up, once an episode."""

from vedette.alerting.finding_message import Escalation, finding_message
from vedette.alerting.routing import is_to_be_escalated, unacknowledged_since
from vedette.alerting.sender import MessageRefusedError
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding
from vedette.operations.dispatch_announcing import ON_CALL
from vedette.operations.reconcile_desk import Desk
from vedette.operations.reconcile_telling import Told


def escalate(desk: Desk, told: Told) -> None:
    """Escalate what has waited too long. Raises SendError and FindingStoreError."""
    for one in desk.store.open_by_severity(Severity.CRITICAL):
        if not is_to_be_escalated(one, desk.now, desk.escalate_after) or _is_done(desk, one):
            continue
        waited = Escalation(unacknowledged=desk.now - unacknowledged_since(one), at=desk.now)
        message = finding_message(one, desk.accounts, desk.texts.guidance(one), waited)
        try:
            desk.announcer.announce(message, channels=ON_CALL)
        except MessageRefusedError as error:
            told.refused.append(f"escalation of {one.id}: {error}")
            continue
        desk.marks.set(_mark(one), one.opened_at)
        told.escalated += 1


def _is_done(desk: Desk, finding: TrackedFinding) -> bool:
    mark = desk.marks.get(_mark(finding))
    return mark is not None and mark.at >= finding.opened_at


def _mark(finding: TrackedFinding) -> str:
    return f"escalated-{finding.id}"
