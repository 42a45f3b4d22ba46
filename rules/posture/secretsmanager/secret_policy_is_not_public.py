"""Secret policy lets in nobody unknown.

Why: a resource policy that names everyone hands the secret to any AWS customer who learns its ARN
and can use the key that encrypts it.
Fix: name the principals in the resource policy, and refuse public ones from then on.

    aws secretsmanager get-resource-policy --secret-id ARN
    aws secretsmanager put-resource-policy --secret-id ARN --block-public-policy \
        --resource-policy file://policy.json
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
from vedette.resources.policy.exposure import find_exposure, say
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.secretsmanager import Secret


def allow(principal: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    return statement | more


def secret(*statements: dict[str, Any]) -> Secret:
    policy = parse_policy({"Statement": list(statements)})
    return Secret.sample(policy=policy)


UNREADABLE = Secret.sample(policy=Fact.unreadable("AccessDenied"))


@posture_rule(
    Secret,
    severity=Severity.CRITICAL,
    controls=("cis_aws_7_0:2.21",),
    reads=((Secret, "policy"),),
    examples=(
        Example("there is no policy", secret(), PASSED),
        Example(
            "a role of the account reads",
            secret(allow({"AWS": "arn:aws:iam::111122223333:role/app"})),
            PASSED,
        ),
        Example(
            "everyone of the organisation reads",
            secret(allow(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-example"}})),
            PASSED,
        ),
        Example("everyone reads", secret(allow()), FAILED),
        Example(
            "everyone but one account does everything",
            secret(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": "999988887777"},
                    "Action": "secretsmanager:*",
                    "Resource": "*",
                }
            ),
            FAILED,
        ),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(secret: Secret, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(secret.policy), owner=secret.account, trusted_accounts=context.trusted_accounts
    )
    named = [grant.statement for grant in exposure.public]
    if named:
        return failed(f"Anyone may do this: {say(exposure.public)}.", statements=named)
    return passed("Its policy lets in nobody who has no relation to the account.")
