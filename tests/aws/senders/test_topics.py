"""Messages through SNS: what subscribers get, and what failures mean."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from tests.alerting.tracked_findings import ACCOUNTS, detection
from tests.fakes.clients import FakeClient, raising, refused
from vedette.alerting.finding_message import finding_message
from vedette.alerting.sender import (
    Channel,
    MessageRefusedError,
    SenderBusyError,
    SenderFailedError,
    SendError,
    Subscription,
)
from vedette.aws.senders.topics import SnsTopics
from vedette.findings.severity import Severity

MESSAGE = finding_message(detection(), ACCOUNTS)
ARN = "arn:aws:sns:eu-west-1:111122223333:alerts"


class Town:
    """Topics, and a queue that listens to each."""

    def __init__(self) -> None:
        self._sqs: Any = _client("sqs")
        self.sns: Any = _client("sns")
        self.topics: dict[Channel, str] = {}
        self._queues: dict[Channel, str] = {}
        for channel in Channel:
            self._open(channel)
        self.sender = SnsTopics(lambda: self.sns, self.topics)

    def heard(self, channel: Channel) -> dict[str, Any]:
        """Return the one notification that the queue got."""
        (message,) = self._sqs.receive_message(QueueUrl=self._queues[channel])["Messages"]
        told: dict[str, Any] = json.loads(message["Body"])
        return told

    def _open(self, channel: Channel) -> None:
        topic = self.sns.create_topic(Name=channel.value)["TopicArn"]
        queue = self._sqs.create_queue(QueueName=channel.value)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
        self.topics[channel], self._queues[channel] = topic, queue


def _client(service: str) -> Any:
    make: Any = boto3.client
    return make(
        service,
        region_name="eu-west-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
    )


@pytest.fixture
def town() -> Iterator[Town]:
    with mock_aws():
        yield Town()


def failing(error: Exception) -> SnsTopics:
    client = FakeClient("eu-west-1", {"publish": raising(error)}, {})
    return SnsTopics(lambda: client, {Channel.ALERTS: ARN})


def test_a_queue_gets_json_and_what_to_filter_by(town: Town) -> None:
    town.sender.send(Channel.ALERTS, MESSAGE)

    heard = town.heard(Channel.ALERTS)

    assert heard["Subject"] == MESSAGE.subject
    assert json.loads(heard["Message"])["finding"]["id"] == "fedcba9876543210fedcba9876543210"
    attributes = heard["MessageAttributes"]
    assert attributes["severity"] == {"Type": "String", "Value": "critical"}
    assert attributes["severity_rank"] == {"Type": "Number", "Value": "4"}
    assert set(attributes) >= {"kind", "account", "rule", "transition", "message"}


def test_a_chat_gets_the_notification_as_it_is(town: Town) -> None:
    town.sender.send(Channel.CHAT, MESSAGE)

    heard = town.heard(Channel.CHAT)

    assert json.loads(heard["Message"]) == json.loads(MESSAGE.chat_body())
    assert json.loads(heard["Message"])["source"] == "custom"


def test_a_subscription_can_ask_for_the_worst_alone(town: Town) -> None:
    (one,) = town.sns.list_subscriptions_by_topic(TopicArn=town.topics[Channel.ALERTS])[
        "Subscriptions"
    ]
    town.sns.set_subscription_attributes(
        SubscriptionArn=one["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue=json.dumps({"severity_rank": [{"numeric": [">=", 3]}]}),
    )
    medium = finding_message(detection(severity=Severity.MEDIUM), ACCOUNTS)

    town.sender.send(Channel.ALERTS, medium)
    town.sender.send(Channel.ALERTS, MESSAGE)

    assert town.heard(Channel.ALERTS)["Subject"] == MESSAGE.subject


def test_who_listens_is_told_without_addresses(town: Town) -> None:
    (one,) = town.sender.subscriptions(Channel.ALERTS)

    assert (one.protocol, one.confirmed, len(one.mark)) == ("sqs", True, 12)


def test_all_pages_of_listeners_are_read_and_who_has_not_confirmed_is_known() -> None:
    def listing(**asked: Any) -> dict[str, Any]:
        if "NextToken" not in asked:
            waiting = {"SubscriptionArn": "PendingConfirmation", "Protocol": "email"}
            return {"Subscriptions": [waiting], "NextToken": "more"}
        return {"Subscriptions": [{"SubscriptionArn": f"{ARN}:one", "Protocol": "email"}]}

    client = FakeClient("eu-west-1", {"list_subscriptions_by_topic": listing}, {})
    found = SnsTopics(lambda: client, {Channel.ALERTS: ARN}).subscriptions(Channel.ALERTS)

    assert [(one.protocol, one.confirmed) for one in found] == [("email", False), ("email", True)]
    assert all(isinstance(one, Subscription) for one in found)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refused("Throttled"), SenderBusyError),
        (refused("ThrottlingException"), SenderBusyError),
        (refused("InternalError"), SenderBusyError),
        (refused("KMSThrottling"), SenderBusyError),
        (ReadTimeoutError(endpoint_url="https://sns"), SenderBusyError),
        (refused("AuthorizationError"), SenderFailedError),
        (refused("KMSAccessDenied"), SenderFailedError),
        (refused("NotFound"), SenderFailedError),
        (refused("InvalidParameter"), MessageRefusedError),
    ],
)
def test_a_failure_tells_whether_to_try_again(error: Exception, meaning: type[SendError]) -> None:
    with pytest.raises(meaning):
        failing(error).send(Channel.ALERTS, MESSAGE)
