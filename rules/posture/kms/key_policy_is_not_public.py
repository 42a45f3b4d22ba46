"""KMS key policy lets in nobody unknown.

Why: whoever may use a key can read what it protects, and whoever may change its policy can lock its
owner out; a key policy that names everyone gives that to every AWS customer.
Fix: name the principals, or bind the statement to your account with the condition
`kms:CallerAccount`.

    aws kms get-key-policy --key-id KEY --policy-name default --query Policy --output text
    aws kms put-key-policy --key-id KEY --policy-name default --policy file://policy.json

Note: conditions that everyone can meet, such as `kms:ViaService` alone, do not narrow a statement.
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
    known,
    passed,
    posture_rule,
)
from vedette.resources.kms import KeyDescription, KmsKey
from vedette.resources.policy.exposure import find_exposure, say
from vedette.resources.policy.parsing import parse_policy


def allow(principal: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "kms:Decrypt",
        "Resource": "*",
    }
    return statement | more


def key(*statements: dict[str, Any]) -> KmsKey:
    policy = parse_policy({"Statement": list(statements)})
    return KmsKey.sample(description=KeyDescription(), policy=policy)


UNREADABLE = KmsKey.sample(description=KeyDescription(), policy=Fact.unreadable("AccessDenied"))


def belongs_to_customer(key: KmsKey) -> bool:
    return known(key.description).is_customers


@posture_rule(
    KmsKey,
    severity=Severity.CRITICAL,
    controls=("cis_aws_7_0:2.21", "fsbp:KMS.5"),
    reads=((KmsKey, "policy"), (KmsKey, "description")),
    applies=belongs_to_customer,
    examples=(
        Example(
            "only the account's root is named",
            key(allow({"AWS": "arn:aws:iam::111122223333:root"}, Action="kms:*")),
            PASSED,
        ),
        Example(
            "callers are bound to the account",
            key(
                allow(
                    Condition={
                        "StringEquals": {
                            "kms:CallerAccount": "111122223333",
                            "kms:ViaService": "s3.eu-west-1.amazonaws.com",
                        }
                    }
                )
            ),
            PASSED,
        ),
        Example("everyone may decrypt", key(allow()), FAILED),
        Example(
            "everyone may decrypt through a service",
            key(
                allow(
                    {"AWS": "*"},
                    Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
                )
            ),
            FAILED,
        ),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(key: KmsKey, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(key.policy), owner=key.account, trusted_accounts=context.trusted_accounts
    )
    named = [grant.statement for grant in exposure.public]
    if named:
        return failed(f"Anyone may do this: {say(exposure.public)}.", statements=named)
    return passed("Its policy lets in nobody who has no relation to the account.")
