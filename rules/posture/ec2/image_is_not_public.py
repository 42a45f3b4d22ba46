"""AMI is not public.

Why: everybody can launch a public image and read its disks; images built from running servers carry
keys, tokens and source code that nobody meant to publish.
Fix: take the group "all" out of the launch permissions, then block public images in the region.

    aws ec2 modify-image-attribute --image-id ami-ID --launch-permission "Remove=[{Group=all}]"
    aws ec2 enable-image-block-public-access --image-block-public-access-state block-new-sharing

Note: if you publish images on purpose, suppress this for exactly those, with a reason.
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
from vedette.resources.ec2 import MachineImage


def image(public: bool | Fact[bool]) -> MachineImage:
    return MachineImage.sample(public=public)


@posture_rule(
    MachineImage,
    severity=Severity.CRITICAL,
    controls=("soc_2:CC6.6",),
    reads=((MachineImage, "public"),),
    examples=(
        Example("private", image(False), PASSED),
        Example("public", image(True), FAILED),
        Example("not answered", image(Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(image: MachineImage, context: Context[NoParameters]) -> Judgement:
    if known(image.public):
        return failed("Every AWS account may launch this image and read its disks.")
    return passed("The image is not public.")
