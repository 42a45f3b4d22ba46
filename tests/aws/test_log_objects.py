import gzip
import json
from collections.abc import Iterator

import pytest

from tests.aws.command import vedette
from vedette.aws.log_objects import OPERATIONS, BucketPlace, LogObjects, LogObjectsError
from vedette.aws.session import AccessKey, AwsSession, SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.operations.permissions import audit_operations

RECORDS = json.dumps(
    {"Records": [{"eventSource": "cloudtrail.amazonaws.com", "eventName": "StopLogging"}]}
).encode()
PREFIX = "AWSLogs/111122223333/CloudTrail/"


@pytest.fixture
def objects(stand_in: StandIn) -> Iterator[LogObjects]:
    session = AwsSession(
        SessionOptions(
            endpoint_url=stand_in.endpoint_url,
            region="us-east-1",
            access_key=AccessKey("AKIAEXAMPLE", "x"),
        )
    )
    s3 = session.client("s3", "us-east-1")
    s3.create_bucket(Bucket="trail")
    s3.put_object(Bucket="trail", Key=f"{PREFIX}one.json.gz", Body=gzip.compress(RECORDS))
    s3.put_object(Bucket="trail", Key="other/two.json", Body=RECORDS)
    yield LogObjects(session)
    session.drop("us-east-1")


def test_objects_below_a_prefix_are_listed_and_read(objects: LogObjects) -> None:
    (found,) = objects.listed(BucketPlace(bucket="trail", prefix="AWSLogs/"))

    content = objects.read(found.uri)

    assert found.uri == f"s3://trail/{PREFIX}one.json.gz"
    assert found.size == content.size
    assert content.body == RECORDS
    assert content.problem is None


def test_an_object_larger_than_the_limit_is_not_read(objects: LogObjects) -> None:
    content = objects.read("s3://trail/other/two.json", limit=10)

    assert content.body is None
    assert content.problem is not None
    assert "larger than 10 bytes" in content.problem


def test_an_object_that_is_gone_is_told(objects: LogObjects) -> None:
    content = objects.read("s3://trail/gone.json")

    assert content.body is None
    assert "s3:GetObject" in (content.problem or "")


def test_a_bucket_that_cannot_be_listed_is_refused_with_what_is_needed(
    objects: LogObjects,
) -> None:
    with pytest.raises(LogObjectsError, match=r"s3:ListObjectsV2 .*needs s3:ListBucket"):
        list(objects.listed(BucketPlace(bucket="nobody-has-this")))


def test_an_audit_does_not_ask_for_what_a_hunt_needs() -> None:
    assert not OPERATIONS & audit_operations()


def test_a_hunt_goes_through_a_bucket(objects: LogObjects, stand_in: StandIn) -> None:
    ran = vedette(
        *("hunt", "s3://trail/AWSLogs/", "--endpoint-url", stand_in.endpoint_url),
        *("--region", "us-east-1", "--output", "jsonl"),
    )

    assert ran.code == 0, ran.stderr
    assert "Looked at 1 events in 1 files" in ran.stderr
