"""AMI is shared with trusted accounts only.

Why: an account that may launch an image can read everything on its disks and keep a copy; nobody
notices, because the launch happens in the other account.
Fix: name the accounts that you trust in the configuration (`trusted_accounts`), and take the others
out of the launch permissions.

    aws ec2 modify-image-attribute --image-id ami-ID --launch-permission "Remove=[{UserId=ACCOUNT}]"

Note: an organisation or organisational unit counts as trusted if its management account does: its
id is the account id in the ARN.
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
from vedette.resources.ec2 import MachineImage, Sharing

PARTNER, STRANGER = "444455556666", "999988887777"
MANAGEMENT = "222233334444"
OUR_ORGANISATION = f"arn:aws:organizations::{MANAGEMENT}:organization/o-exampleorgid"


def image(sharing: Sharing | Fact[Sharing]) -> MachineImage:
    return MachineImage.sample(sharing=sharing)


SHARED_WITH_ORGANISATION = image(Sharing(organisations=frozenset({OUR_ORGANISATION})))


@posture_rule(
    MachineImage,
    severity=Severity.HIGH,
    controls=("soc_2:CC6.6",),
    reads=((MachineImage, "sharing"),),
    examples=(
        Example("not shared", image(Sharing()), PASSED),
        Example(
            "shared with a trusted account",
            image(Sharing(accounts=frozenset({PARTNER}))),
            PASSED,
            trusted_accounts=frozenset({PARTNER}),
        ),
        Example(
            "shared with a trusted organisation",
            SHARED_WITH_ORGANISATION,
            PASSED,
            trusted_accounts=frozenset({MANAGEMENT}),
        ),
        Example("an organisation nobody knows", SHARED_WITH_ORGANISATION, FAILED),
        Example("an unknown account", image(Sharing(accounts=frozenset({STRANGER}))), FAILED),
        Example("public", image(Sharing(everyone=True)), FAILED),
        Example("access is denied", image(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(image: MachineImage, context: Context[NoParameters]) -> Judgement:
    strangers = known(image.sharing).strangers(context.trusted_accounts)
    if strangers:
        return failed(
            f"The image is shared with {', '.join(strangers)}: not among the trusted accounts.",
            shared_with=strangers,
        )
    return passed("The image is shared with nobody but trusted accounts.")
