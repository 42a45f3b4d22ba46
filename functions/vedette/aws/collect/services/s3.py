"""Reads S3 buckets."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.s3 import NOTHING_BLOCKED, PublicAccessBlock, S3Bucket

LEGACY_LOCATIONS = {"": "us-east-1", "EU": "eu-west-1"}


def find_buckets(reader: Reader, only: frozenset[str] | None) -> Iterator[S3Bucket]:
    """Yield the buckets in the chosen regions."""
    named = _all(reader) if only is None else _these(reader, only)
    for name, region in named:
        if region in reader.scope.regions:
            arn = reader.arn("s3", name, account="")
            yield S3Bucket(arn=arn, id=name, account=reader.account, region=region)


def _all(reader: Reader) -> Iterator[tuple[str, str]]:
    for bucket in reader.pages("s3:ListBuckets", "Buckets", MaxBuckets=1000):
        name = bucket["Name"]
        yield name, bucket.get("BucketRegion") or _location(reader, name)


def _these(reader: Reader, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(names):
        yield name, _location(reader, name)


def _location(reader: Reader, name: str) -> str:
    """Source: GetBucketLocation answers null for us-east-1 and EU for old buckets in eu-west-1."""
    answer = reader.call("s3:GetBucketLocation", Bucket=name, ExpectedBucketOwner=reader.account)
    location: str = answer.get("LocationConstraint") or ""
    return LEGACY_LOCATIONS.get(location, location)


def parse_block(stored: dict[str, Any]) -> PublicAccessBlock:
    """Read the four settings as the S3 and S3 Control APIs answer them."""
    return PublicAccessBlock(
        block_public_acls=stored.get("BlockPublicAcls", False),
        ignore_public_acls=stored.get("IgnorePublicAcls", False),
        block_public_policy=stored.get("BlockPublicPolicy", False),
        restrict_public_buckets=stored.get("RestrictPublicBuckets", False),
    )


def _public_access_block(reader: Reader, bucket: S3Bucket) -> PublicAccessBlock:
    answer = reader.optional(
        "s3:GetPublicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
        Bucket=bucket.id,
    )
    return parse_block(answer["PublicAccessBlockConfiguration"]) if answer else NOTHING_BLOCKED


BUCKETS = Collector(
    kind=S3Bucket,
    calls=("s3:ListBuckets", "s3:GetBucketLocation"),
    find=find_buckets,
    details=(
        fact("public_access_block", "s3:GetPublicAccessBlock", read=_public_access_block),
        TAGS,
    ),
    is_global=True,
    arn_service="s3",
    gone=frozenset({"NoSuchBucket"}),
)
COLLECTORS = (BUCKETS,)
