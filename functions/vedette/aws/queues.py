"""Queues as those who look after a deployment see them: how full, how old, and what is in them.

Sources: Amazon SQS API Reference; Amazon SQS Developer Guide, "Available CloudWatch metrics";
Amazon EventBridge User Guide, "Using dead-letter queues to process undelivered events".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vedette.aws.collect.reader import Reader

ATTRIBUTES: Final = "sqs:GetQueueAttributes"
RECEIVE: Final = "sqs:ReceiveMessage"
REMOVE: Final = "sqs:DeleteMessageBatch"
RELEASE: Final = "sqs:ChangeMessageVisibilityBatch"
METRIC: Final = "cloudwatch:GetMetricStatistics"
CALLS: Final = frozenset({ATTRIBUTES, RECEIVE, REMOVE, RELEASE, METRIC})
MOST_AT_ONCE: Final = 10
_WAITING: Final = "ApproximateNumberOfMessages"
_IN_WORK: Final = "ApproximateNumberOfMessagesNotVisible"
_AGE: Final = "ApproximateAgeOfOldestMessage"
_AGE_WINDOW: Final = timedelta(minutes=15)


class NotRemovedError(Exception):
    """A message was handled, and SQS did not delete it; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How many messages wait, and how many somebody works on; SQS counts approximately."""

    waiting: int
    in_work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that was received; `receipt` lets us delete it while it is hidden from others.

    `notes` are its message attributes, in which EventBridge says what went wrong.
    """

    id: str
    receipt: str
    body: str
    notes: Mapping[str, str]


def depth_of(reader: Reader, url: str) -> Depth:
    """Return how full a queue is. Raises ReadError."""
    answer = reader.call(ATTRIBUTES, QueueUrl=url, AttributeNames=[_WAITING, _IN_WORK])
    told = answer.get("Attributes", {})
    return Depth(waiting=int(told.get(_WAITING, 0)), in_work=int(told.get(_IN_WORK, 0)))


def arn_of(reader: Reader, url: str) -> str:
    """Return the ARN of a queue. Raises ReadError."""
    answer = reader.call(ATTRIBUTES, QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def age_of_oldest(reader: Reader, url: str, now: datetime) -> timedelta | None:
    """Return the age of the oldest message, which CloudWatch alone knows; None if it does not.

    Raises ReadError.
    """
    answer = reader.call(
        METRIC,
        Namespace="AWS/SQS",
        MetricName=_AGE,
        Dimensions=[{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
        StartTime=now - _AGE_WINDOW,
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )
    points = answer.get("Datapoints") or ()
    latest = max(points, key=lambda one: one["Timestamp"].astimezone(UTC), default=None)
    return None if latest is None else timedelta(seconds=latest["Maximum"])


def receive(reader: Reader, url: str, *, hidden: timedelta) -> list[Letter]:
    """Receive some messages, and hide them from others for a time. Raises ReadError."""
    answer = reader.call(
        RECEIVE,
        QueueUrl=url,
        MaxNumberOfMessages=MOST_AT_ONCE,
        VisibilityTimeout=int(hidden.total_seconds()),
        WaitTimeSeconds=1,
        MessageAttributeNames=["All"],
    )
    return [_letter(one) for one in answer.get("Messages", ())]


def remove(reader: Reader, url: str, letters: Sequence[Letter]) -> None:
    """Delete messages. Raises ReadError, and NotRemovedError for any that is still there."""
    for entries in _entries(letters):
        answer = reader.call(REMOVE, QueueUrl=url, Entries=entries)
        if failed := answer.get("Failed"):
            raise NotRemovedError(f"{REMOVE} failed ({failed[0].get('Code')})")


def release(reader: Reader, url: str, letters: Sequence[Letter]) -> None:
    """Show messages to others again. Raises ReadError."""
    for entries in _entries(letters):
        shown = [{**one, "VisibilityTimeout": 0} for one in entries]
        reader.call(RELEASE, QueueUrl=url, Entries=shown)


def _entries(letters: Sequence[Letter]) -> list[list[dict[str, Any]]]:
    numbered = [
        {"Id": str(place), "ReceiptHandle": one.receipt} for place, one in enumerate(letters)
    ]
    return [
        numbered[start : start + MOST_AT_ONCE] for start in range(0, len(numbered), MOST_AT_ONCE)
    ]


def _letter(answer: Mapping[str, Any]) -> Letter:
    notes = answer.get("MessageAttributes") or {}
    return Letter(
        id=answer["MessageId"],
        receipt=answer["ReceiptHandle"],
        body=answer["Body"],
        notes={name: str(one.get("StringValue", "")) for name, one in notes.items()},
    )
