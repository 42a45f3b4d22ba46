"""Buckets, access points and the account-wide public access block."""

import json
from typing import Any

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World

EVERYTHING = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"
NOTHING = dict.fromkeys(EVERYTHING, False)


def create(aws: Aws, name: str, region: str = REGION, *, opened: bool = False) -> Any:
    """Create a bucket as AWS does since 2023: blocked and without ACLs, unless opened."""
    s3 = aws("s3", region)
    place = {"LocationConstraint": region}
    if region == "us-east-1":
        s3.create_bucket(Bucket=name)
    else:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    if opened:
        s3.delete_public_access_block(Bucket=name)
        s3.put_bucket_ownership_controls(
            Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        )
    return s3


def put_policy(s3: Any, bucket: str, principal: Any, action: str, **more: Any) -> None:
    arn = f"arn:aws:s3:::{bucket}"
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": [arn, f"{arn}/*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement | more]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def seed_good_buckets(aws: Aws) -> None:
    s3 = create(aws, "guarded")
    s3.put_bucket_versioning(
        Bucket="guarded",
        VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"},
        MFA="arn:aws:iam::123456789012:mfa/root 123456",
    )
    plain_http = {"Bool": {"aws:SecureTransport": "false"}}
    put_policy(s3, "guarded", "*", "s3:*", Effect="Deny", Condition=plain_http)
    create(aws, "elsewhere", "us-east-1")
    own = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    put_policy(create(aws, "own-account", opened=True), "own-account", own, "s3:*")


def seed_bad_buckets(aws: Aws) -> None:
    put_policy(create(aws, "website", opened=True), "website", "*", "s3:GetObject")
    put_policy(create(aws, "dropbox", "us-east-1", opened=True), "dropbox", "*", "s3:PutObject")
    partner = {"AWS": "arn:aws:iam::999988887777:role/reader"}
    put_policy(create(aws, "shared"), "shared", partner, "s3:GetObject")
    create(aws, "listed", opened=True).put_bucket_acl(Bucket="listed", ACL="public-read")
    # Not the canned ACL public-read-write: moto answers only the first of its permissions.
    create(aws, "dump", opened=True).put_bucket_acl(Bucket="dump", GrantWrite=f"uri={EVERYONE}")
    overridden = create(aws, "overridden", opened=True)
    put_policy(overridden, "overridden", "*", "s3:*")
    overridden.put_public_access_block(
        Bucket="overridden", PublicAccessBlockConfiguration=EVERYTHING
    )


def seed_open_account(aws: Aws) -> None:
    seed_good_buckets(aws)
    seed_bad_buckets(aws)
    control = aws("s3control")
    named: dict[str, Any] = {"AccountId": ACCOUNT, "Bucket": "guarded"}
    control.create_access_point(Name="closed", PublicAccessBlockConfiguration=EVERYTHING, **named)
    control.create_access_point(Name="open", PublicAccessBlockConfiguration=NOTHING, **named)
    control.create_access_point(
        Name="vpc-only",
        PublicAccessBlockConfiguration=NOTHING,
        VpcConfiguration={"VpcId": "vpc-0a1b2c3d"},
        **named,
    )


def seed_closed_account(aws: Aws) -> None:
    aws("s3control").put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=EVERYTHING
    )
    put_policy(create(aws, "website", opened=True), "website", "*", "s3:GetObject")
    aws("s3control").create_access_point(
        AccountId=ACCOUNT,
        Name="open",
        Bucket="website",
        PublicAccessBlockConfiguration=NOTHING,
    )


WORLDS = (
    World(
        name="open-account",
        seed=seed_open_account,
        verdicts={
            "s3/account_blocks_public_access": {ACCOUNT: "FAILED"},
            "s3/access_point_blocks_public_access": {
                "closed": "PASSED",
                "open": "FAILED",
                "vpc-only": "PASSED",
            },
            "s3/bucket_blocks_public_access": {
                "guarded": "PASSED",
                "elsewhere": "PASSED",
                "overridden": "PASSED",
                "own-account": "FAILED",
                "website": "FAILED",
                "dropbox": "FAILED",
            },
            "s3/bucket_is_not_publicly_readable": {
                "guarded": "PASSED",
                "own-account": "PASSED",
                "overridden": "PASSED",
                "dropbox": "PASSED",
                "website": "FAILED",
                "dump": "PASSED",
                "listed": "FAILED",
            },
            "s3/bucket_is_not_publicly_writable": {
                "guarded": "PASSED",
                "overridden": "PASSED",
                "website": "PASSED",
                "listed": "PASSED",
                "dropbox": "FAILED",
                "dump": "FAILED",
            },
            "s3/bucket_policy_trusts_known_accounts_only": {
                "guarded": "PASSED",
                "own-account": "PASSED",
                "overridden": "PASSED",
                "shared": "FAILED",
                "website": "FAILED",
            },
            "s3/bucket_requires_encrypted_transport": {
                "guarded": "PASSED",
                "elsewhere": "FAILED",
                "website": "FAILED",
            },
            "s3/bucket_keeps_versions": {"guarded": "PASSED", "elsewhere": "FAILED"},
            "s3/bucket_requires_mfa_to_delete_versions": {
                "guarded": "PASSED",
                "elsewhere": "FAILED",
            },
        },
    ),
    World(
        name="closed-account",
        seed=seed_closed_account,
        verdicts={
            "s3/account_blocks_public_access": {ACCOUNT: "PASSED"},
            "s3/access_point_blocks_public_access": {"open": "PASSED"},
            "s3/bucket_blocks_public_access": {"website": "PASSED"},
            "s3/bucket_policy_trusts_known_accounts_only": {"website": "PASSED"},
        },
    ),
)
