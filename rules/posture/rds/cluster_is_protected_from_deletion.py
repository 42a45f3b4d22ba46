"""RDS cluster is protected from deletion.

Why: one wrong command, or one intruder with the right to delete, ends a cluster at once; with the
protection on, deleting takes a second, visible step.
Fix: switch deletion protection on.

    aws rds modify-db-cluster --db-cluster-identifier ID --deletion-protection
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
    return DbCluster.sample(engine="aurora-mysql", is_deletion_protected=flag)


@posture_rule(
    DbCluster,
    severity=Severity.MEDIUM,
    controls=("fsbp:RDS.7", "nist_800_53_r5:CM-3", "nist_800_53_r5:SC-5(2)"),
    reads=((DbCluster, "is_deletion_protected"),),
    examples=(
        Example("protection is on", cluster(True), PASSED),
        Example("protection is off", cluster(False), FAILED),
        Example("access is denied", cluster(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(cluster: DbCluster, context: Context[NoParameters]) -> Judgement:
    if known(cluster.is_deletion_protected):
        return passed("Deletion protection is on.")
    return failed("Deletion protection is off.")
