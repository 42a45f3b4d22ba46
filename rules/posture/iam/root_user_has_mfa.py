"""The root user signs in with MFA.

Why: without MFA, a password and access to one mailbox are enough to take the account over for good.
Fix: sign in as root, open Security credentials and assign an MFA device, best two of them. In an
organisation, rather remove the root credentials of member accounts through central root access.

    aws iam enable-organizations-root-credentials-management

Note: a root user without password, as accounts under central root management have it, passes.
AWS GovCloud (US) is left out: its root users do not sign in.
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
from vedette.resources.iam import IamAccount, RootUser


def account(*, mfa: bool, password: bool = True) -> IamAccount:
    root = RootUser(has_password=password, has_access_keys=False, has_mfa=mfa)
    return IamAccount.sample(root_user=root)


@posture_rule(
    IamAccount,
    severity=Severity.CRITICAL,
    controls=(
        "cis_aws_5_0:1.4",
        "cis_aws_7_0:2.5",
        "fsbp:IAM.9",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-3(15)",
        "nist_800_53_r5:IA-2(1)",
        "nist_800_53_r5:IA-2(2)",
        "nist_800_53_r5:IA-2(6)",
        "nist_800_53_r5:IA-2(8)",
        "pci_dss_4_0_1:8.4.2",
    ),
    reads=((IamAccount, "root_user"),),
    applies=lambda account: account.has_root_sign_in,
    examples=(
        Example("MFA is on", account(mfa=True), PASSED),
        Example("there is no root password", account(mfa=False, password=False), PASSED),
        Example("MFA is off", account(mfa=False), FAILED),
        Example(
            "the summary cannot be read",
            IamAccount.sample(root_user=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    root = known(account.root_user)
    if root.has_mfa:
        return passed("The root user signs in with MFA.")
    if not root.has_password:
        return passed("The root user has no password, so nobody can sign in with it.")
    return failed("The root user signs in with a password alone.")
