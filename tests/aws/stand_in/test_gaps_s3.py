"""S3 and S3 Control: defaults of new buckets, regions, MFA delete, access points."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from vedette.aws.stand_in.server import StandIn

EVERYTHING_BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
ACCOUNT = "123456789012"


def create(stand_in: StandIn, name: str, region: str, **settings: Any) -> Any:
    client = stand_in.client("s3", region)
    where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client.create_bucket(Bucket=name, **({} if region == "us-east-1" else where), **settings)
    return client


def test_a_new_bucket_blocks_public_access_and_has_no_acls(stand_in: StandIn) -> None:
    """Source: Amazon S3 User Guide, "Default settings for new S3 buckets FAQ"."""
    s3 = create(stand_in, "letters", "eu-west-1")

    block = s3.get_public_access_block(Bucket="letters")["PublicAccessBlockConfiguration"]
    ownership = s3.get_bucket_ownership_controls(Bucket="letters")["OwnershipControls"]

    assert block == EVERYTHING_BLOCKED
    assert ownership == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_a_bucket_may_be_created_with_acls(stand_in: StandIn) -> None:
    s3 = create(stand_in, "letters", "eu-west-1", ObjectOwnership="ObjectWriter")

    ownership = s3.get_bucket_ownership_controls(Bucket="letters")["OwnershipControls"]

    assert ownership == {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}


def test_creating_a_bucket_again_changes_nothing_in_it(stand_in: StandIn) -> None:
    """Source: S3 API Reference, CreateBucket: us-east-1 answers 200 to its owner."""
    s3 = create(stand_in, "letters", "us-east-1")
    s3.delete_public_access_block(Bucket="letters")

    s3.create_bucket(Bucket="letters")

    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        s3.get_public_access_block(Bucket="letters")


def test_every_bucket_is_encrypted(stand_in: StandIn) -> None:
    """Source: Amazon S3 User Guide, "Setting default server-side encryption behavior"."""
    s3 = create(stand_in, "letters", "eu-west-1")
    (rule,) = s3.get_bucket_encryption(Bucket="letters")["ServerSideEncryptionConfiguration"][
        "Rules"
    ]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}

    kms = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="letters", ServerSideEncryptionConfiguration={"Rules": [kms]})

    (rule,) = s3.get_bucket_encryption(Bucket="letters")["ServerSideEncryptionConfiguration"][
        "Rules"
    ]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms"}


def test_the_encryption_of_a_bucket_that_is_not_there_is_an_error(stand_in: StandIn) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        stand_in.client("s3").get_bucket_encryption(Bucket="nowhere")


def test_mfa_delete_is_remembered(stand_in: StandIn) -> None:
    """Source: S3 API Reference, GetBucketVersioning: MFADelete is there once it was set."""
    s3 = create(stand_in, "letters", "eu-west-1")
    s3.put_bucket_versioning(Bucket="letters", VersioningConfiguration={"Status": "Enabled"})
    assert "MFADelete" not in s3.get_bucket_versioning(Bucket="letters")

    s3.put_bucket_versioning(
        Bucket="letters",
        VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"},
        MFA="arn:aws:iam::123456789012:mfa/root-account-mfa-device 123456",
    )

    versioning = s3.get_bucket_versioning(Bucket="letters")
    assert (versioning["Status"], versioning["MFADelete"]) == ("Enabled", "Enabled")


def test_mfa_delete_dies_with_the_bucket(stand_in: StandIn) -> None:
    s3 = create(stand_in, "letters", "eu-west-1")
    enabled = {"Status": "Enabled", "MFADelete": "Enabled"}
    s3.put_bucket_versioning(Bucket="letters", VersioningConfiguration=enabled, MFA="x 1")
    s3.delete_bucket(Bucket="letters")
    create(stand_in, "letters", "eu-west-1")

    assert "MFADelete" not in s3.get_bucket_versioning(Bucket="letters")


def test_buckets_are_listed_by_name_with_their_regions(stand_in: StandIn) -> None:
    """Source: S3 API Reference, ListBuckets: BucketRegion comes with any parameter."""
    create(stand_in, "zebra", "eu-west-1")
    s3 = create(stand_in, "aardvark", "us-east-1")

    plain = s3.list_buckets()["Buckets"]
    assert [one["Name"] for one in plain] == ["aardvark", "zebra"]
    assert all("BucketRegion" not in one for one in plain)

    detailed = s3.list_buckets(MaxBuckets=100)["Buckets"]
    assert [one["BucketRegion"] for one in detailed] == ["us-east-1", "eu-west-1"]
    assert [one["Name"] for one in s3.list_buckets(Prefix="z")["Buckets"]] == ["zebra"]
    only = s3.list_buckets(BucketRegion="eu-west-1")["Buckets"]
    assert [one["Name"] for one in only] == ["zebra"]


def test_a_bucket_in_another_region_sends_the_caller_there(stand_in: StandIn) -> None:
    """Source: Amazon S3 User Guide, "Request redirection and the REST API"."""
    create(stand_in, "far-away", "eu-west-1")
    stand_in.recorder.clear()

    acl = stand_in.client("s3", "us-east-1").get_bucket_acl(Bucket="far-away")

    assert acl["Grants"]
    asked = [one.region for one in stand_in.recorder.counts if one.operation == "GetBucketAcl"]
    assert asked == ["us-east-1", "eu-west-1"]


def test_a_bucket_answers_in_its_own_region_at_once(stand_in: StandIn) -> None:
    s3 = create(stand_in, "near-by", "eu-west-1")
    stand_in.recorder.clear()

    s3.get_bucket_acl(Bucket="near-by")

    assert stand_in.recorder.by_operation() == {"s3:GetBucketAcl": 1}


def test_the_location_of_a_bucket_is_told_in_every_region(stand_in: StandIn) -> None:
    create(stand_in, "far-away", "eu-west-1")
    stand_in.recorder.clear()

    found = stand_in.client("s3", "us-east-1").get_bucket_location(Bucket="far-away")

    assert found["LocationConstraint"] == "eu-west-1"
    assert stand_in.recorder.total == 1


def test_an_access_point_belongs_to_its_region(stand_in: StandIn) -> None:
    """Source: Amazon S3 User Guide, "Access points": ARN and listing name one region."""
    create(stand_in, "letters", "eu-west-1")
    here = stand_in.client("s3control", "eu-west-1")
    there = stand_in.client("s3control", "us-east-1")
    made = here.create_access_point(AccountId=ACCOUNT, Name="readers", Bucket="letters")

    arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/readers"
    assert made["AccessPointArn"] == arn
    (listed,) = here.list_access_points(AccountId=ACCOUNT)["AccessPointList"]
    assert listed["AccessPointArn"] == arn
    assert there.list_access_points(AccountId=ACCOUNT)["AccessPointList"] == []
    point = here.get_access_point(AccountId=ACCOUNT, Name="readers")
    assert point["PublicAccessBlockConfiguration"] == EVERYTHING_BLOCKED
    with pytest.raises(ClientError, match="NoSuchAccessPoint"):
        there.get_access_point(AccountId=ACCOUNT, Name="readers")
    with pytest.raises(ClientError, match="NoSuchAccessPointPolicy"):
        here.get_access_point_policy(AccountId=ACCOUNT, Name="readers")
