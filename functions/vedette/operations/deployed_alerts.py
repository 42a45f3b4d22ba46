"""Looks whether anybody hears of findings, and whether what is due was done."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from vedette.alerting.facts import instant
from vedette.alerting.sender import Channel, SendError, Subscription
from vedette.alerting.trouble import REQUIRED, missed
from vedette.aws.senders.topics import SnsTopics
from vedette.aws.stores.state import Marks
from vedette.findings.store import FindingStoreError
from vedette.operations import canary
from vedette.operations.deployed_looks import Area, Look
from vedette.operations.hub_reach import Hub
from vedette.operations.reconcile_marks import BEGAN_MARK, DUE

TOPICS: Final = Area("topic")
CLOCK: Final = Area("schedule")
CANARY: Final = Area("canary")
TOPIC: Final = "AWS::SNS::Topic"
TABLE: Final = "AWS::DynamoDB::Table"
_HEALTH: Final = "health"
TOPICS_BY_NAME: Final = {
    "alerts": "TopicsAlertsTopic",
    "escalation": "TopicsEscalationTopic",
    "chat": "TopicsChatTopic",
    _HEALTH: "TopicsHealthTopic",
}
_REQUIRED: Final = frozenset({one.value for one in REQUIRED} | {_HEALTH})
_CONFIRM: Final = "Follow the link in the mail that AWS sent; it is valid for three days."
_SUBSCRIBE: Final = "Set deployment.email and deploy again, or subscribe to the topic."


def look_at_topics(hub: Hub) -> Iterator[Look]:
    """Tell of every topic who is subscribed, and who has not confirmed yet."""
    for name, logical in TOPICS_BY_NAME.items():
        arn = hub.stack.find(TOPIC, logical)
        topics = SnsTopics(lambda: _client(hub, "sns"), {Channel.ALERTS: arn})
        try:
            yield _topic(name, topics.subscriptions(Channel.ALERTS))
        except SendError as error:
            yield TOPICS.unknown(name, str(error), "Allow this call to who runs doctor.")


def _topic(name: str, subscribed: list[Subscription]) -> Look:
    confirmed = sum(1 for one in subscribed if one.confirmed)
    waiting = len(subscribed) - confirmed
    if waiting:
        return TOPICS.blind(
            name, f"{confirmed} confirmed, {waiting} wait to be confirmed", _CONFIRM
        )
    if name in _REQUIRED and not confirmed:
        return TOPICS.blind(name, "nobody is subscribed", _SUBSCRIBE)
    return TOPICS.ok(name, f"{confirmed} confirmed")


def look_at_clock(hub: Hub, now: datetime) -> Iterator[Look]:
    """Tell when what is due was last done, and whether the canary's calls come back."""
    marks = Marks(_client(hub, "dynamodb"), hub.stack.find(TABLE, "TablesState"))
    try:
        yield from _due(marks, now)
        yield from _canary(marks, now)
    except FindingStoreError as error:
        yield CLOCK.unknown("marks", str(error), "Allow this call to who runs doctor.")


def _due(marks: Marks, now: datetime) -> Iterator[Look]:
    began = marks.get(BEGAN_MARK)
    if began is None:
        yield CLOCK.blind(
            "reconcile",
            "it has not run yet: it does so every 15 minutes",
            "Wait, and look again; if it stays so, look at the log of reconcile.",
        )
        return
    for due in DUE:
        if due.name.startswith("the canary"):
            continue
        last = marks.get(due.mark)
        known = {due.mark: last.at} if last is not None else {}
        late = list(missed((due,), known, began.at, now))
        told = f"last {instant(last.at)}" if last is not None else "not yet, and not due yet"
        if late:
            yield CLOCK.blind(due.name, late[0], "Look at the executions of the sweep's machine.")
        else:
            yield CLOCK.ok(due.name, told)


def _canary(marks: Marks, now: datetime) -> Iterator[Look]:
    for kind in canary.KINDS:
        sent, returned = marks.get(canary.sent_mark(kind)), marks.get(canary.returned_mark(kind))
        told = f"last back {instant(returned.at)}" if returned is not None else "none back yet"
        if sent is None:
            remedy = "Wait an hour, and look again; if it stays so, look at the log of canary."
            yield CANARY.blind(kind, "it has made no call yet", remedy)
        elif canary.overdue(kind, marks, now) or now - sent.at > canary.PATIENCE:
            remedy = "Look at trails and rules above: calls do not come through."
            yield CANARY.blind(kind, f"{told}; last sent {instant(sent.at)}", remedy)
        else:
            yield CANARY.ok(kind, told)


def _client(hub: Hub, service: str) -> Any:
    return hub.session.client(service, hub.region)
