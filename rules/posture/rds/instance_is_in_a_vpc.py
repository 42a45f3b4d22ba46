"""RDS instance runs in a VPC.

Why: outside a VPC there are neither subnets nor network access control lists nor flow logs around
the database, and its security groups know addresses only.
Fix: move the instance to a subnet group of a VPC.

    aws rds modify-db-instance --db-instance-identifier ID --db-subnet-group-name GROUP
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


def instance(vpc: str | Fact[str | None] | None) -> DbInstance:
    return DbInstance.sample(engine="postgres", vpc=vpc)


@posture_rule(
    DbInstance,
    severity=Severity.HIGH,
    controls=("fsbp:RDS.18",),
    reads=((DbInstance, "vpc"),),
    examples=(
        Example("it is in a VPC", instance("vpc-1a2b3c4d"), PASSED),
        Example("it is in no VPC", instance(None), FAILED),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    vpc = known(instance.vpc)
    if vpc is None:
        return failed("The instance is in no VPC.")
    return passed("The instance is in a VPC.", vpc=vpc)
