"""DynamoDB table can be restored to any second of the last weeks.

Why: without point-in-time recovery, what a faulty program, an intruder or ransomware writes or
deletes is lost, unless somebody made a backup just before.
Fix: switch point-in-time recovery on.

    aws dynamodb update-continuous-backups --table-name TABLE \
        --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
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
from vedette.resources.dynamodb import DynamoDbTable


def table(flag: bool | Fact[bool]) -> DynamoDbTable:
    return DynamoDbTable.sample(has_point_in_time_recovery=flag)


@posture_rule(
    DynamoDbTable,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:DynamoDB.2", "nist_800_53_r5:CP-6(2)", "nist_800_53_r5:CP-9"),
        *("nist_800_53_r5:CP-10", "nist_800_53_r5:SC-5(2)", "nist_800_53_r5:SI-12"),
        *("nist_800_53_r5:SI-13(5)", "soc_2:CC7.4", "soc_2:A1.2"),
    ),
    reads=((DynamoDbTable, "has_point_in_time_recovery"),),
    examples=(
        Example("recovery is on", table(True), PASSED),
        Example("recovery is off", table(False), FAILED),
        Example("access is denied", table(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(table: DynamoDbTable, context: Context[NoParameters]) -> Judgement:
    if known(table.has_point_in_time_recovery):
        return passed("Point-in-time recovery is on.")
    return failed("Point-in-time recovery is off.")
