"""EBS volume is encrypted.

Why: an unencrypted volume gives unencrypted snapshots, and those can be shared with, or copied to,
another account without any key; encryption puts a key policy between the disk and its readers.
Fix: a volume cannot be encrypted in place. Copy its snapshot with encryption, make a volume of the
copy, and put it in the place of the old one while the instance is stopped.

    aws ec2 create-snapshot --volume-id vol-ID
    aws ec2 copy-snapshot --encrypted --source-region REGION --source-snapshot-id snap-ID
    aws ec2 create-volume --availability-zone ZONE --snapshot-id snap-COPY
    aws ec2 detach-volume --volume-id vol-ID
    aws ec2 attach-volume --volume-id vol-NEW --instance-id i-ID --device DEVICE

Note: delete the unencrypted volume and its snapshots afterwards, or the content stays readable.
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
from vedette.resources.ec2 import EbsVolume


def volume(encrypted: bool | Fact[bool]) -> EbsVolume:
    return EbsVolume.sample(encrypted=encrypted)


@posture_rule(
    EbsVolume,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:5.1.1",
        "cis_aws_7_0:6.1.1",
        "fsbp:EC2.3",
        "nist_800_53_r5:CA-9(1)",
        "nist_800_53_r5:CM-3(6)",
        "nist_800_53_r5:SC-13",
        "nist_800_53_r5:SC-28",
        "nist_800_53_r5:SC-28(1)",
        "nist_800_53_r5:SI-7(6)",
        "soc_2:PI1.5",
    ),
    reads=((EbsVolume, "encrypted"),),
    examples=(
        Example("encrypted", volume(True), PASSED),
        Example("not encrypted", volume(False), FAILED),
        Example("not answered", volume(Fact.unreadable("not answered")), UNKNOWN),
    ),
)
def rule(volume: EbsVolume, context: Context[NoParameters]) -> Judgement:
    if known(volume.encrypted):
        return passed("The volume is encrypted.")
    return failed("The volume is not encrypted.")
