"""S3 bucket blocks public access.

Why: one public ACL or one careless policy is enough to expose every object in the bucket; the
public access block makes both harmless.
Fix: switch on all four settings of the bucket's public access block.

    aws s3api put-public-access-block --bucket NAME --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

Note: S3 applies the stricter of the bucket's and the account's block, so settings that are on for
the whole account count. Static websites that are served from the bucket directly stop working; put
CloudFront with origin access control before them first.
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
from vedette.resources.s3 import (
    EVERYTHING_BLOCKED,
    NOTHING_BLOCKED,
    PublicAccessBlock,
    S3Account,
    S3Bucket,
)
from vedette.resources.s3_exposure import effective_block

ACLS_ONLY = PublicAccessBlock(block_public_acls=True, ignore_public_acls=True)
POLICIES_ONLY = PublicAccessBlock(block_public_policy=True, restrict_public_buckets=True)
DENIED = Fact.unreadable("AccessDenied")


def bucket(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> S3Bucket:
    return S3Bucket.sample(public_access_block=block)


def account(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> S3Account:
    return S3Account.sample(id="111122223333", public_access_block=block)


OPEN_ACCOUNT, CLOSED_ACCOUNT = account(NOTHING_BLOCKED), account(EVERYTHING_BLOCKED)


@posture_rule(
    S3Bucket,
    severity=Severity.HIGH,
    controls=(
        *("cis_aws_5_0:2.1.4", "cis_aws_7_0:3.1.4", "fsbp:S3.8", "nist_800_53_r5:AC-3"),
        *("nist_800_53_r5:AC-4", "nist_800_53_r5:AC-6", "nist_800_53_r5:AC-21"),
        *("nist_800_53_r5:SC-7", "pci_dss_4_0_1:1.4.4"),
    ),
    reads=((S3Bucket, "public_access_block"), (S3Account, "public_access_block")),
    examples=(
        Example(
            "the bucket blocks everything itself",
            bucket(EVERYTHING_BLOCKED),
            PASSED,
            others=(OPEN_ACCOUNT,),
            regardless_of=((S3Account, "public_access_block"),),
        ),
        Example(
            "the account blocks everything",
            bucket(NOTHING_BLOCKED),
            PASSED,
            others=(CLOSED_ACCOUNT,),
        ),
        Example(
            "bucket and account each block a half",
            bucket(ACLS_ONLY),
            PASSED,
            others=(account(POLICIES_ONLY),),
        ),
        Example("nothing is blocked", bucket(NOTHING_BLOCKED), FAILED, others=(OPEN_ACCOUNT,)),
        Example("only ACLs are blocked", bucket(ACLS_ONLY), FAILED, others=(OPEN_ACCOUNT,)),
        Example("the bucket is denied", bucket(DENIED), UNKNOWN, others=(CLOSED_ACCOUNT,)),
        Example(
            "the account is denied", bucket(NOTHING_BLOCKED), UNKNOWN, others=(account(DENIED),)
        ),
        Example("the account was not collected", bucket(NOTHING_BLOCKED), UNKNOWN),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    own = known(bucket.public_access_block).switched_off()
    if not own:
        return passed("All four settings are on.")
    off = effective_block(bucket, context.inventory).switched_off()
    if off:
        return failed(
            f"Switched off for the bucket and the account alike: {', '.join(off)}.",
            switched_off=off,
        )
    return passed("Between them, bucket and account have all four settings on.", by_account=own)
