"""The IAM user's password is in use.

Why: a password that nobody types belongs to somebody who has left or changed jobs. Its owner will
not notice when another signs in with it.
Fix: ask the owner, then take the password away; the user and its keys stay.

    aws iam delete-login-profile --user-name NAME

Note: a password that was never used counts from the day it was set. AWS's credential report may be
four hours old; auditing the one user with --resource reads the present state.
"""

from datetime import datetime, timedelta

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
    unknown,
)
from vedette.resources.iam import IamUser
from vedette.resources.iam_credentials import Credentials, days_between


class Idleness(Parameters):
    """For how many days a password may lie idle."""

    days: int = 45


def ago(days: int | None) -> datetime | None:
    return None if days is None else EXAMPLE_TIME - timedelta(days=days)


def user(*, changed: int | None = None, used: int | None = None, enabled: bool = True) -> IamUser:
    credentials = Credentials(
        password_enabled=enabled, password_changed=ago(changed), password_last_used=ago(used)
    )
    return IamUser.sample(credentials=credentials)


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
        Example("no password", user(enabled=False, used=400), PASSED),
        Example("used 45 days ago", user(changed=900, used=45), PASSED),
        Example("new and not used yet", user(changed=3), PASSED),
        Example("not used for 46 days", user(changed=900, used=46), FAILED),
        Example("never used since it was set", user(changed=46), FAILED),
        Example(
            "90 days are allowed",
            user(changed=900, used=80),
            PASSED,
            parameters=Idleness(days=90),
        ),
        Example("AWS knows neither date", user(), UNKNOWN),
        Example(
            "there is no report",
            IamUser.sample(credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[Idleness]) -> Judgement:
    credentials = known(user.credentials)
    if not credentials.password_enabled:
        return passed("The user has no password.")
    since = credentials.password_idle_since
    if since is None:
        return unknown("AWS says neither when the password was used nor when it was set.")
    days = days_between(since, context.as_of)
    if days > context.parameters.days:
        return failed(
            f"The password has been idle for {days} days.",
            last_used=credentials.password_last_used,
            set_on=credentials.password_changed,
            reported=credentials.reported,
        )
    return passed(f"The password was used or set {days} days ago.", since=since)
