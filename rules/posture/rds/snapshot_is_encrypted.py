"""RDS snapshot is encrypted.

Why: a snapshot holds the whole database; without encryption whoever gets a copy can read it, and
only an unencrypted one can be made public.
Fix: copy the snapshot with a KMS key and delete the original.

    aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT \
        --target-db-snapshot-identifier ENCRYPTED --kms-key-id KEY
    aws rds delete-db-snapshot --db-snapshot-identifier SNAPSHOT

Note: automated snapshots are encrypted as their instance is, and judged through it.
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
from vedette.resources.rds import DbSnapshot


def snapshot(flag: bool | Fact[bool]) -> DbSnapshot:
    return DbSnapshot.sample(is_encrypted=flag)


@posture_rule(
    DbSnapshot,
    severity=Severity.HIGH,
    controls=(
        *("fsbp:RDS.4", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-3(6)"),
        *("nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28", "nist_800_53_r5:SC-28(1)"),
        "nist_800_53_r5:SI-7(6)",
    ),
    reads=((DbSnapshot, "is_encrypted"),),
    examples=(
        Example("it is encrypted", snapshot(True), PASSED),
        Example("it is not encrypted", snapshot(False), FAILED),
        Example("access is denied", snapshot(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(snapshot: DbSnapshot, context: Context[NoParameters]) -> Judgement:
    if known(snapshot.is_encrypted):
        return passed("The snapshot is encrypted.")
    return failed("The snapshot is not encrypted.")
