"""RDS cluster encrypts its storage.

Why: a cluster's storage, backups and snapshots without encryption can be read by whoever gets hold
of a copy; with a KMS key, using a copy takes permission for the key as well.
Fix: encryption is decided at creation. Restore a snapshot with a key into a new cluster.

    aws rds restore-db-cluster-from-snapshot --db-cluster-identifier NEW_ID --engine ENGINE \
        --snapshot-identifier SNAPSHOT --kms-key-id KEY
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
from vedette.resources.rds import DbCluster


def cluster(flag: bool | Fact[bool]) -> DbCluster:
    return DbCluster.sample(engine="aurora-mysql", is_encrypted=flag)


@posture_rule(
    DbCluster,
    severity=Severity.HIGH,
    controls=(
        *("fsbp:RDS.27", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-3(6)"),
        *("nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28", "nist_800_53_r5:SC-28(1)"),
        *("nist_800_53_r5:SI-7(6)", "soc_2:PI1.5"),
    ),
    reads=((DbCluster, "is_encrypted"),),
    examples=(
        Example("storage is encrypted", cluster(True), PASSED),
        Example("storage is not encrypted", cluster(False), FAILED),
        Example("access is denied", cluster(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(cluster: DbCluster, context: Context[NoParameters]) -> Judgement:
    if known(cluster.is_encrypted):
        return passed("The storage is encrypted.")
    return failed("The storage is not encrypted.")
