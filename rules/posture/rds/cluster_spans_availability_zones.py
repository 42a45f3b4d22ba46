"""RDS cluster has instances in several availability zones.

Why: a cluster whose instances all stand in one zone is down when that zone is, although its storage
lives on.
Fix: add a reader in another zone.

    aws rds create-db-instance --db-instance-identifier READER --db-cluster-identifier CLUSTER \
        --engine ENGINE --db-instance-class CLASS --availability-zone OTHER_ZONE
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
    return DbCluster.sample(engine="aurora-mysql", is_multi_az=flag)


@posture_rule(
    DbCluster,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:2.2.4", "cis_aws_7_0:3.2.4", "fsbp:RDS.15", "nist_800_53_r5:CP-6(2)"),
        *("nist_800_53_r5:CP-10", "nist_800_53_r5:SC-5(2)", "nist_800_53_r5:SC-36"),
        "nist_800_53_r5:SI-13(5)",
    ),
    reads=((DbCluster, "is_multi_az"),),
    examples=(
        Example("it spans zones", cluster(True), PASSED),
        Example("it does not", cluster(False), FAILED),
        Example("access is denied", cluster(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(cluster: DbCluster, context: Context[NoParameters]) -> Judgement:
    if known(cluster.is_multi_az):
        return passed("The cluster spans several availability zones.")
    return failed("The cluster's instances stand in one availability zone.")
