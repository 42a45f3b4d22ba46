"""The password policy requires long passwords.

Why: length is what makes guessing hopeless. Without a policy AWS asks for eight characters, which a
list of leaked passwords covers well.
Fix: set the least length to 14 or more. The command replaces the whole policy, so name every
setting that shall stay; passwords in use stay valid until they are changed.

    aws iam update-account-password-policy --minimum-password-length 14 \
        --password-reuse-prevention 24 --allow-users-to-change-password
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


class Length(Parameters):
    """The least number of characters that the policy must ask for."""

    minimum_length: int = 14


def account(length: int) -> IamAccount:
    return IamAccount.sample(password_policy=PasswordPolicy(minimum_length=length))


@posture_rule(
    IamAccount,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:1.7",
        "cis_aws_7_0:2.8",
        "fsbp:IAM.7",
        "fsbp:IAM.15",
        "nist_800_53_r5:IA-5(1)",
        "pci_dss_4_0_1:8.3.6",
    ),
    parameters=Length,
    reads=((IamAccount, "password_policy"),),
    examples=(
        Example("14 characters", account(14), PASSED),
        Example("13 characters", account(13), FAILED),
        Example("16 are asked for", account(14), FAILED, parameters=Length(minimum_length=16)),
        Example("there is no policy", IamAccount.sample(password_policy=None), FAILED),
        Example(
            "access is denied",
            IamAccount.sample(password_policy=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[Length]) -> Judgement:
    policy = known(account.password_policy)
    if policy is None:
        return failed("There is no password policy, so AWS's default of 8 characters holds.")
    length = policy.minimum_length
    if length < context.parameters.minimum_length:
        return failed(f"Passwords of {length} characters are accepted.", minimum_length=length)
    return passed(f"Passwords need {length} characters.", minimum_length=length)
