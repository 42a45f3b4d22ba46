"""S3 bucket blocks public access.

Why: one public ACL or one careless policy is enough to expose every object in the bucket; the
public access block makes both harmless.
Fix: switch on all four settings of the bucket's public access block.

    aws s3api put-public-access-block --bucket NAME --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

Note: static websites that are served from the bucket directly stop working; put CloudFront with
origin access control before them first.
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
from vedette.resources.s3 import EVERYTHING_BLOCKED, NOTHING_BLOCKED, PublicAccessBlock, S3Bucket

ACLS_ONLY = PublicAccessBlock(block_public_acls=True, ignore_public_acls=True)


def bucket(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> S3Bucket:
    return S3Bucket.sample(public_access_block=block)


@posture_rule(
    S3Bucket,
    severity=Severity.HIGH,
    controls=("cis_aws_5_0:2.1.4", "cis_aws_7_0:3.1.4", "fsbp:S3.8"),
    reads=((S3Bucket, "public_access_block"),),
    examples=(
        Example("all four settings are on", bucket(EVERYTHING_BLOCKED), PASSED),
        Example("no block is configured", bucket(NOTHING_BLOCKED), FAILED),
        Example("only ACLs are blocked", bucket(ACLS_ONLY), FAILED),
        Example("access is denied", bucket(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    off = known(bucket.public_access_block).switched_off()
    if off:
        return failed(f"Switched off: {', '.join(off)}.", switched_off=off)
    return passed("All four settings are on.")
