"""DynamoDB table is protected from deletion.

Why: one wrong command, or one intruder with the right to delete, ends a table at once; with the
protection on, deleting takes a second, visible step.
Fix: switch deletion protection on.

    aws dynamodb update-table --table-name TABLE --deletion-protection-enabled
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
    return DynamoDbTable.sample(is_deletion_protected=flag)


@posture_rule(
    DynamoDbTable,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:DynamoDB.6", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-2"),
        *("nist_800_53_r5:CM-2(2)", "nist_800_53_r5:CM-3", "nist_800_53_r5:SC-5(2)"),
    ),
    reads=((DynamoDbTable, "is_deletion_protected"),),
    examples=(
        Example("protection is on", table(True), PASSED),
        Example("protection is off", table(False), FAILED),
        Example("access is denied", table(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(table: DynamoDbTable, context: Context[NoParameters]) -> Judgement:
    if known(table.is_deletion_protected):
        return passed("Deletion protection is on.")
    return failed("Deletion protection is off.")
