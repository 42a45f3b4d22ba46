"""The IAM user's access keys are rotated.

Why: a key leaks without a trace, in a repository, a build log, a laptop's backup. The older it is,
the more places hold it, and it works until somebody ends it.
Fix: best replace the key by a role (instance profile, OIDC, IAM Identity Center). Else create a
second key, move the program to it, deactivate the old one, watch, and delete it.

    aws iam create-access-key --user-name NAME
    aws iam update-access-key --user-name NAME --access-key-id OLD --status Inactive
    aws iam delete-access-key --user-name NAME --access-key-id OLD

Note: AWS's credential report may be four hours old; auditing the one user with --resource reads the
present state. Inactive keys are not judged.
"""

from datetime import timedelta

from vedette.posture.rule import (
    EXAMPLE_TIME,
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
from vedette.resources.iam import IamUser
from vedette.resources.iam_credentials import AccessKey, Credentials


class Age(Parameters):
    """After how many days an active key must have been replaced."""

    days: int = 90


def key(number: int, days: int, *, active: bool = True) -> AccessKey:
    return AccessKey(number=number, active=active, created=EXAMPLE_TIME - timedelta(days=days))


def user(*keys: AccessKey) -> IamUser:
    return IamUser.sample(credentials=Credentials(password_enabled=False, access_keys=keys))


@posture_rule(
    IamUser,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:1.13",
        "cis_aws_7_0:2.12",
        "fsbp:IAM.3",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-2(3)",
        "nist_800_53_r5:AC-3(15)",
        "pci_dss_4_0_1:8.3.9",
        "pci_dss_4_0_1:8.6.3",
    ),
    parameters=Age,
    reads=((IamUser, "credentials"),),
    examples=(
        Example("no key at all", user(), PASSED),
        Example("both keys are young", user(key(1, 90), key(2, 3)), PASSED),
        Example("the old key is inactive", user(key(1, 900, active=False), key(2, 3)), PASSED),
        Example("the second key is old", user(key(1, 3), key(2, 91)), FAILED),
        Example("30 days are asked", user(key(1, 31)), FAILED, parameters=Age(days=30)),
        Example(
            "there is no report",
            IamUser.sample(credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[Age]) -> Judgement:
    credentials = known(user.credentials)
    limit, now = context.parameters.days, context.as_of
    old = [key for key in credentials.active_keys if key.age_days(now) > limit]
    if not old:
        return passed(f"No active access key is older than {limit} days.")
    return failed(
        f"An active access key is {max(key.age_days(now) for key in old)} days old.",
        keys=[key.model_dump(mode="json") for key in old],
        reported=credentials.reported,
    )
