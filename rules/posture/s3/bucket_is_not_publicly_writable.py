"""S3 bucket cannot be written to by the public.

Why: who can write to a bucket can replace what others trust in it, delete it, plant malware or fill
it at your expense.
Fix: take the statement out of the bucket policy or the grant out of the ACL, and block public
access.

    aws s3api put-bucket-acl --bucket NAME --acl private
    aws s3api put-public-access-block --bucket NAME --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

Note: a public policy or ACL that the public access block of bucket or account overrides passes.
ACLs of single objects are not read.
"""

from typing import Any

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
    passed,
    posture_rule,
)
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.s3 import (
    EVERYTHING_BLOCKED,
    NOTHING_BLOCKED,
    AclGrant,
    PublicAccessBlock,
    S3Account,
    S3Bucket,
)
from vedette.resources.s3_exposure import PUBLIC_GROUPS, WRITING, find_public_use

EVERYONE, EVERY_CUSTOMER = PUBLIC_GROUPS
DENIED = Fact.unreadable("AccessDenied")
BLOCK = (S3Bucket, "public_access_block")
ACCOUNT_BLOCK = (S3Account, "public_access_block")
IGNORES_ACLS = PublicAccessBlock(ignore_public_acls=True)


def allow(action: str, principal: Any = "*", **more: Any) -> dict[str, Any]:
    arn = "arn:aws:s3:::example/*"
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": arn} | more


def bucket(*statements: dict[str, Any], **facts: Any) -> S3Bucket:
    closed = {
        "public_access_block": NOTHING_BLOCKED,
        "policy": parse_policy({"Statement": list(statements)}),
        "acl": (AclGrant(grantee="1" * 64, permission="FULL_CONTROL"),),
    }
    return S3Bucket.sample(**(closed | facts))


def account(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> tuple[S3Account]:
    return (S3Account.sample(id="111122223333", public_access_block=block),)


OPEN_ACCOUNT = account(NOTHING_BLOCKED)


@posture_rule(
    S3Bucket,
    severity=Severity.CRITICAL,
    controls=(
        *("cis_aws_7_0:2.21", "fsbp:S3.3", "nist_800_53_r5:AC-3", "nist_800_53_r5:AC-4"),
        *("nist_800_53_r5:AC-6", "nist_800_53_r5:AC-21", "nist_800_53_r5:SC-7", "soc_2:CC6.1"),
    ),
    reads=((S3Bucket, "policy"), (S3Bucket, "acl"), BLOCK, ACCOUNT_BLOCK),
    examples=(
        Example(
            "the public may only read",
            bucket(allow("s3:GetObject")),
            PASSED,
            others=OPEN_ACCOUNT,
            regardless_of=(BLOCK, ACCOUNT_BLOCK),
        ),
        Example(
            "a public policy is overridden by the account",
            bucket(allow("s3:PutObject")),
            PASSED,
            others=account(EVERYTHING_BLOCKED),
            regardless_of=((S3Bucket, "policy"), (S3Bucket, "acl")),
        ),
        Example(
            "a public ACL is ignored by the bucket",
            bucket(
                acl=(AclGrant(grantee=EVERYONE, permission="WRITE"),),
                public_access_block=IGNORES_ACLS,
            ),
            PASSED,
            others=account(NOTHING_BLOCKED),
            regardless_of=((S3Bucket, "acl"),),
        ),
        Example(
            "another account may write",
            bucket(allow("s3:*", {"AWS": "999988887777"})),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example(
            "writing is bound to an organisation",
            bucket(
                allow("s3:Put*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-example"}})
            ),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example("everyone may put objects", bucket(allow("s3:PutObject")), FAILED, OPEN_ACCOUNT),
        Example("everyone may do everything", bucket(allow("*")), FAILED, OPEN_ACCOUNT),
        Example(
            "everyone but one may delete",
            bucket(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": "999988887777"},
                    "NotAction": "s3:Get*",
                    "Resource": "*",
                }
            ),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example(
            "every AWS customer may change the ACL",
            bucket(acl=(AclGrant(grantee=EVERY_CUSTOMER, permission="WRITE_ACP"),)),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example(
            "a block of new ACLs leaves the old one",
            bucket(
                acl=(AclGrant(grantee=EVERYONE, permission="FULL_CONTROL"),),
                public_access_block=PublicAccessBlock(block_public_acls=True),
            ),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example("the policy is denied", bucket(policy=DENIED), UNKNOWN, OPEN_ACCOUNT),
        Example("the ACL is denied", bucket(acl=DENIED), UNKNOWN, OPEN_ACCOUNT),
        Example("the account is denied", bucket(allow("*")), UNKNOWN, account(DENIED)),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    use = find_public_use(bucket, context.inventory, WRITING)
    if use.openings:
        return failed(f"The public may write, {'; '.join(use.openings)}.", openings=use.openings)
    if use.overridden:
        return passed(
            f"The public access block overrides its {' and '.join(use.overridden)}.",
            overridden=use.overridden,
        )
    return passed("Neither policy nor ACL lets the public write.")
