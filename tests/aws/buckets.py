"""An account with a closed and an open bucket, and the audit of it."""

from pathlib import Path
from typing import Any

from tests.aws.command import KEYS, Ran, vedette
from tests.aws.truth.world import REGION
from vedette.aws.stand_in.server import StandIn

BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
RULE = "s3/bucket_blocks_public_access"


def create_buckets(stand_in: StandIn) -> None:
    """Create the buckets `closed` and `open`."""
    s3 = stand_in.client("s3", REGION)
    for name in ("closed", "open"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.delete_public_access_block(Bucket="open")  # A new bucket has everything blocked.
    stand_in.recorder.clear()


def audit(aws: StandIn, *arguments: str | Path, **environment: str) -> Ran:
    """Run an audit of one region with JSON output."""
    return vedette(
        "audit",
        *("--endpoint-url", aws.endpoint_url, "--region", REGION, "--output", "json"),
        *arguments,
        environment=KEYS | environment,
    )


def s3_audit(aws: StandIn, *arguments: str | Path, **environment: str) -> Ran:
    """Run an audit by the one rule."""
    return audit(aws, "--rule", RULE, *arguments, **environment)


def failed(report: Any) -> list[str]:
    """Return the ids of what failed."""
    return [one["resource"]["id"] for one in report["findings"] if one["verdict"] == "FAILED"]
