"""Detection over DynamoDB: how much is called, and what a throttled table does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from tests.aws.stores.locked_dynamodb import one_at_a_time
from tests.aws.stores.made import Counting, error, make_table, together
from tests.operations.detecting import batch, compiled, envelope, failed
from tests.operations.hunting import ACCOUNT, DENIED, TRAIL_STOPPED, USER, denied, event, rules
from vedette.aws.geography import GeographyBucket, GeographyFetchError
from vedette.aws.stores import tables
from vedette.aws.stores.findings import DynamoFindings
from vedette.configuration.deployed import DetectSettings
from vedette.configuration.model import Configuration
from vedette.detection.ir import to_json
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding
from vedette.operations.detect import Detector
from vedette.operations.detect_deployed import deployed_detector

SETTINGS = DetectSettings(
    findings_table="findings", state_table="state", accounts=frozenset({ACCOUNT})
)
BURST = DENIED.replace("userIdentity.arn", "vedette.principal")


@pytest.fixture
def client() -> Iterator[Counting]:
    with mock_aws(), one_at_a_time():
        dynamodb = boto3.client(
            "dynamodb",
            region_name="eu-west-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
            config=Config(max_pool_connections=40),
        )
        make_table(dynamodb, "findings", tables.FINDINGS)
        make_table(dynamodb, "state", tables.STATE)
        yield Counting(dynamodb)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = rules(tmp_path_factory.mktemp("rules"), denied=BURST, stopped=TRAIL_STOPPED)
    return to_json(compiled(folder))


def worker(client: Counting, content: bytes, folder: Path) -> Detector:
    return deployed_detector(SETTINGS, Configuration(), content, lambda _: client, folder)


def found(client: Any, rule: str) -> list[TrackedFinding]:
    return list(DynamoFindings(client, "findings").of_rule(ACCOUNT, rule))


def deliver(detector: Detector, *records: dict[str, Any]) -> list[str]:
    return failed(detector.handle(batch(envelope(one) for one in records)))


def burst_of(client: Any) -> TrackedFinding:
    store = DynamoFindings(client, "findings")
    (one,) = (one for one in store.open_by_severity(Severity.MEDIUM) if one.events.count > 0)
    return one


def test_what_matches_nothing_calls_nothing(
    client: Counting, content: bytes, tmp_path: Path
) -> None:
    quiet = [event(number, eventName="ListTrails") for number in range(100)]

    assert deliver(worker(client, content, tmp_path), *quiet) == []
    assert client.calls == {}


def test_a_batch_of_repeats_is_one_write(client: Counting, content: bytes, tmp_path: Path) -> None:
    detector = worker(client, content, tmp_path)
    deliver(detector, event(0))
    client.calls.clear()

    deliver(detector, *(event(number) for number in range(1, 50)))

    assert client.calls["transact_write_items"] + client.calls["update_item"] == 1
    assert client.calls["batch_get_item"] == 1
    assert [one.events.count for one in found(client, "stopped")] == [50]


def test_two_workers_that_share_a_burst_make_one_finding(
    client: Counting, content: bytes, tmp_path: Path
) -> None:
    workers = [worker(client, content, tmp_path) for _ in range(4)]
    events = [denied(number) for number in range(12)]

    def part(number: int) -> Callable[[], object]:
        return lambda: deliver(workers[number], *events[number::4])

    with together(*map(part, range(4))):
        pass
    deliver(workers[0], events[0])

    found_burst = burst_of(client)
    assert (found_burst.events.count, found_burst.principal) == (12, USER)


def test_a_throttled_memory_fails_only_the_messages_that_it_remembers(
    client: Counting, content: bytes, tmp_path: Path
) -> None:
    busy = error("ThrottlingException")
    client.failing["update_item"] = lambda asked: busy if asked["TableName"] == "state" else None
    detector = worker(client, content, tmp_path)

    assert deliver(detector, denied(1), event(2), event(3, eventName="ListTrails")) == ["m0"]
    assert len(found(client, "stopped")) == 1

    client.failing.clear()
    assert deliver(detector, denied(1), denied(2), denied(3)) == []
    assert burst_of(client).events.count == 3


def test_throttled_findings_fail_their_messages_and_come_right_later(
    client: Counting, content: bytes, tmp_path: Path
) -> None:
    busy = error("ProvisionedThroughputExceededException")
    client.failing["batch_get_item"] = lambda _: busy
    detector = worker(client, content, tmp_path)

    assert deliver(detector, event(1), event(2, eventName="ListTrails"), event(3)) == ["m0", "m2"]

    client.failing.clear()
    assert deliver(detector, event(1), event(3)) == []
    assert [one.events.count for one in found(client, "stopped")] == [2]


class TestGeography:
    @pytest.fixture
    def s3(self) -> Iterator[Any]:
        with mock_aws():
            made = boto3.client(
                "s3",
                region_name="us-east-1",
                aws_access_key_id="any",
                aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
            )
            made.create_bucket(Bucket="maps")
            yield made

    def test_a_database_is_fetched_into_a_folder(self, s3: Any, tmp_path: Path) -> None:
        s3.put_object(Bucket="maps", Key="a/../places.mmdb", Body=b"x" * 3_000_000)

        where = GeographyBucket(s3, "maps").fetch("a/../places.mmdb", tmp_path)

        assert where.parent == tmp_path
        assert where.read_bytes() == b"x" * 3_000_000

    def test_a_database_that_is_not_there_is_told(self, s3: Any, tmp_path: Path) -> None:
        with pytest.raises(GeographyFetchError, match=r"places.mmdb: s3:GetObject found nothing"):
            GeographyBucket(s3, "maps").fetch("places.mmdb", tmp_path)
