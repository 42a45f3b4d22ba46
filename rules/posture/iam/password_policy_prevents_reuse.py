"""The password policy prevents the reuse of passwords.

Why: people asked to change a password go back to an old one if they may, and an old one may have
leaked. IAM can remember up to 24 passwords of each user.
Fix: let the policy remember 24 passwords. The command replaces the whole policy, so name every
setting that shall stay.

    aws iam update-account-password-policy --password-reuse-prevention 24 \
        --minimum-password-length 14 --allow-users-to-change-password
"""

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
from vedette.resources.iam import IamAccount, PasswordPolicy


class Memory(Parameters):
    """How many passwords the policy must remember; IAM allows 24 at most."""

    passwords: int = 24


def account(remembered: int) -> IamAccount:
    policy = PasswordPolicy(minimum_length=14, reuse_prevention=remembered)
    return IamAccount.sample(password_policy=policy)


@posture_rule(
    IamAccount,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:1.8",
        "cis_aws_7_0:2.9",
        "fsbp:IAM.7",
        "fsbp:IAM.16",
        "nist_800_53_r5:IA-5(1)",
        "pci_dss_4_0_1:8.3.7",
    ),
    parameters=Memory,
    reads=((IamAccount, "password_policy"),),
    examples=(
        Example("24 are remembered", account(24), PASSED),
        Example("23 are remembered", account(23), FAILED),
        Example("none is remembered", account(0), FAILED),
        Example("five will do", account(5), PASSED, parameters=Memory(passwords=5)),
        Example("there is no policy", IamAccount.sample(password_policy=None), FAILED),
        Example(
            "access is denied",
            IamAccount.sample(password_policy=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[Memory]) -> Judgement:
    policy = known(account.password_policy)
    if policy is None:
        return failed("There is no password policy, so any old password is accepted.")
    remembered = policy.reuse_prevention
    if remembered >= context.parameters.passwords:
        return passed(f"The last {remembered} passwords are refused.", remembered=remembered)
    if not remembered:
        return failed("Any old password is accepted.")
    return failed(f"Only the last {remembered} passwords are refused.", remembered=remembered)
