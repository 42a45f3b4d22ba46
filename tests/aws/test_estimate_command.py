"""`vedette deploy --estimate`, by a folder and by the trail of an account in the stand-in."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.bench.events import write_files
from tests.aws.command import Ran, vedette
from tests.operations.hunting import event
from vedette.aws.stand_in.server import StandIn

ACCOUNT, REGION = "123456789012", "eu-west-1"


def estimate(stand_in: StandIn, *arguments: str) -> Ran:
    ran = vedette("deploy", "--estimate", "--endpoint-url", stand_in.endpoint_url, *arguments)
    assert not stand_in.client("cloudformation").describe_stacks()["Stacks"]
    return ran


def deliver(stand_in: StandIn, prefix: str, region: str, *ago: timedelta) -> None:
    """Let the trail write a file for each event, in the folder of its day."""
    now = datetime.now(UTC)
    for number, one in enumerate(ago):
        at = now - one
        content: dict[str, Any] = event(
            number,
            eventTime=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            eventName="StopLogging",
            eventSource="cloudtrail.amazonaws.com",
            readOnly=False,
        )
        name = f"{ACCOUNT}_CloudTrail_{region}_{at:%Y%m%dT%H%M}Z_{number:016d}.json.gz"
        stand_in.client("s3", REGION).put_object(
            Bucket="logs",
            Key=f"{prefix}AWSLogs/{ACCOUNT}/CloudTrail/{region}/{at:%Y/%m/%d}/{name}",
            Body=gzip.compress(json.dumps({"Records": [content]}).encode()),
        )


def make_trail(stand_in: StandIn, **settings: Any) -> None:
    stand_in.client("s3", REGION).create_bucket(
        Bucket="logs", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    stand_in.client("cloudtrail", REGION).create_trail(Name="all", S3BucketName="logs", **settings)


@pytest.mark.parametrize("prefix", ["", "ours"])
def test_the_last_day_of_all_regions_of_the_own_trail_is_read(
    stand_in: StandIn, prefix: str
) -> None:
    make_trail(stand_in, IsMultiRegionTrail=True, **({"S3KeyPrefix": prefix} if prefix else {}))
    folder = f"{prefix}/" if prefix else ""
    deliver(stand_in, folder, REGION, timedelta(hours=1), timedelta(hours=23), timedelta(hours=26))
    deliver(stand_in, folder, "us-east-1", timedelta(hours=2))

    ran = estimate(stand_in, "--output", "json")

    assert ran.code == 0, ran.stderr
    assert ran.json["events"] == 3
    assert ran.json["by_queue"]["detect"] == 3
    assert ran.json["alerts"] >= 1
    assert ran.json["usd_a_month"] > 0
    assert "Nothing was deployed." in ran.stderr


def test_a_trail_of_one_region_is_read_in_that_region(stand_in: StandIn) -> None:
    make_trail(stand_in, IsMultiRegionTrail=False)
    deliver(stand_in, "", REGION, timedelta(hours=1))
    deliver(stand_in, "", "us-east-1", timedelta(hours=1))

    ran = vedette(
        *("deploy", "--estimate", "--output", "json", "--endpoint-url", stand_in.endpoint_url),
        environment={
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_DEFAULT_REGION": REGION,
        },
    )

    assert ran.json["events"] == 1


def test_without_a_trail_it_says_what_to_name(stand_in: StandIn) -> None:
    ran = estimate(stand_in)

    assert ran.code == 2
    assert "has no trail" in ran.stderr
    assert "--logs" in ran.stderr


def test_a_bucket_that_may_not_be_listed_is_told(stand_in: StandIn) -> None:
    make_trail(stand_in, IsMultiRegionTrail=True)
    stand_in.faults.deny("s3:ListObjectsV2")

    ran = estimate(stand_in)

    assert ran.code == 2
    assert "s3:ListBucket" in ran.stderr


def test_a_folder_serves_as_well_and_prices_are_stated(stand_in: StandIn, tmp_path: Path) -> None:
    write_files(tmp_path, 1_000, 1)

    ran = estimate(stand_in, "--logs", str(tmp_path))

    assert ran.code == 0, ran.stderr
    assert ran.stdout.startswith("A day of this log: 1,000 events")
    assert "($1 for 1,000,000)" in ran.stdout
    assert "price unsure" in ran.stdout


def test_options_of_an_estimate_deploy_nothing_by_mistake() -> None:
    ran = vedette("deploy", "--logs", "/nonexistent")

    assert ran.code == 2
    assert "go with --estimate" in ran.stderr
