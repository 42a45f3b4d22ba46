"""Reads the bucket that a trail fills: only the trails' buckets, each once a region.

A bucket of another account is denied (`ExpectedBucketOwner`): our account's block does not protect
it, so nothing could be said of it. Source: Amazon S3 API Reference.
"""

from collections.abc import Iterator

from vedette.aws.collect.reader import Answer, Reader
from vedette.resources.cloudtrail import BucketExposure, BucketLogging, Trail
from vedette.resources.facts import known
from vedette.resources.s3 import NOTHING_BLOCKED, PublicAccessBlock
from vedette.resources.s3_exposure import PUBLIC_GROUPS

LOCATION = "s3:GetBucketLocation"
LOGGING = "s3:GetBucketLogging"
BLOCK = "s3:GetPublicAccessBlock"
ACCOUNT_BLOCK = "s3control:GetPublicAccessBlock"
POLICY_STATUS = "s3:GetBucketPolicyStatus"
ACL = "s3:GetBucketAcl"
LOGGING_CALLS = (LOCATION, LOGGING)
EXPOSURE_CALLS = (LOCATION, BLOCK, ACCOUNT_BLOCK, POLICY_STATUS, ACL)
NO_BUCKET = "NoSuchBucket"
NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"
# GetBucketLocation answers null for us-east-1 and EU for old buckets in eu-west-1.
LEGACY_LOCATIONS = {"": "us-east-1", "EU": "eu-west-1"}


def read_logging(reader: Reader, trail: Trail) -> BucketLogging:
    """Return where the access log of the trail's bucket goes."""
    bucket = _bucket(trail)
    return reader.once(f"logging of {bucket}", lambda shared: _logging(shared, bucket))


def read_exposure(reader: Reader, trail: Trail) -> BucketExposure:
    """Return what opens the trail's bucket to the public."""
    bucket = _bucket(trail)
    return reader.once(f"exposure of {bucket}", lambda shared: _exposure(shared, bucket))


def _bucket(trail: Trail) -> str:
    bucket = known(trail.bucket)
    if bucket is None:
        raise ValueError("the trail has no bucket")
    return bucket


def _logging(reader: Reader, bucket: str) -> BucketLogging:
    region = _region(reader, bucket)
    if region is None:
        return BucketLogging(exists=False)
    answer = _ask(reader, LOGGING, bucket, region)
    return BucketLogging(target=(answer.get("LoggingEnabled") or {}).get("TargetBucket"))


def _exposure(reader: Reader, bucket: str) -> BucketExposure:
    region = _region(reader, bucket)
    if region is None:
        return BucketExposure(exists=False)
    block = _block(reader, bucket, region)
    public_by: list[str] = []
    if not block.restrict_public_buckets and _policy_is_public(reader, bucket, region):
        public_by.append("its policy")
    if not block.ignore_public_acls:
        public_by += _public_grants(_ask(reader, ACL, bucket, region))
    return BucketExposure(public_by=tuple(public_by))


def _region(reader: Reader, bucket: str) -> str | None:
    """Return the bucket's region, or None if there is no such bucket."""

    def ask(shared: Reader) -> Answer | None:
        owner = shared.account
        return shared.optional(LOCATION, NO_BUCKET, Bucket=bucket, ExpectedBucketOwner=owner)

    answer = reader.once(f"location of {bucket}", ask)
    if answer is None:
        return None
    location: str = answer.get("LocationConstraint") or ""
    return LEGACY_LOCATIONS.get(location, location)


def _ask(reader: Reader, operation: str, bucket: str, region: str) -> Answer:
    owner = reader.account
    return reader.call(operation, region=region, Bucket=bucket, ExpectedBucketOwner=owner)


def _block(reader: Reader, bucket: str, region: str) -> PublicAccessBlock:
    """Return what holds for the bucket: its own block, with the account's where it is open."""
    owner = reader.account
    own = _parsed(
        reader.optional(BLOCK, NO_BLOCK, region=region, Bucket=bucket, ExpectedBucketOwner=owner)
    )
    if own.ignore_public_acls and own.restrict_public_buckets:
        return own
    ask = {"AccountId": owner}
    return own.joined(_parsed(reader.optional(ACCOUNT_BLOCK, NO_BLOCK, region=region, **ask)))


def _parsed(answer: Answer | None) -> PublicAccessBlock:
    if answer is None:
        return NOTHING_BLOCKED
    stored = answer["PublicAccessBlockConfiguration"]
    return PublicAccessBlock(
        ignore_public_acls=stored.get("IgnorePublicAcls", False),
        restrict_public_buckets=stored.get("RestrictPublicBuckets", False),
    )


def _policy_is_public(reader: Reader, bucket: str, region: str) -> bool:
    owner = reader.account
    answer = reader.optional(
        POLICY_STATUS,
        "NoSuchBucketPolicy",
        region=region,
        Bucket=bucket,
        ExpectedBucketOwner=owner,
    )
    return answer is not None and bool(answer["PolicyStatus"]["IsPublic"])


def _public_grants(acl: Answer) -> Iterator[str]:
    for grant in acl["Grants"]:
        group = PUBLIC_GROUPS.get(grant["Grantee"].get("URI", ""))
        if group is not None:
            yield f"its ACL ({grant['Permission']} for {group})"
