"""The role cannot be assumed by everyone.

Why: a role that trusts everyone, or everyone at a shared identity provider such as GitHub, gives
its permissions to whoever learns its name. Names are guessed: scanners try lists of them all day.
Fix: name the principals that need the role, or add a condition that only they meet: for GitHub the
repository in the claim `sub`, for an organisation aws:PrincipalOrgID. An external id alone is no
such condition: it guards against mix-ups between customers, not against whoever knows it.

    aws iam update-assume-role-policy --role-name NAME --policy-document file://trust.json
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
from vedette.resources.iam import IamRole
from vedette.resources.policy.exposure import find_exposure, say
from vedette.resources.policy.parsing import parse_policy

GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
CLAIM = "token.actions.githubusercontent.com"


def role(principal: object, action: str = "sts:AssumeRole", **condition: object) -> IamRole:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        statement["Condition"] = condition
    return IamRole.sample(trust_policy=parse_policy({"Statement": [statement]}))


def from_github(**claims: str) -> IamRole:
    conditions = {f"{CLAIM}:{claim}": value for claim, value in claims.items()}
    return role({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", StringLike=conditions)


ORGANISATION = {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}


@posture_rule(
    IamRole,
    severity=Severity.CRITICAL,
    reads=((IamRole, "trust_policy"),),
    examples=(
        Example("a service", role({"Service": "ec2.amazonaws.com"}), PASSED),
        Example("another account", role({"AWS": "444455556666"}), PASSED),
        Example("everyone of one organisation", role("*", StringEquals=ORGANISATION), PASSED),
        Example("one repository at GitHub", from_github(sub="repo:octo-org/app:*"), PASSED),
        Example("everyone", role("*"), FAILED),
        Example("everyone, written as AWS", role({"AWS": ["*"]}), FAILED),
        Example(
            "everyone who knows an external id",
            role("*", StringEquals={"sts:ExternalId": "42"}),
            FAILED,
        ),
        Example("everyone at GitHub", from_github(aud="sts.amazonaws.com"), FAILED),
        Example("all organisations like one", from_github(sub="repo:octo-org*"), FAILED),
        Example(
            "the trust policy cannot be read",
            IamRole.sample(trust_policy=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(role: IamRole, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(role.trust_policy), owner=role.account, trusted_accounts=context.trusted_accounts
    )
    if exposure.public:
        statements = [grant.statement for grant in exposure.public]
        return failed(f"Everyone may use {say(exposure.public)}.", statements=statements)
    return passed("No statement lets everyone in.")
