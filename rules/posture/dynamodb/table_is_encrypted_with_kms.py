"""DynamoDB table is encrypted with a KMS key of the account.

Why: every table is encrypted, by default with a key that DynamoDB owns: nobody can see its use or
take it away. A key of the account records each use and can be disabled in an emergency.
Fix: name a KMS key.

    aws dynamodb update-table --table-name TABLE \
        --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=KEY

Note: the AWS managed key `alias/aws/dynamodb` passes too; its use is recorded as well.
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

KEY = "arn:aws:kms:eu-west-1:111122223333:key/5b9d9d3e"


def table(kms_key: str | Fact[str | None] | None) -> DynamoDbTable:
    return DynamoDbTable.sample(kms_key=kms_key)


@posture_rule(
    DynamoDbTable,
    severity=Severity.LOW,
    controls=("nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28(1)", "soc_2:PI1.5"),
    reads=((DynamoDbTable, "kms_key"),),
    examples=(
        Example("a KMS key is set", table(KEY), PASSED),
        Example("DynamoDB's own key is used", table(None), FAILED),
        Example("access is denied", table(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(table: DynamoDbTable, context: Context[NoParameters]) -> Judgement:
    key = known(table.kms_key)
    if key is None:
        return failed("The table is encrypted with a key that DynamoDB owns.")
    return passed("A KMS key of the account encrypts the table.", kms_key=key)
