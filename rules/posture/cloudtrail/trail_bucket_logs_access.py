"""The bucket of a CloudTrail trail logs access to itself.

Why: the trail says what happens in the account, and only the bucket's access log says who read or
removed the trail's files.
Fix: let S3 write the bucket's access log into another bucket.

    aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \
        '{"LoggingEnabled": {"TargetBucket": "LOG_BUCKET", "TargetPrefix": "access/"}}'

Note: a bucket of another account is judged there; here it is UNKNOWN.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.cloudtrail import BucketLogging, Trail


def trail(logging: BucketLogging | Fact[BucketLogging]) -> Trail:
    return Trail.sample(bucket="trail-logs", bucket_logging=logging)


@posture_rule(
    Trail,
    severity=Severity.LOW,
    controls=("cis_aws_5_0:3.4", "cis_aws_7_0:4.4", "fsbp:CloudTrail.7", "soc_2:A1.2"),
    reads=((Trail, "bucket"), (Trail, "bucket_logging")),
    applies=lambda trail: trail.is_own,
    examples=(
        Example("the log goes to a bucket", trail(BucketLogging(target="access-logs")), PASSED),
        Example("there is no log", trail(BucketLogging()), FAILED),
        Example("the bucket is gone", trail(BucketLogging(exists=False)), FAILED),
        Example("access is denied", trail(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(trail: Trail, context: Context[NoParameters]) -> Judgement:
    bucket = known(trail.bucket)
    logging = known(trail.bucket_logging)
    if not logging.exists:
        return failed(f"The bucket {bucket} does not exist: the trail's logs are lost.")
    if logging.target is None:
        return failed(f"Access to the bucket {bucket} is not logged.")
    return passed(f"Access to the bucket {bucket} is logged.", target=logging.target)
