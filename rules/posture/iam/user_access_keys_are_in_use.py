"""The IAM user's access keys are in use.

Why: a key that no program needs serves only whoever finds it, and nobody notices when it is used.
Fix: deactivate the key; if nothing breaks within a few weeks, delete it.

    aws iam update-access-key --user-name NAME --access-key-id KEY --status Inactive
    aws iam delete-access-key --user-name NAME --access-key-id KEY

Note: a key that was never used counts from the day it was made. AWS's credential report may be four
hours old; auditing the one user with --resource reads the present state.
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


class Idleness(Parameters):
    """For how many days an active key may lie idle."""

    days: int = 45


def key(number: int, made: int, used: int | None = None, *, active: bool = True) -> AccessKey:
    return AccessKey(
        number=number,
        active=active,
        created=EXAMPLE_TIME - timedelta(days=made),
        last_used=None if used is None else EXAMPLE_TIME - timedelta(days=used),
    )


def user(*keys: AccessKey) -> IamUser:
    return IamUser.sample(credentials=Credentials(password_enabled=False, access_keys=keys))


@posture_rule(
    IamUser,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:1.11",
        "cis_aws_7_0:2.11",
        "fsbp:IAM.8",
        "fsbp:IAM.22",
        "nist_800_53_r5:AC-2",
        "nist_800_53_r5:AC-2(1)",
        "nist_800_53_r5:AC-2(3)",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-3(7)",
        "nist_800_53_r5:AC-6",
        "pci_dss_4_0_1:8.2.6",
        "soc_2:CC1.3",
    ),
    parameters=Idleness,
    reads=((IamUser, "credentials"),),
    examples=(
        Example("no key at all", user(), PASSED),
        Example("old but used today", user(key(1, made=900, used=0)), PASSED),
        Example("new and not used yet", user(key(2, made=45)), PASSED),
        Example("idle but inactive", user(key(1, made=900, active=False)), PASSED),
        Example("not used for 46 days", user(key(1, made=900, used=46)), FAILED),
        Example("never used since it was made", user(key(1, 3, 0), key(2, made=46)), FAILED),
        Example("90 days are allowed", user(key(1, 900, 80)), PASSED, parameters=Idleness(days=90)),
        Example(
            "there is no report",
            IamUser.sample(credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[Idleness]) -> Judgement:
    credentials = known(user.credentials)
    limit, now = context.parameters.days, context.as_of
    idle = [key for key in credentials.active_keys if key.idle_days(now) > limit]
    if not idle:
        return passed(f"No active access key has been idle for more than {limit} days.")
    return failed(
        f"An active access key has been idle for {max(key.idle_days(now) for key in idle)} days.",
        keys=[key.model_dump(mode="json") for key in idle],
        reported=credentials.reported,
    )
