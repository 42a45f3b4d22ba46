"""RDS instance is protected from deletion.

Why: one wrong command, or one intruder with the right to delete, ends a database at once; with the
protection on, deleting takes a second, visible step.
Fix: switch deletion protection on.

    aws rds modify-db-instance --db-instance-identifier ID --deletion-protection

Note: members of a cluster are judged through the cluster.
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
from vedette.resources.rds import DbInstance


def instance(flag: bool | Fact[bool]) -> DbInstance:
    return DbInstance.sample(engine="postgres", is_deletion_protected=flag)


@posture_rule(
    DbInstance,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:RDS.8", "nist_800_53_r5:CM-3", "nist_800_53_r5:SC-5(2)"),
        *("nist_800_53_r5:SI-13(5)", "soc_2:C1.1"),
    ),
    reads=((DbInstance, "is_deletion_protected"),),
    applies=lambda instance: instance.cluster is None,
    examples=(
        Example("protection is on", instance(True), PASSED),
        Example("protection is off", instance(False), FAILED),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    if known(instance.is_deletion_protected):
        return passed("Deletion protection is on.")
    return failed("Deletion protection is off.")
