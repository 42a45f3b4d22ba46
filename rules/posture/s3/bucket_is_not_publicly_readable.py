"""S3 bucket cannot be read by the public.

Why: most leaks from AWS were buckets that anybody could list or read; search engines for open
buckets find them within hours.
Fix: take the statement out of the bucket policy or the grant out of the ACL, and block public
access.

    aws s3api put-bucket-acl --bucket NAME --acl private
    aws s3api put-public-access-block --bucket NAME --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true

Note: serve a public website through CloudFront with origin access control, which leaves the bucket
private. ACLs of single objects are not read.
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
from vedette.resources.s3_exposure import PUBLIC_GROUPS, READING, find_public_use

EVERYONE, EVERY_CUSTOMER = PUBLIC_GROUPS
DENIED = Fact.unreadable("AccessDenied")
BLOCK = (S3Bucket, "public_access_block")
ACCOUNT_BLOCK = (S3Account, "public_access_block")


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
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
FROM_ANYWHERE = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}


@posture_rule(
    S3Bucket,
    severity=Severity.CRITICAL,
    controls=(
        *("cis_aws_7_0:2.21", "fsbp:S3.2", "nist_800_53_r5:AC-3", "nist_800_53_r5:AC-4"),
        *("nist_800_53_r5:AC-6", "nist_800_53_r5:AC-21", "nist_800_53_r5:SC-7", "soc_2:CC6.1"),
    ),
    reads=((S3Bucket, "policy"), (S3Bucket, "acl"), BLOCK, ACCOUNT_BLOCK),
    examples=(
        Example(
            "no policy and a private ACL",
            bucket(),
            PASSED,
            others=OPEN_ACCOUNT,
            regardless_of=(BLOCK, ACCOUNT_BLOCK),
        ),
        Example(
            "the public may only write",
            bucket(allow("s3:PutObject")),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example(
            "reading is bound to the office network",
            bucket(allow("s3:GetObject", Condition=FROM_OFFICE)),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example(
            "a public policy is overridden by the account",
            bucket(allow("s3:GetObject")),
            PASSED,
            others=account(EVERYTHING_BLOCKED),
            regardless_of=((S3Bucket, "policy"), (S3Bucket, "acl")),
        ),
        Example("everyone may get objects", bucket(allow("s3:GetObject")), FAILED, OPEN_ACCOUNT),
        Example(
            "a condition that everyone meets",
            bucket(allow("s3:GetObject", {"AWS": "*"}, Condition=FROM_ANYWHERE)),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example(
            "everyone may list",
            bucket(acl=(AclGrant(grantee=EVERYONE, permission="READ"),)),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example(
            "every AWS customer may list",
            bucket(acl=(AclGrant(grantee=EVERY_CUSTOMER, permission="READ"),)),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example(
            "a block of new policies leaves the old one",
            bucket(
                allow("s3:Get*"), public_access_block=PublicAccessBlock(block_public_policy=True)
            ),
            FAILED,
            OPEN_ACCOUNT,
        ),
        Example("the policy is denied", bucket(policy=DENIED), UNKNOWN, OPEN_ACCOUNT),
        Example("the account is denied", bucket(allow("*")), UNKNOWN, account(DENIED)),
    ),
)
def rule(bucket: S3Bucket, context: Context[NoParameters]) -> Judgement:
    use = find_public_use(bucket, context.inventory, READING)
    if use.openings:
        return failed(f"The public may read, {'; '.join(use.openings)}.", openings=use.openings)
    if use.overridden:
        return passed(
            f"The public access block overrides its {' and '.join(use.overridden)}.",
            overridden=use.overridden,
        )
    return passed("Neither policy nor ACL lets the public read.")
