"""Dispatching and reconciling as deployed, on tables and topics in moto."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.aws.stores.made import make_table
from tests.findings.observing import event, verdict
from vedette.aws.stores import tables
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.state import Marks
from vedette.configuration.deployed import ReconcileSettings
from vedette.findings.severity import Severity
from vedette.operations.dispatch_deployed import AlertsDeployed
from vedette.operations.telemetry import Telemetry

REGION = "eu-west-1"


class Lines:
    """Takes log lines."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, text: str, /) -> None:
        self.lines.append(json.loads(text))


class Town:
    """Tables, topics and a queue at each topic."""

    def __init__(self, root: Path, ago: timedelta) -> None:
        self.lines = Lines()
        self.dynamodb = boto3.client("dynamodb")
        make_table(self.dynamodb, "findings", tables.FINDINGS)
        make_table(self.dynamodb, "state", tables.STATE)
        self._sqs = boto3.client("sqs")
        self._queues: dict[str, str] = {}
        settings = ReconcileSettings(
            findings_table="findings",
            state_table="state",
            alert_topic=self._topic("alerts"),
            chat_topic=self._topic("chat"),
            escalation_topic=self._topic("escalation"),
        )
        names = {"accounts": {"names": {"111122223333": "production"}}}
        (root / "configuration.json").write_text(json.dumps(names))
        self.alerts = AlertsDeployed(settings, Telemetry("dispatch", self.lines), root)
        self.store = DynamoFindings(self.dynamodb, "findings", now=lambda: datetime.now(UTC) - ago)

    def images(self) -> dict[str, Any]:
        """Return a batch with every finding, as the stream tells what is new."""
        items = self.dynamodb.scan(TableName="findings")["Items"]
        records = [
            {"dynamodb": {"SequenceNumber": str(place), "NewImage": _encoded(item)}}
            for place, item in enumerate(items)
        ]
        return {"Records": records}

    def heard(self, topic: str) -> list[dict[str, Any]]:
        """Return what a topic's queue got since the last time."""
        answer = self._sqs.receive_message(QueueUrl=self._queues[topic], MaxNumberOfMessages=10)
        return [
            json.loads(json.loads(one["Body"])["Message"]) for one in answer.get("Messages", [])
        ]

    def _topic(self, name: str) -> str:
        sns = boto3.client("sns")
        topic = sns.create_topic(Name=name)["TopicArn"]
        self._queues[name] = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(
            QueueUrl=self._queues[name], AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        return topic


def _encoded(item: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"BS": [b64encode(one).decode() for one in value["BS"]]} if "BS" in value else value
        for name, value in item.items()
    }


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "any"),
        ("AWS_SECRET_ACCESS_KEY", "any"),
        ("AWS_DEFAULT_REGION", REGION),
    ):
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield


@pytest.fixture
def town(aws: None, tmp_path: Path) -> Town:
    return Town(tmp_path, timedelta(hours=1))


def plenty() -> float:
    return 100.0


def test_a_batch_is_told_on_both_topics_and_a_second_time_not_at_all(town: Town) -> None:
    town.store.record([verdict(1), event(1)])
    batch = town.images()

    answers = [town.alerts.dispatch(batch, plenty) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2
    told = town.heard("alerts")
    assert sorted(one["id"] for one in told) == ["bucket-finding-1", "event-finding-1"]
    assert {one["account_name"] for one in told} == {"production"}
    assert len(town.heard("chat")) == 2
    assert list(town.store.unannounced(datetime.now(UTC))) == []


def test_what_was_written_and_never_dispatched_is_told_by_reconciling(town: Town) -> None:
    town.store.record([verdict(1), event(1, severity=Severity.CRITICAL)])

    town.alerts.reconcile(plenty)
    town.alerts.reconcile(plenty)

    ids = [one["id"] for one in town.heard("alerts")]
    assert sorted(ids) == ["bucket-finding-1", "event-finding-1"]
    (escalated,) = town.heard("escalation")
    assert escalated["message"] == "escalation"
    assert list(town.store.unannounced(datetime.now(UTC))) == []
    assert town.lines.lines[-1]["Reconciliations"] == 1


def test_a_first_look_is_told_in_one_message(town: Town) -> None:
    town.store.record([verdict(1, id=f"{number:032x}", baseline=True) for number in range(120)])
    ended = datetime.now(UTC) - timedelta(minutes=50)
    Marks(town.dynamodb, "state").set("baseline", ended, "sweep-1")

    town.alerts.reconcile(plenty)
    town.alerts.reconcile(plenty)

    (told,) = town.heard("alerts")
    assert (told["message"], told["count"]) == ("baseline", 120)
