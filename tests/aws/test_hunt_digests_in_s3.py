"""`vedette hunt --validate-digests` on a bucket, where signatures are metadata of the digests."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.aws.command import Ran, vedette
from tests.cli.test_hunt_digests import named, states
from tests.detection.digests.chain import BUCKET, Chain, answer, new_key
from tests.operations.hunting import TRAIL_STOPPED, rules
from vedette.aws.session import AccessKey, AwsSession, SessionOptions
from vedette.aws.stand_in.server import StandIn


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture
def chain(tmp_path: Path, key: RSAPrivateKey) -> Chain:
    return Chain(tmp_path / "bucket", key).hours(4)


@pytest.fixture
def own(tmp_path: Path, key: RSAPrivateKey) -> list[str | Path]:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(answer(key)), encoding="utf-8")
    folder = rules(tmp_path / "rules", stopped=TRAIL_STOPPED)
    return ["--no-built-in", "--rules", folder, "--validate-digests", "--digest-keys", path]


@pytest.fixture
def bucket(stand_in: StandIn, chain: Chain) -> Iterator[Any]:
    """Upload the chain as it stands in S3, signatures as metadata; return the S3 client."""
    credentials = AccessKey("AKIAEXAMPLE", "x")
    session = AwsSession(
        SessionOptions(
            endpoint_url=stand_in.endpoint_url, region="us-east-1", access_key=credentials
        )
    )
    s3 = session.client("s3", "us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    for path in (*chain.logs, *chain.digests):
        signature = chain.signatures.get(path.name)
        s3.put_object(
            Bucket=BUCKET,
            Key=path.relative_to(chain.folder).as_posix(),
            Body=path.read_bytes(),
            Metadata={"signature": signature} if signature else {},
        )
    yield s3
    session.drop("us-east-1")


def in_s3(stand_in: StandIn, prefix: str, *arguments: str | Path) -> Ran:
    """Hunt through a prefix of the bucket."""
    place = f"s3://{BUCKET}/{prefix}"
    output = ("--region", "us-east-1", "--endpoint-url", stand_in.endpoint_url, "--output", "json")
    return vedette("hunt", place, *arguments, *output)


@pytest.mark.parametrize(
    "prefix", ["", "AWSLogs/", "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/01/"]
)
def test_in_s3_every_digest_has_its_signature(
    stand_in: StandIn, bucket: Any, own: list[str | Path], prefix: str
) -> None:
    ran = in_s3(stand_in, prefix, *own)

    assert ran.code == 0, ran.stderr
    assert states(ran) == {"valid": 8}


def test_in_s3_what_was_changed_and_removed_is_found(
    stand_in: StandIn, bucket: Any, chain: Chain, own: list[str | Path]
) -> None:
    changed, removed = (one.relative_to(chain.folder).as_posix() for one in chain.logs[1:3])
    bucket.put_object(Bucket=BUCKET, Key=changed, Body=b"{}")
    bucket.delete_object(Bucket=BUCKET, Key=removed)

    ran = in_s3(stand_in, "AWSLogs/", *own, "--fail-on", "critical")

    assert ran.code == 1
    assert named(ran, "changed") == [chain.logs[1].name]
    assert named(ran, "missing") == [chain.logs[2].name]


def test_in_s3_what_is_older_than_the_time_asked_for_is_not_missed(
    stand_in: StandIn, bucket: Any, chain: Chain, own: list[str | Path]
) -> None:
    for path in (chain.logs[0], chain.digests[0]):
        bucket.delete_object(Bucket=BUCKET, Key=path.relative_to(chain.folder).as_posix())

    ran = in_s3(stand_in, "AWSLogs/", *own, "--since", "2026-09-01T01:00:00Z")

    assert ran.code == 0, ran.stderr
    assert states(ran) == {"valid": 6}


def test_a_log_that_s3_does_not_give_is_not_called_changed(
    stand_in: StandIn, bucket: Any, chain: Chain, own: list[str | Path]
) -> None:
    stand_in.faults.deny("s3:GetObject", containing=chain.logs[1].name)

    ran = in_s3(stand_in, "AWSLogs/", *own, "--fail-on", "informational")

    assert ran.code == 3
    assert named(ran, "unreadable") == [chain.logs[1].name]
    assert "s3:GetObject was denied" in ran.stdout
    assert states(ran) == {"valid": 7, "unreadable": 1}


def test_a_digest_that_s3_does_not_give_vouches_for_nothing(
    stand_in: StandIn, bucket: Any, chain: Chain, own: list[str | Path]
) -> None:
    stand_in.faults.deny("s3:GetObject", containing=chain.digests[3].name)

    ran = in_s3(stand_in, "AWSLogs/", *own, "--fail-on", "informational")

    assert ran.code == 3
    assert named(ran, "unreadable") == [chain.digests[3].name]
    assert named(ran, "not_covered") == [chain.logs[3].name]
