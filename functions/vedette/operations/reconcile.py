"""Every quarter of an hour: tells what stayed unsaid, escalates, and looks after the alerts.

Its own troubles become a metric with an alarm, which goes another way than the alerts. A duty that
fails keeps no other from being done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from vedette.alerting.routing import Route
from vedette.alerting.sender import SendError
from vedette.aws.senders.pace import Pace
from vedette.aws.senders.topics import SnsTopics
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.state import Marks
from vedette.findings.store import FindingStoreError
from vedette.findings.tracked import TrackedFinding
from vedette.operations.reconcile_desk import Desk
from vedette.operations.reconcile_escalating import escalate
from vedette.operations.reconcile_first_look import tell_first_look
from vedette.operations.reconcile_marks import RECONCILE_MARK
from vedette.operations.reconcile_telling import (
    Told,
    tell_alone,
    tell_digest,
    tell_medium,
    unannounced,
)
from vedette.operations.reconcile_watching import listeners, overdue
from vedette.operations.telemetry import Metric, Telemetry

# By the resource's logical name.
CALLS_ON: Final[Mapping[str, frozenset[str]]] = {
    "findings_table": DynamoFindings.READ_CALLS | DynamoFindings.ANNOUNCE_CALLS,
    "state_table": Pace.CALLS | Marks.CALLS,
    "alert_topic": SnsTopics.CALLS,
    "chat_topic": SnsTopics.CALLS,
    "escalation_topic": SnsTopics.CALLS,
}
CALLS: Final = frozenset().union(*CALLS_ON.values())


class UnfinishedError(Exception):
    """Duties could not be done; the message names them."""


@dataclass(slots=True)
class Reconciled:
    """What was done, what is wrong, and the duties that could not be done."""

    told: Told = field(default_factory=Told)
    trouble: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)


def reconcile(desk: Desk) -> Reconciled:
    """Do all duties, what is urgent first."""
    done = Reconciled()
    waiting: dict[Route, list[TrackedFinding]] = {route: [] for route in Route}
    duties: list[tuple[str, Callable[[], object]]] = [
        ("finding what stayed unsaid", lambda: waiting.update(unannounced(desk))),
        ("telling", lambda: tell_alone(desk, waiting[Route.ALWAYS_ALONE], done.told)),
        ("escalating", lambda: escalate(desk, done.told)),
        (
            "telling of medium",
            lambda: tell_medium(desk, waiting[Route.ALONE_UNLESS_MANY], done.told),
        ),
        ("the first look", lambda: tell_first_look(desk, done.told)),
        ("the digest", lambda: tell_digest(desk, waiting[Route.DIGEST], done.told)),
        ("looking for listeners", lambda: done.trouble.extend(listeners(desk))),
        ("looking for what is overdue", lambda: done.trouble.extend(overdue(desk))),
    ]
    for name, duty in duties:
        _do(name, duty, done)
    done.trouble += [*done.told.refused, *(f"chat: {one}" for one in desk.announcer.chat_failures)]
    if not done.undone:
        _do("leaving a mark", lambda: desk.marks.set(RECONCILE_MARK, desk.now), done)
    return done


def report(done: Reconciled, telemetry: Telemetry) -> None:
    """Log what is wrong, and count; the metric of trouble has an alarm. Raises UnfinishedError."""
    for one in (*done.trouble, *done.undone):
        telemetry.say("ERROR", "trouble with alerts", reason=one)
    telemetry.count(
        {
            Metric.RECONCILED: 0 if done.undone else 1,
            Metric.ANNOUNCED: done.told.announced + done.told.first_look,
            Metric.ESCALATED: done.told.escalated,
            Metric.TROUBLE: len(done.trouble) + len(done.undone),
        }
    )
    if done.undone:
        raise UnfinishedError("; ".join(done.undone))


def _do(name: str, duty: Callable[[], object], done: Reconciled) -> None:
    try:
        duty()
    except (FindingStoreError, SendError) as error:
        done.undone.append(f"{name}: {error}")
