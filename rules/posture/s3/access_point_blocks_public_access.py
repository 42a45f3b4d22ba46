"""S3 access point blocks public access.

Why: an access point has a policy of its own; without its public access block that policy can open
the bucket behind it to everyone.
Fix: the block of an access point cannot be changed later, so make a new access point, move its
users over and delete the old one.

    aws s3control create-access-point --account-id ACCOUNT --name NEW --bucket BUCKET
    aws s3control delete-access-point --account-id ACCOUNT --name OLD

Note: access points that take requests only from one VPC are never public and pass, as do those
whose missing settings are on for the whole account.
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
    S3AccessPoint,
    S3Account,
)
from vedette.resources.s3_exposure import account_block

NO_POLICY_BLOCK = PublicAccessBlock(block_public_acls=True, ignore_public_acls=True)
DENIED = Fact.unreadable("AccessDenied")
VPC = (S3AccessPoint, "vpc")
ACCOUNT_BLOCK = (S3Account, "public_access_block")


def point(
    block: PublicAccessBlock | Fact[PublicAccessBlock], vpc: str | None = None
) -> S3AccessPoint:
    return S3AccessPoint.sample(public_access_block=block, vpc=vpc)


def account(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> S3Account:
    return S3Account.sample(id="111122223333", public_access_block=block)


@posture_rule(
    S3AccessPoint,
    severity=Severity.CRITICAL,
    controls=(
        *("fsbp:S3.19", "nist_800_53_r5:AC-3", "nist_800_53_r5:AC-4", "nist_800_53_r5:AC-6"),
        *("nist_800_53_r5:AC-21", "nist_800_53_r5:SC-7", "pci_dss_4_0_1:1.4.4"),
    ),
    reads=((S3AccessPoint, "public_access_block"), VPC, ACCOUNT_BLOCK),
    examples=(
        Example(
            "all four settings are on",
            point(EVERYTHING_BLOCKED),
            PASSED,
            others=(account(NOTHING_BLOCKED),),
            regardless_of=(VPC, ACCOUNT_BLOCK),
        ),
        Example(
            "only a VPC is served",
            point(NOTHING_BLOCKED, vpc="vpc-0a1b2c3d"),
            PASSED,
            others=(account(NOTHING_BLOCKED),),
            regardless_of=(ACCOUNT_BLOCK,),
        ),
        Example(
            "the account blocks everything",
            point(NO_POLICY_BLOCK),
            PASSED,
            others=(account(EVERYTHING_BLOCKED),),
        ),
        Example(
            "policies may be public",
            point(NO_POLICY_BLOCK),
            FAILED,
            others=(account(NOTHING_BLOCKED),),
        ),
        Example("access is denied", point(DENIED), UNKNOWN),
        Example(
            "the account is denied", point(NO_POLICY_BLOCK), UNKNOWN, others=(account(DENIED),)
        ),
    ),
)
def rule(point: S3AccessPoint, context: Context[NoParameters]) -> Judgement:
    own = known(point.public_access_block)
    if not own.switched_off():
        return passed("All four settings are on.")
    vpc = known(point.vpc)
    if vpc is not None:
        return passed("It takes requests from one VPC only, which is never public.", vpc=vpc)
    off = own.joined(account_block(point.account, context.inventory)).switched_off()
    if off:
        return failed(f"Switched off: {', '.join(off)}.", switched_off=off)
    return passed("All four settings are on for the whole account.")
