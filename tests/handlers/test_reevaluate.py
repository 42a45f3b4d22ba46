"""The change queue's function: which messages are done, dropped, or come again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.aws.stores.made import make_table
from vedette.aws.stores import tables
from vedette.aws.stores.findings import DynamoFindings
from vedette.configuration.deployed import (
    CONFIGURATION_FILE,
    DeployedSettingsError,
    ReevaluateSettings,
)
from vedette.configuration.model import Configuration
from vedette.findings.tracked import FindingStatus
from vedette.handlers import reevaluate
from vedette.operations.reevaluate_content import CHANGES_FILE, deployed_change_map
from vedette.operations.reevaluate_deployed import ChangeQueue, deployed_reevaluation
from vedette.operations.telemetry import Telemetry
from vedette.posture.changes_catalogue import load_change_map

US, REGION = "123456789012", "eu-west-1"
RULE = "sqs/queue_is_encrypted"
ENVIRONMENT = {
    "VEDETTE_FINDINGS_TABLE": "findings",
    "VEDETTE_STATE_TABLE": "state",
    "VEDETTE_ACCOUNTS": f'["{US}"]',
    "VEDETTE_AUDIT_ROLE": "vedette/vedette-audit",
    "VEDETTE_EXTERNAL_ID": "example-external-id",
}


class Lines:
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, text: str) -> None:
        self.lines.append(json.loads(text))


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def asset(tmp_path: Path) -> Path:
    (tmp_path / CHANGES_FILE).write_text(load_change_map().model_dump_json())
    (tmp_path / CONFIGURATION_FILE).write_text(Configuration().model_dump_json())
    return tmp_path


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch, asset: Path, lines: Lines) -> Iterator[ChangeQueue]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with mock_aws():
        make_table(boto3.client("dynamodb"), "findings", tables.FINDINGS)
        settings = ReevaluateSettings.read(ENVIRONMENT)
        operation = deployed_reevaluation(settings, asset)
        yield ChangeQueue(operation, settings, Telemetry("reevaluate", lines))


def envelope(**changes: Any) -> dict[str, Any]:
    detail = {
        "eventSource": "sqs.amazonaws.com",
        "eventName": "SetQueueAttributes",
        "awsRegion": REGION,
        "recipientAccountId": US,
        "readOnly": False,
        "requestParameters": {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{US}/letters"},
    }
    whole = {
        "version": "0",
        "id": "0aed3d7b-97c4-4d2d-8d92-6f3fae7e4b55",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.sqs",
        "account": US,
        "time": "2026-06-01T12:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": detail,
    }
    return whole | changes


def batch(*bodies: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": body if isinstance(body, str) else json.dumps(body),
            }
            for number, body in enumerate(bodies)
        ]
    }


def failed(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def statuses() -> list[FindingStatus]:
    store = DynamoFindings(boto3.client("dynamodb"), "findings")
    return [one.status for one in store.of_rule(US, RULE)]


def open_queue() -> str:
    sqs = boto3.client("sqs")
    url: str = sqs.create_queue(QueueName="letters")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "false"})
    return url


def test_a_change_becomes_a_finding_in_the_table_and_its_undoing_resolves_it(
    changes: ChangeQueue, lines: Lines
) -> None:
    url = open_queue()
    assert failed(changes.answer(batch(envelope()))) == []
    assert statuses() == [FindingStatus.OPEN]

    boto3.client("sqs").delete_queue(QueueUrl=url)
    assert failed(changes.answer(batch(envelope()))) == []

    assert statuses() == []
    assert [one["changes"] for one in lines.lines if one.get("message") == "re-evaluated"] == [1, 1]


@pytest.mark.parametrize(
    "forged",
    [
        envelope(source="custom.app"),
        envelope(account="999988887777"),
        envelope(detail={**envelope()["detail"], "recipientAccountId": "999988887777"}),
    ],
    ids=["source", "account", "record"],
)
def test_a_forged_message_is_dropped_and_counted(
    changes: ChangeQueue, lines: Lines, forged: dict[str, Any]
) -> None:
    open_queue()

    assert failed(changes.answer(batch(forged))) == []

    assert statuses() == []
    assert sum(one.get("ForgedEvents", 0) for one in lines.lines) == 1


@pytest.mark.parametrize("poison", ["", "no JSON", "[]", {"source": "aws.sqs"}, "[" * 5_000])
def test_poison_is_dropped_and_takes_no_other_message_along(
    changes: ChangeQueue, poison: Any
) -> None:
    open_queue()

    assert failed(changes.answer(batch(poison, envelope()))) == []
    assert statuses() == [FindingStatus.OPEN]


def test_what_is_no_record_of_cloudtrail_is_dropped_and_counted(
    changes: ChangeQueue, lines: Lines
) -> None:
    other = envelope(**{"detail-type": "GuardDuty Finding"})

    assert failed(changes.answer(batch(other))) == []
    assert sum(one.get("UnreadableEvents", 0) for one in lines.lines) == 1


def test_a_table_that_is_not_there_gives_the_message_back(changes: ChangeQueue) -> None:
    open_queue()
    boto3.client("dynamodb").delete_table(TableName="findings")

    assert failed(changes.answer(batch(envelope()))) == ["m0"]


def test_message_by_message_gives_the_same(changes: ChangeQueue) -> None:
    open_queue()

    assert failed(changes.each(batch("poison", envelope(), envelope()))) == []
    assert statuses() == [FindingStatus.OPEN]


def test_nothing_that_an_event_says_is_logged(changes: ChangeQueue, lines: Lines) -> None:
    secret = "hunter2-in-a-parameter"  # noqa: S105 - made up
    told = envelope()
    told["detail"]["requestParameters"]["note"] = secret
    open_queue()

    changes.answer(batch(told))

    assert secret not in json.dumps(lines.lines)


def test_a_function_without_its_settings_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    reevaluate.queue.cache_clear()

    with pytest.raises(DeployedSettingsError, match="VEDETTE_FINDINGS_TABLE"):
        reevaluate.handler(batch(envelope()), None)


def test_a_map_of_changes_that_is_not_there_says_to_deploy_again(tmp_path: Path) -> None:
    with pytest.raises(DeployedSettingsError, match="deploy again"):
        deployed_change_map(tmp_path)
