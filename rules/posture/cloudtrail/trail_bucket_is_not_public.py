"""The bucket of a CloudTrail trail is not public.

Why: the logs name every resource, user, role and address that the account uses: a map for whoever
plans an attack.
Fix: switch on all four settings of the bucket's public access block, then take the public
statements and grants out of its policy and its access control list.

    aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

Note: what is public is what Amazon S3 calls public (its policy status). A bucket that does not
exist fails too: whoever creates one of that name gets the logs. A bucket of another account is
judged there; here it is UNKNOWN.
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
from vedette.resources.cloudtrail import BucketExposure, Trail


def trail(exposure: BucketExposure | Fact[BucketExposure]) -> Trail:
    return Trail.sample(bucket="trail-logs", bucket_exposure=exposure)


BY_POLICY = BucketExposure(public_by=("its policy",))
BY_ACL = BucketExposure(public_by=("its ACL (READ for everyone)",))


@posture_rule(
    Trail,
    severity=Severity.CRITICAL,
    controls=("fsbp:CloudTrail.6",),
    reads=((Trail, "bucket"), (Trail, "bucket_exposure")),
    applies=lambda trail: trail.is_own,
    examples=(
        Example("nothing opens it", trail(BucketExposure()), PASSED),
        Example("its policy opens it", trail(BY_POLICY), FAILED),
        Example("its access control list opens it", trail(BY_ACL), FAILED),
        Example("the bucket is gone", trail(BucketExposure(exists=False)), FAILED),
        Example("access is denied", trail(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(trail: Trail, context: Context[NoParameters]) -> Judgement:
    bucket = known(trail.bucket)
    exposure = known(trail.bucket_exposure)
    if not exposure.exists:
        return failed(f"The bucket {bucket} does not exist: anybody may create it.", bucket=bucket)
    if exposure.public_by:
        return failed(
            f"The bucket {bucket} is public by {' and '.join(exposure.public_by)}.",
            bucket=bucket,
            public_by=exposure.public_by,
        )
    return passed(f"The bucket {bucket} is not public.", bucket=bucket)
