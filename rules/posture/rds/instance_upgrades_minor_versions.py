"""RDS instance installs minor versions of its engine by itself.

Why: minor versions bring the fixes for known holes; where nobody installs them, an instance stays
open to attacks that anybody can look up.
Fix: switch automatic minor version upgrades on; they happen in the maintenance window.

    aws rds modify-db-instance --db-instance-identifier ID --auto-minor-version-upgrade
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
    return DbInstance.sample(engine="postgres", upgrades_minor_versions=flag)


@posture_rule(
    DbInstance,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:2.2.2", "cis_aws_7_0:3.2.2", "fsbp:RDS.13", "nist_800_53_r5:SI-2"),
        *("nist_800_53_r5:SI-2(2)", "nist_800_53_r5:SI-2(4)", "nist_800_53_r5:SI-2(5)"),
        "pci_dss_4_0_1:6.3.3",
    ),
    reads=((DbInstance, "upgrades_minor_versions"),),
    examples=(
        Example("it upgrades by itself", instance(True), PASSED),
        Example("it does not", instance(False), FAILED),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[NoParameters]) -> Judgement:
    if known(instance.upgrades_minor_versions):
        return passed("Minor versions are installed automatically.")
    return failed("Minor versions are not installed automatically.")
