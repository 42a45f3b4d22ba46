"""Trails: what they record, how their logs are kept, and where."""

import json
from typing import Any

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World

OTHER_REGION = "us-east-1"
BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
EVERY_OBJECT = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}


def create_bucket(aws: Aws, name: str, region: str = REGION) -> Any:
    s3 = aws("s3", region)
    place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **({} if region == OTHER_REGION else place))
    return s3


def create_log_group(aws: Aws, name: str) -> str:
    aws("logs").create_log_group(logGroupName=name)
    return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*"


def open_bucket(s3: Any, name: str) -> None:
    s3.delete_public_access_block(Bucket=name)
    s3.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )


def let_s3_write_logs(s3: Any, name: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


def seed_good_trail(aws: Aws) -> None:
    let_s3_write_logs(create_bucket(aws, "access-archive"), "access-archive")
    s3 = create_bucket(aws, "trail-archive")
    s3.put_public_access_block(Bucket="trail-archive", PublicAccessBlockConfiguration=BLOCKED)
    s3.put_bucket_logging(
        Bucket="trail-archive",
        BucketLoggingStatus={
            "LoggingEnabled": {"TargetBucket": "access-archive", "TargetPrefix": "trail/"}
        },
    )
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    aws("cloudtrail").create_trail(
        Name="main",
        S3BucketName="trail-archive",
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key,
        CloudWatchLogsLogGroupArn=create_log_group(aws, "trail"),
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/trail",
    )
    aws("cloudtrail").put_event_selectors(
        TrailName="main",
        EventSelectors=[
            {
                "ReadWriteType": "All",
                "IncludeManagementEvents": True,
                "DataResources": [EVERY_OBJECT],
            }
        ],
    )
    aws("cloudtrail").start_logging(Name="main")


def seed_bad_trails(aws: Aws) -> None:
    by_policy = create_bucket(aws, "open-by-policy")
    open_bucket(by_policy, "open-by-policy")
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::open-by-policy/*",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    by_policy.put_bucket_policy(Bucket="open-by-policy", Policy=json.dumps(policy))
    by_acl = create_bucket(aws, "open-by-acl", OTHER_REGION)
    open_bucket(by_acl, "open-by-acl")
    by_acl.put_bucket_acl(Bucket="open-by-acl", ACL="public-read")
    gone = create_bucket(aws, "gone-archive")
    for name, bucket in (
        ("bare", "open-by-policy"),
        ("far", "open-by-acl"),
        ("lost", "gone-archive"),
    ):
        aws("cloudtrail").create_trail(Name=name, S3BucketName=bucket)
    gone.delete_bucket(Bucket="gone-archive")


def seed_partial_recording(aws: Aws) -> None:
    """Reading is recorded everywhere, writing in one region only, and some objects."""
    create_bucket(aws, "trail-archive")
    cloudtrail = aws("cloudtrail")
    cloudtrail.create_trail(Name="reads", S3BucketName="trail-archive", IsMultiRegionTrail=True)
    cloudtrail.put_event_selectors(
        TrailName="reads",
        AdvancedEventSelectors=[
            {
                "Name": "reading management events",
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Management"]},
                    {"Field": "readOnly", "Equals": ["true"]},
                ],
            },
            {
                "Name": "objects of one bucket",
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Data"]},
                    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                    {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::trail-archive/"]},
                ],
            },
        ],
    )
    cloudtrail.start_logging(Name="reads")


TRAIL_RULES = (
    "cloudtrail/trail_bucket_is_not_public",
    "cloudtrail/trail_bucket_logs_access",
    "cloudtrail/trail_delivers_to_a_log_group",
    "cloudtrail/trail_encrypts_logs_with_kms",
    "cloudtrail/trail_validates_log_files",
)
ACCOUNT_RULES = (
    "cloudtrail/account_records_s3_object_reads",
    "cloudtrail/account_records_s3_object_writes",
    "cloudtrail/region_has_a_trail_that_logs",
)
WORLDS = (
    World(
        name="good trail",
        seed=seed_good_trail,
        verdicts={
            **{rule: {"main": "PASSED"} for rule in TRAIL_RULES},
            **{rule: {ACCOUNT: "PASSED"} for rule in ACCOUNT_RULES},
        },
    ),
    World(
        name="bad trails",
        seed=seed_bad_trails,
        verdicts={
            **{rule: {"bare": "FAILED"} for rule in TRAIL_RULES},
            "cloudtrail/trail_bucket_is_not_public": {
                "bare": "FAILED",
                "far": "FAILED",
                "lost": "FAILED",
            },
            **{rule: {ACCOUNT: "FAILED"} for rule in ACCOUNT_RULES},
        },
    ),
    World(
        name="partial recording",
        seed=seed_partial_recording,
        verdicts={rule: {ACCOUNT: "FAILED"} for rule in ACCOUNT_RULES},
    ),
)
