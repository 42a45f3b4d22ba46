"""New EBS volumes are encrypted by default.

Why: with the region's default switched on, every new volume and every copy of a snapshot is
encrypted, whoever creates it and with whatever tool; without it one forgotten flag leaves a disk
readable to anyone who gets hold of a snapshot of it.
Fix: switch the default on in every region that the account uses.

    aws ec2 enable-ebs-encryption-by-default --region REGION

Note: volumes that exist already stay as they are. Some services that launch instances for you need
access to the key if you choose one of your own.
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
from vedette.resources.ec2 import Ec2Region


def region(encrypts: bool | Fact[bool]) -> Ec2Region:
    return Ec2Region.sample(ebs_encryption_by_default=encrypts)


@posture_rule(
    Ec2Region,
    severity=Severity.MEDIUM,
    controls=(
        "cis_aws_5_0:5.1.1",
        "cis_aws_7_0:6.1.1",
        "fsbp:EC2.7",
        "nist_800_53_r5:CA-9(1)",
        "nist_800_53_r5:CM-3(6)",
        "nist_800_53_r5:SC-13",
        "nist_800_53_r5:SC-28",
        "nist_800_53_r5:SC-28(1)",
        "nist_800_53_r5:SI-7(6)",
    ),
    reads=((Ec2Region, "ebs_encryption_by_default"),),
    examples=(
        Example("it is on", region(True), PASSED),
        Example("it is off", region(False), FAILED),
        Example("access is denied", region(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(region: Ec2Region, context: Context[NoParameters]) -> Judgement:
    if known(region.ebs_encryption_by_default):
        return passed("New volumes are encrypted by default.")
    return failed(f"New volumes in {region.region} are not encrypted unless somebody asks for it.")
