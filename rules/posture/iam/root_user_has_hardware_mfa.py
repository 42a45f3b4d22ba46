"""The root user's MFA is a hardware device.

Why: the secret of a virtual device lies on a phone, in its backups and perhaps in a screenshot of
the code. A hardware key cannot be copied and, being bound to AWS's address, not be phished.
Fix: buy two FIDO2 security keys, sign in as root, open Security credentials, register both, and
remove the virtual device. Keep the keys in two places under lock.

Note: a virtual device beside a hardware device fails as well, for either of them lets in. A root
user without password passes. AWS GovCloud (US) is left out: its root users do not sign in.
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

VIRTUAL = "arn:aws:iam::111122223333:mfa/root-account-mfa-device"


def account(*virtual: str, mfa: bool = True, password: bool = True) -> IamAccount:
    root = RootUser(has_password=password, has_access_keys=False, has_mfa=mfa)
    return IamAccount.sample(root_user=root, root_virtual_mfa=virtual)


@posture_rule(
    IamAccount,
    severity=Severity.HIGH,
    controls=(
        "cis_aws_5_0:1.5",
        "cis_aws_7_0:2.6",
        "fsbp:IAM.6",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-3(15)",
        "nist_800_53_r5:IA-2(1)",
        "nist_800_53_r5:IA-2(2)",
        "nist_800_53_r5:IA-2(6)",
        "nist_800_53_r5:IA-2(8)",
        "pci_dss_4_0_1:8.4.2",
    ),
    reads=((IamAccount, "root_user"), (IamAccount, "root_virtual_mfa")),
    applies=lambda account: account.has_root_sign_in,
    examples=(
        Example("MFA is on and nothing is virtual", account(), PASSED),
        Example(
            "there is no root password",
            account(mfa=False, password=False),
            PASSED,
            regardless_of=((IamAccount, "root_virtual_mfa"),),
        ),
        Example("the device is virtual", account(VIRTUAL), FAILED),
        Example("MFA is off", account(mfa=False), FAILED),
        Example(
            "virtual devices cannot be listed",
            account().with_facts({"root_virtual_mfa": Fact.unreadable("access denied")}),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[NoParameters]) -> Judgement:
    root = known(account.root_user)
    if not root.has_password:
        return passed("The root user has no password, so nobody can sign in with it.")
    if not root.has_mfa:
        return failed("The root user has no MFA device.")
    virtual = known(account.root_virtual_mfa)
    if virtual:
        return failed("The root user has a virtual MFA device.", devices=virtual)
    return passed("The root user has hardware MFA devices only.")
