"""The IAM user has at most one active access key.

Why: two keys are for the hours of a rotation. Where both stay active, the old one is still out
there, and twice as many places can leak.
Fix: see which key was last used when, move the programs to the newer one, and end the other.

    aws iam get-access-key-last-used --access-key-id KEY
    aws iam update-access-key --user-name NAME --access-key-id KEY --status Inactive
"""

from vedette.posture.rule import (
    EXAMPLE_TIME,
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
from vedette.resources.iam_credentials import AccessKey, Credentials

ALLOWED = 1


def user(*active: bool) -> IamUser:
    keys = tuple(
        AccessKey(number=number, active=one, created=EXAMPLE_TIME)
        for number, one in enumerate(active, start=1)
    )
    return IamUser.sample(credentials=Credentials(password_enabled=False, access_keys=keys))


@posture_rule(
    IamUser,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:1.12",),
    reads=((IamUser, "credentials"),),
    examples=(
        Example("no key", user(), PASSED),
        Example("one key", user(True), PASSED),
        Example("one of two is active", user(False, True), PASSED),
        Example("both are active", user(True, True), FAILED),
        Example(
            "there is no report",
            IamUser.sample(credentials=Fact.unreadable("access denied")),
            UNKNOWN,
        ),
    ),
)
def rule(user: IamUser, context: Context[NoParameters]) -> Judgement:
    credentials = known(user.credentials)
    active = credentials.active_keys
    if len(active) <= ALLOWED:
        return passed("At most one access key is active.")
    return failed(
        f"The user has {len(active)} active access keys.",
        keys=[key.model_dump(mode="json") for key in active],
        reported=credentials.reported,
    )
