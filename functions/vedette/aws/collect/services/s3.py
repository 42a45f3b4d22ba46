"""Reads S3 buckets, access points and the account's S3 settings."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, FactReader, fact
from vedette.aws.collect.policies import read_policy
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import GLOBAL_REGION
from vedette.resources.s3 import (
    NOTHING_BLOCKED,
    AclGrant,
    PublicAccessBlock,
    S3AccessPoint,
    S3Account,
    S3Bucket,
    Versioning,
)

LEGACY_LOCATIONS = {"": "us-east-1", "EU": "eu-west-1"}
ACCESS_POINT = "accesspoint/"


def find_account(reader: Reader, _only: frozenset[str] | None) -> Iterator[S3Account]:
    """Yield the one snapshot of the account's settings."""
    arn = f"arn:{reader.partition}:iam::{reader.account}:root"
    yield S3Account(arn=arn, id=reader.account, account=reader.account, region=GLOBAL_REGION)


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
        region = bucket.get("BucketRegion") or _location(reader, name)
        if region:
            yield name, region


def _these(reader: Reader, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(names):
        region = _location(reader, name)
        if region:
            yield name, region


def _location(reader: Reader, name: str) -> str | None:
    """Return a bucket's region, None if the bucket is gone.

    Source: GetBucketLocation answers null for us-east-1 and EU for old buckets in eu-west-1.
    """
    owned = {"Bucket": name, "ExpectedBucketOwner": reader.account}
    answer = reader.optional("s3:GetBucketLocation", "NoSuchBucket", **owned)
    if answer is None:
        return None
    location: str = answer.get("LocationConstraint") or ""
    return LEGACY_LOCATIONS.get(location, location)


def find_access_points(reader: Reader, only: frozenset[str] | None) -> Iterator[S3AccessPoint]:
    """Yield the access points of a region; those named by their ARN need no call."""
    for name in _access_point_names(reader) if only is None else sorted(only):
        arn = reader.arn("s3", ACCESS_POINT + name)
        if only is None or arn in reader.scope.only:
            yield S3AccessPoint(arn=arn, id=name, account=reader.account, region=reader.region)


def _access_point_names(reader: Reader) -> Iterator[str]:
    """Page by hand, since botocore has no paginator for this operation."""
    page: dict[str, Any] = {"NextToken": None}
    while "NextToken" in page:
        start = {"NextToken": page["NextToken"]} if page["NextToken"] else {}
        page = reader.call(
            "s3control:ListAccessPoints", AccountId=reader.account, MaxResults=1000, **start
        )
        yield from (one["Name"] for one in page.get("AccessPointList", []))


def parse_block(stored: dict[str, Any]) -> PublicAccessBlock:
    """Read the four settings as the S3 and S3 Control APIs answer them."""
    return PublicAccessBlock(
        block_public_acls=stored.get("BlockPublicAcls", False),
        ignore_public_acls=stored.get("IgnorePublicAcls", False),
        block_public_policy=stored.get("BlockPublicPolicy", False),
        restrict_public_buckets=stored.get("RestrictPublicBuckets", False),
    )


def _block_in(answer: dict[str, Any] | None) -> PublicAccessBlock:
    return parse_block(answer["PublicAccessBlockConfiguration"]) if answer else NOTHING_BLOCKED


def _account_block(reader: Reader, account: S3Account) -> PublicAccessBlock:
    none = "NoSuchPublicAccessBlockConfiguration"
    return _block_in(
        reader.optional("s3control:GetPublicAccessBlock", none, AccountId=account.account)
    )


def _owned(bucket: S3Bucket) -> dict[str, str]:
    return {"Bucket": bucket.id, "ExpectedBucketOwner": bucket.account}


def _bucket_block(reader: Reader, bucket: S3Bucket) -> PublicAccessBlock:
    none = "NoSuchPublicAccessBlockConfiguration"
    return _block_in(reader.optional("s3:GetPublicAccessBlock", none, **_owned(bucket)))


def _policy(reader: Reader, bucket: S3Bucket) -> PolicyDocument:
    answer = reader.optional("s3:GetBucketPolicy", "NoSuchBucketPolicy", **_owned(bucket))
    return read_policy(answer["Policy"] if answer else None)


def _acl(reader: Reader, bucket: S3Bucket) -> tuple[AclGrant, ...]:
    grants = reader.call("s3:GetBucketAcl", **_owned(bucket))["Grants"]
    return tuple(AclGrant(grantee=_grantee(one), permission=one["Permission"]) for one in grants)


def _grantee(grant: dict[str, Any]) -> str:
    grantee: dict[str, str] = grant["Grantee"]
    return grantee.get("URI") or grantee.get("ID") or grantee["Type"]


def _versioning(reader: Reader, bucket: S3Bucket) -> Versioning:
    """Source: GetBucketVersioning answers nothing for a bucket that never had versioning."""
    answer = reader.call("s3:GetBucketVersioning", **_owned(bucket))
    return Versioning(
        enabled=answer.get("Status") == "Enabled",
        mfa_delete=answer.get("MFADelete") == "Enabled",
    )


def _access_point(reader: Reader, point: S3AccessPoint) -> dict[str, Any]:
    answer = reader.call("s3control:GetAccessPoint", AccountId=point.account, Name=point.id)
    vpc = answer["VpcConfiguration"]["VpcId"] if answer["NetworkOrigin"] == "VPC" else None
    return {"public_access_block": _block_in(answer), "vpc": vpc}


ACCOUNT = Collector(
    kind=S3Account,
    calls=(),
    find=find_account,
    details=(fact("public_access_block", "s3control:GetPublicAccessBlock", read=_account_block),),
    is_global=True,
)
BUCKETS = Collector(
    kind=S3Bucket,
    calls=("s3:ListBuckets", "s3:GetBucketLocation"),
    find=find_buckets,
    details=(
        fact("public_access_block", "s3:GetPublicAccessBlock", read=_bucket_block),
        fact("policy", "s3:GetBucketPolicy", read=_policy),
        fact("acl", "s3:GetBucketAcl", read=_acl),
        fact("versioning", "s3:GetBucketVersioning", read=_versioning),
        TAGS,
    ),
    is_global=True,
    arn_service="s3",
    gone=frozenset({"NoSuchBucket"}),
)
ACCESS_POINTS = Collector(
    kind=S3AccessPoint,
    calls=("s3control:ListAccessPoints",),
    find=find_access_points,
    details=(
        FactReader(
            facts=("public_access_block", "vpc"),
            calls=("s3control:GetAccessPoint",),
            read=_access_point,
        ),
        TAGS,
    ),
    arn_service="s3",
    arn_prefix=ACCESS_POINT,
    gone=frozenset({"NoSuchAccessPoint"}),
)
COLLECTORS = (ACCOUNT, BUCKETS, ACCESS_POINTS)
