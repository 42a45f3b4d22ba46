"""EBS snapshot is shared with trusted accounts only.

Why: an account that a snapshot is shared with can copy the whole disk and keep the copy for good;
sharing a snapshot with an account of their own is how intruders carry disks away.
Fix: name the accounts that you trust in the configuration (`trusted_accounts`), and take the others
out of the snapshot's permissions.

    aws ec2 modify-snapshot-attribute --snapshot-id snap-ID --attribute createVolumePermission \
        --operation-type remove --user-ids ACCOUNT

Note: find out from CloudTrail (ModifySnapshotAttribute) who shared it, and when.
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
from vedette.resources.ec2 import EbsSnapshot, Sharing

PARTNER, STRANGER = "444455556666", "999988887777"


def snapshot(sharing: Sharing | Fact[Sharing]) -> EbsSnapshot:
    return EbsSnapshot.sample(sharing=sharing)


def shared_with(*accounts: str) -> EbsSnapshot:
    return snapshot(Sharing(accounts=frozenset(accounts)))


@posture_rule(
    EbsSnapshot,
    severity=Severity.HIGH,
    controls=(
        "fsbp:EC2.1",
        "nist_800_53_r5:AC-3",
        "nist_800_53_r5:AC-4",
        "nist_800_53_r5:AC-6",
        "nist_800_53_r5:AC-21",
        "nist_800_53_r5:SC-7",
        "soc_2:CC6.6",
    ),
    reads=((EbsSnapshot, "sharing"),),
    examples=(
        Example("not shared", snapshot(Sharing()), PASSED),
        Example(
            "shared with a trusted account",
            shared_with(PARTNER),
            PASSED,
            trusted_accounts=frozenset({PARTNER}),
        ),
        Example("shared with an unknown account", shared_with(STRANGER), FAILED),
        Example(
            "a trusted and an unknown account",
            shared_with(PARTNER, STRANGER),
            FAILED,
            trusted_accounts=frozenset({PARTNER}),
        ),
        Example("public", snapshot(Sharing(everyone=True)), FAILED),
        Example("access is denied", snapshot(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(snapshot: EbsSnapshot, context: Context[NoParameters]) -> Judgement:
    strangers = known(snapshot.sharing).strangers(context.trusted_accounts)
    if strangers:
        return failed(
            f"The snapshot is shared with {', '.join(strangers)}: not among the trusted accounts.",
            shared_with=strangers,
        )
    return passed("The snapshot is shared with nobody but trusted accounts.")
