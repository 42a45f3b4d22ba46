"""Private buckets for what Vedette itself writes."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledged import acknowledge


def private_bucket(
    scope: Construct, name: str, *, days: int | None, removal: RemovalPolicy
) -> s3.Bucket:
    """Make a bucket that nobody outside can reach; what is in it expires after `days`, if given."""
    bucket = s3.Bucket(
        scope,
        name,
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        removal_policy=removal,
        lifecycle_rules=None
        if days is None
        else [
            s3.LifecycleRule(
                expiration=Duration.days(days),
                abort_incomplete_multipart_upload_after=Duration.days(1),
            )
        ],
    )
    acknowledge(
        bucket,
        "S1",
        "A log of its readers would need a bucket of its own; CloudTrail tells who changed it.",
    )
    return bucket
