"""RDS instance is not reachable from the internet.

Why: a database with a public address is found and attacked within hours, and then only its
passwords and its patches stand between the internet and the data.
Fix: take the public address away, and reach the database through the VPC, a VPN or Session Manager.

    aws rds modify-db-instance --db-instance-identifier ID --no-publicly-accessible \
        --apply-immediately
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
    return DbInstance.sample(engine="postgres", is_public=flag)


@posture_rule(
    DbInstance,
    severity=Severity.CRITICAL,
    controls=(
        *("cis_aws_5_0:2.2.3", "cis_aws_7_0:3.2.3", "fsbp:RDS.2", "nist_800_53_r5:AC-4"),
        *("nist_800_53_r5:AC-4(21)", "nist_800_53_r5:SC-7", "nist_800_53_r5:SC-7(5)"),
        *("pci_dss_4_0_1:1.4.4", "soc_2:CC6.2"),
    ),
    reads=((DbInstance, "is_public"),),
    examples=(
        Example("it has no public address", instance(False), PASSED),
        Example("it has a public address", instance(True), FAILED),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    if known(instance.is_public):
        return failed("The instance is publicly accessible.")
    return passed("The instance has no public address.")
