"""Nobody works as the root user.

Why: the root user may do everything, and no policy of the account can hold it back. Whoever works
with it day to day exposes it to phishing and to slips, and leaves a log that names no person.
Fix: find out in CloudTrail what was done and by whom, then give that person a role for it. Keep the
root user for the few tasks that need it and lock its credentials away.

    aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=root

Note: a use counts for `days` days (7), so that an audit once a week sees it. AWS's report of last
uses may be four hours old. AWS GovCloud (US) is left out: its root users do not sign in.
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
)
from vedette.resources.iam import IamAccount
from vedette.resources.iam_credentials import AccessKey, Credentials, days_between


class Quiet(Parameters):
    """For how many days the root user must have been left alone."""

    days: int = 7


def ago(days: float) -> datetime:
    return EXAMPLE_TIME - timedelta(days=days)


def root(*, signed_in: datetime | None = None, key_used: datetime | None = None) -> IamAccount:
    keys = (AccessKey(number=2, active=True, created=ago(900), last_used=key_used),)
    return IamAccount.sample(
        root_credentials=Credentials(
            password_enabled=True,
            password_last_used=signed_in,
            access_keys=keys if key_used else (),
        )
    )


@posture_rule(
    IamAccount,
    severity=Severity.HIGH,
    controls=("cis_aws_5_0:1.6", "cis_aws_7_0:2.7"),
    parameters=Quiet,
    reads=((IamAccount, "root_credentials"),),
    applies=lambda account: account.has_root_sign_in,
    examples=(
        Example("never used", root(), PASSED),
        Example("last used long ago", root(signed_in=ago(400)), PASSED),
        Example("left alone for just long enough", root(signed_in=ago(7)), PASSED),
        Example("signed in yesterday", root(signed_in=ago(1)), FAILED),
        Example("a root key was used", root(signed_in=ago(400), key_used=ago(0.5)), FAILED),
        Example("30 days are asked", root(signed_in=ago(20)), FAILED, parameters=Quiet(days=30)),
        Example(
            "there is no report",
            IamAccount.sample(root_credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(account: IamAccount, context: Context[Quiet]) -> Judgement:
    last_used = known(account.root_credentials).last_used
    if last_used is None:
        return passed("The root user has not been used since AWS keeps record.")
    days = days_between(last_used, context.as_of)
    if days < context.parameters.days:
        return failed(f"The root user was last used on {last_used:%Y-%m-%d}.", last_used=last_used)
    return passed(f"The root user has not been used for {days} days.", last_used=last_used)
