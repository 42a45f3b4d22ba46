"""The organisation manages root credentials centrally.

Why: every member account comes with a root user that no policy of the account limits. Managed
centrally, member accounts need no root password, key or MFA device at all, so there is nothing to
steal and nothing to rotate in hundreds of accounts.
Fix: in the management account, let IAM work with Organizations and switch on root credentials
management; then delete the root credentials of the member accounts.

    aws organizations enable-aws-service-access --service-principal iam.amazonaws.com
    aws iam enable-organizations-root-credentials-management

Note: only the management account and IAM's delegated administrator can tell, so member accounts and
accounts without an organisation are not judged.
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
from vedette.resources.iam import IamAccount, RootManagement

FEATURE = "RootCredentialsManagement"


def manager(*features: str) -> IamAccount:
    part = RootManagement(part="manager", features=frozenset(features))
    return IamAccount.sample(root_management=part)


def manages(account: IamAccount) -> bool:
    return known(account.root_management).part == "manager"


@posture_rule(
    IamAccount,
    severity=Severity.HIGH,
    controls=("cis_aws_7_0:2.1.1",),
    reads=((IamAccount, "root_management"),),
    applies=manages,
    examples=(
        Example("it is switched on", manager(FEATURE, "RootSessions"), PASSED),
        Example("nothing is switched on", manager(), FAILED),
        Example("only root sessions are", manager("RootSessions"), FAILED),
        Example(
            "access is denied",
            IamAccount.sample(root_management=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    features = known(account.root_management).features
    if FEATURE in features:
        return passed("Root credentials of member accounts are managed centrally.")
    return failed("Every member account keeps root credentials of its own.", features=features)
