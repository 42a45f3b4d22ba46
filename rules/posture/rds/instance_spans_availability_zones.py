"""RDS instance has a standby in a second availability zone.

Why: when its zone or its hardware fails, an instance without a standby is down until it is restored
from a backup.
Fix: make it Multi-AZ; there is a short pause while it changes over.

    aws rds modify-db-instance --db-instance-identifier ID --multi-az --apply-immediately

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
    return DbInstance.sample(engine="postgres", is_multi_az=flag)


@posture_rule(
    DbInstance,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:2.2.4", "cis_aws_7_0:3.2.4", "fsbp:RDS.5", "nist_800_53_r5:CP-6(2)"),
        *("nist_800_53_r5:CP-10", "nist_800_53_r5:SC-5(2)", "nist_800_53_r5:SC-36"),
        "nist_800_53_r5:SI-13(5)",
    ),
    reads=((DbInstance, "is_multi_az"),),
    applies=lambda instance: instance.cluster is None,
    examples=(
        Example("it has a standby", instance(True), PASSED),
        Example("it has no standby", instance(False), FAILED),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    if known(instance.is_multi_az):
        return passed("The instance is Multi-AZ.")
    return failed("The instance runs in one availability zone only.")
