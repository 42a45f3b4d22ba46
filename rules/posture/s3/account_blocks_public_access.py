"""S3 blocks public access for the whole account.

Why: the account's block covers every bucket and access point, those made tomorrow included, so one
mistake in one bucket no longer makes it public.
Fix: switch on all four settings for the account.

    aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

Note: first find the buckets that are public on purpose (the rules on public buckets name them);
they need an account of their own, or CloudFront before them.
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
from vedette.resources.s3 import EVERYTHING_BLOCKED, NOTHING_BLOCKED, PublicAccessBlock, S3Account

NEW_ONES_ONLY = PublicAccessBlock(block_public_acls=True, block_public_policy=True)


def account(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> S3Account:
    return S3Account.sample(id="111122223333", public_access_block=block)


@posture_rule(
    S3Account,
    severity=Severity.HIGH,
    controls=(
        *("cis_aws_5_0:2.1.4", "cis_aws_7_0:3.1.4", "fsbp:S3.1", "nist_800_53_r5:AC-3"),
        *("nist_800_53_r5:AC-4", "nist_800_53_r5:AC-6", "nist_800_53_r5:AC-21"),
        *("nist_800_53_r5:SC-7", "pci_dss_4_0_1:1.4.4"),
    ),
    reads=((S3Account, "public_access_block"),),
    examples=(
        Example("all four settings are on", account(EVERYTHING_BLOCKED), PASSED),
        Example("no block is configured", account(NOTHING_BLOCKED), FAILED),
        Example("what is public already stays so", account(NEW_ONES_ONLY), FAILED),
        Example("access is denied", account(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(account: S3Account, context: Context[NoParameters]) -> Judgement:
    off = known(account.public_access_block).switched_off()
    if off:
        return failed(f"Switched off for the account: {', '.join(off)}.", switched_off=off)
    return passed("All four settings are on.")
