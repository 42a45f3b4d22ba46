"""The IAM user who has a password signs in with MFA.

Why: passwords are phished, reused and leaked every day. With MFA a stolen one is worth nothing by
itself; without MFA it is the whole way in.
Fix: let the user register a device, best a security key, and deny everything else without it by
the condition aws:MultiFactorAuthPresent. If nobody signs in as this user, delete the password.

    aws iam enable-mfa-device --user-name NAME --serial-number ARN \
        --authentication-code1 CODE --authentication-code2 NEXT_CODE
    aws iam delete-login-profile --user-name NAME
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
from vedette.resources.iam import IamUser
from vedette.resources.iam_credentials import Credentials


def user(*, password: bool, mfa: bool) -> IamUser:
    return IamUser.sample(credentials=Credentials(password_enabled=password, mfa_active=mfa))


@posture_rule(
    IamUser,
    severity=Severity.HIGH,
    controls=(
        "cis_aws_5_0:1.9",
        "cis_aws_7_0:2.10",
        "fsbp:IAM.5",
        "fsbp:IAM.19",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-3(15)",
        "nist_800_53_r5:IA-2(1)",
        "nist_800_53_r5:IA-2(2)",
        "nist_800_53_r5:IA-2(6)",
        "nist_800_53_r5:IA-2(8)",
        "pci_dss_4_0_1:8.4.2",
    ),
    reads=((IamUser, "credentials"),),
    examples=(
        Example("password and MFA", user(password=True, mfa=True), PASSED),
        Example("neither password nor MFA", user(password=False, mfa=False), PASSED),
        Example("password without MFA", user(password=True, mfa=False), FAILED),
        Example(
            "there is no report",
            IamUser.sample(credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[NoParameters]) -> Judgement:
    credentials = known(user.credentials)
    if not credentials.password_enabled:
        return passed("The user has no password.")
    if credentials.mfa_active:
        return passed("The user signs in with MFA.")
    return failed("The user signs in with a password alone.", reported=credentials.reported)
