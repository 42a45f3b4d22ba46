"""EBS snapshot is not public.

Why: a public snapshot lets every AWS customer make a volume of it and read the whole disk, with
keys, configuration and customers' records; strangers list public snapshots all the time.
Fix: take the group "all" out of the snapshot's permissions, then switch on the region's block of
public sharing, so that it cannot happen again.

    aws ec2 modify-snapshot-attribute --snapshot-id snap-ID --attribute createVolumePermission \
        --operation-type remove --group-names all
    aws ec2 enable-snapshot-block-public-access --state block-all-sharing

Note: whoever restored it before keeps the copy, so replace the secrets that were on the disk. The
region's block of public sharing is not taken into account here: switched off, it would make the
snapshot public again.
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
from vedette.resources.ec2 import EbsSnapshot


def snapshot(public: bool | Fact[bool]) -> EbsSnapshot:
    return EbsSnapshot.sample(public=public)


@posture_rule(
    EbsSnapshot,
    severity=Severity.CRITICAL,
    controls=(
        "fsbp:EC2.1",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-21",
        "nist_800_53_r5:SC-7",
        "soc_2:CC6.6",
    ),
    reads=((EbsSnapshot, "public"),),
    examples=(
        Example("private", snapshot(False), PASSED),
        Example("public", snapshot(True), FAILED),
        Example("access is denied", snapshot(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(snapshot: EbsSnapshot, context: Context[NoParameters]) -> Judgement:
    if known(snapshot.public):
        return failed("Every AWS account may make a volume of this snapshot.")
    return passed("The snapshot is not public.")
