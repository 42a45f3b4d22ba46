"""RDS instance keeps automated backups.

Why: automated backups are what a database is restored from after an error, ransomware or a
deletion, to any second of the retention time.
Fix: set the retention time; the first backup follows at once.

    aws rds modify-db-instance --db-instance-identifier ID --backup-retention-period 7

Note: members of a cluster have the cluster's backups, which are always on. Read replicas need
none of their own, but are judged: give those that may be promoted a retention time.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    Parameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.rds import DbInstance


class Retention(Parameters):
    """`days` is how long automated backups must be kept at least."""

    days: int = 7


def instance(days: int | Fact[int]) -> DbInstance:
    return DbInstance.sample(engine="postgres", backup_days=days)


@posture_rule(
    DbInstance,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:RDS.11", "nist_800_53_r5:CP-6", "nist_800_53_r5:CP-6(2)", "nist_800_53_r5:CP-9"),
        *("nist_800_53_r5:CP-10", "nist_800_53_r5:SI-12", "nist_800_53_r5:SI-13(5)"),
        *("soc_2:CC7.4", "soc_2:A1.2"),
    ),
    reads=((DbInstance, "backup_days"),),
    applies=lambda instance: instance.cluster is None,
    parameters=Retention,
    examples=(
        Example("backups are kept for a week", instance(7), PASSED),
        Example("there are no backups", instance(0), FAILED),
        Example("backups are kept for a day", instance(1), FAILED),
        Example("a day is enough here", instance(1), PASSED, parameters=Retention(days=1)),
        Example("access is denied", instance(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(instance: DbInstance, context: Context[Retention]) -> Judgement:
    days, least = known(instance.backup_days), context.parameters.days
    if days == 0:
        return failed("Automated backups are off.", days=days)
    if days < least:
        return failed(f"Automated backups are kept for {days} days, not {least}.", days=days)
    return passed(f"Automated backups are kept for {days} days.", days=days)
