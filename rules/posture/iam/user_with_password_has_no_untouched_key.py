"""The IAM user who has a password has no access key that was never used.

Why: keys made along with the password, in case they are needed, lie in mails and download folders.
Nobody misses them and nobody watches them.
Fix: delete the key. Whoever needs one can make it then, or sign in for short-lived credentials.

    aws iam delete-access-key --user-name NAME --access-key-id KEY

Note: a new key may wait `days` days (1) for its first use, since AWS's credential report may be
four hours old.
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


class Patience(Parameters):
    """For how many days a new key may wait for its first use."""

    days: int = 1


def user(*, made: float, used: bool, active: bool = True, password: bool = True) -> IamUser:
    created = EXAMPLE_TIME - timedelta(days=made)
    last_used = EXAMPLE_TIME if used else None
    key = AccessKey(number=1, active=active, created=created, last_used=last_used)
    credentials = Credentials(password_enabled=password, access_keys=(key,))
    return IamUser.sample(credentials=credentials)


@posture_rule(
    IamUser,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:1.10",),
    parameters=Patience,
    reads=((IamUser, "credentials"),),
    examples=(
        Example("the key is in use", user(made=400, used=True), PASSED),
        Example("the key was made an hour ago", user(made=0.05, used=False), PASSED),
        Example("the key is inactive", user(made=400, used=False, active=False), PASSED),
        Example("there is no password", user(made=400, used=False, password=False), PASSED),
        Example("the key was never used", user(made=2, used=False), FAILED),
        Example(
            "there is no report",
            IamUser.sample(credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[Patience]) -> Judgement:
    credentials = known(user.credentials)
    if not credentials.password_enabled:
        return passed("The user has no password.")
    untouched = [
        key
        for key in credentials.active_keys
        if key.last_used is None and key.age_days(context.as_of) >= context.parameters.days
    ]
    if not untouched:
        return passed("No active access key waits for its first use.")
    return failed(
        "An active access key was never used.",
        keys=[key.model_dump(mode="json") for key in untouched],
        reported=credentials.reported,
    )
