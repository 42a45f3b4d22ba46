"""S3 bucket policy trusts known accounts only.

Why: another account's principals keep the access that a bucket policy gives them for as long as the
statement stands, and what they do is governed by that account.
Fix: take accounts that you do not know out of the policy; name those that you do under
`trusted_accounts` in `vedette.yml`, and your organisations in this rule's parameters.

    aws s3api get-bucket-policy --bucket NAME --query Policy --output text
    aws s3api put-bucket-policy --bucket NAME --policy file://policy.json

Note: the accounts from which AWS's load balancers write their logs are known. Everyone at all
counts as unknown too, unless the public access block overrides the policy.
"""

from collections.abc import Mapping
from typing import Any

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    Parameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.aws_owned_accounts import LOAD_BALANCER_LOGS
from vedette.resources.policy.exposure import Exposure, find_exposure
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.s3 import (
    EVERYTHING_BLOCKED,
    NOTHING_BLOCKED,
    PublicAccessBlock,
    S3Account,
    S3Bucket,
)
from vedette.resources.s3_exposure import effective_block

CANONICAL_ID_DIGITS = 64
SHOWN = 5
BLOCK = (S3Bucket, "public_access_block")
ACCOUNT_BLOCK = (S3Account, "public_access_block")
DENIED = Fact.unreadable("AccessDenied")
PARTNER, STRANGER = "444455556666", "999988887777"


class Known(Parameters):
    """Organisations (`o-…`) and canonical user ids that may stand in a bucket policy."""

    organizations: frozenset[str] = frozenset()
    canonical_users: frozenset[str] = frozenset()


def allow(principal: Any, **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::example/*",
    } | more


def bucket(*statements: Mapping[str, Any], **facts: Any) -> S3Bucket:
    open_bucket = {
        "policy": parse_policy({"Statement": list(statements)}),
        "public_access_block": NOTHING_BLOCKED,
    }
    return S3Bucket.sample(**(open_bucket | facts))


def account(block: PublicAccessBlock | Fact[PublicAccessBlock]) -> tuple[S3Account]:
    return (S3Account.sample(id="111122223333", public_access_block=block),)


IN_ORGANIZATION = bucket(
    allow("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-example"}})
)


@posture_rule(
    S3Bucket,
    severity=Severity.HIGH,
    controls=("fsbp:S3.6", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-2"),
    reads=((S3Bucket, "policy"), BLOCK, ACCOUNT_BLOCK),
    parameters=Known,
    examples=(
        Example(
            "there is no policy",
            bucket(),
            PASSED,
            others=account(NOTHING_BLOCKED),
            regardless_of=(BLOCK, ACCOUNT_BLOCK),
        ),
        Example(
            "only the own account is named",
            bucket(allow({"AWS": "arn:aws:iam::111122223333:role/app"})),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example(
            "a partner is trusted",
            bucket(allow({"AWS": PARTNER})),
            PASSED,
            trusted_accounts=frozenset({PARTNER}),
            regardless_of=(BLOCK,),
        ),
        Example(
            "a load balancer writes its logs",
            bucket(allow({"AWS": "arn:aws:iam::156460612806:root"}, Action="s3:PutObject")),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example(
            "the organisation is known",
            IN_ORGANIZATION,
            PASSED,
            parameters=Known(organizations=frozenset({"o-example"})),
            regardless_of=(BLOCK,),
        ),
        Example(
            "a CloudFront identity reads",
            bucket(allow({"AWS": "arn:aws:iam::cloudfront:user/Origin Access Identity E1"})),
            PASSED,
            regardless_of=(BLOCK,),
        ),
        Example(
            "a public policy is overridden",
            bucket(allow("*")),
            PASSED,
            others=account(EVERYTHING_BLOCKED),
        ),
        Example("a stranger is named", bucket(allow({"AWS": STRANGER})), FAILED),
        Example(
            "a stranger is named by a condition",
            bucket(allow("*", Condition={"StringEquals": {"aws:PrincipalAccount": STRANGER}})),
            FAILED,
        ),
        Example("the organisation is unknown", IN_ORGANIZATION, FAILED),
        Example("a canonical user is unknown", bucket(allow({"CanonicalUser": "b" * 64})), FAILED),
        Example("everyone is let in", bucket(allow("*")), FAILED, others=account(NOTHING_BLOCKED)),
        Example("the policy is denied", bucket(policy=DENIED), UNKNOWN),
        Example("the account is denied", bucket(allow("*")), UNKNOWN, others=account(DENIED)),
    ),
)
def rule(bucket: S3Bucket, context: Context[Known]) -> Judgement:
    exposure = find_exposure(
        known(bucket.policy),
        owner=bucket.account,
        trusted_accounts=context.trusted_accounts | LOAD_BALANCER_LOGS,
        trusted_principals=context.parameters.canonical_users,
    )
    outsiders = named_outsiders(exposure, context.parameters)
    if outsiders:
        more = ", …" if len(outsiders) > SHOWN else ""
        shown = ", ".join(outsiders[:SHOWN]) + more
        return failed(f"It lets in who is not known: {shown}.", outsiders=outsiders)
    if not exposure.public:
        return passed("It lets in nobody from outside the known accounts.")
    if effective_block(bucket, context.inventory).restrict_public_buckets:
        return passed("It lets in everyone, which the public access block overrides.")
    return failed("It lets in everyone.", outsiders=["everyone"])


def named_outsiders(exposure: Exposure, settings: Known) -> list[str]:
    accounts = [f"account {one}" for one in exposure.foreign_accounts]
    organizations = [
        f"organisation {one}" for one in exposure.organizations if one not in settings.organizations
    ]
    users = [
        f"canonical user {one}"
        for one in exposure.unattributed
        if len(one) == CANONICAL_ID_DIGITS and one.isalnum()
    ]
    return accounts + organizations + users
