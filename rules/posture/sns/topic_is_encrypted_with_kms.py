"""SNS topic is encrypted with a KMS key.

Why: messages wait in SNS until every subscriber has taken them; with a KMS key their storage is
encrypted, and its policy and its log tell who can read them.
Fix: set a key; a customer managed one lets other AWS services publish too.

    aws sns set-topic-attributes --topic-arn ARN \
        --attribute-name KmsMasterKeyId --attribute-value alias/KEY

Note: services such as EventBridge or CloudWatch cannot publish through the key `alias/aws/sns`.
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
from vedette.resources.sns import SnsTopic


def topic(kms_key: str | Fact[str | None] | None) -> SnsTopic:
    return SnsTopic.sample(kms_key=kms_key)


@posture_rule(
    SnsTopic,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:SNS.1", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-3(6)"),
        *("nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28", "nist_800_53_r5:SC-28(1)"),
        *("nist_800_53_r5:SI-7(6)", "soc_2:PI1.4"),
    ),
    reads=((SnsTopic, "kms_key"),),
    examples=(
        Example("a customer managed key is set", topic("alias/events"), PASSED),
        Example("the key of SNS is set", topic("alias/aws/sns"), PASSED),
        Example("no key is set", topic(None), FAILED),
        Example("access is denied", topic(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(topic: SnsTopic, context: Context[NoParameters]) -> Judgement:
    key = known(topic.kms_key)
    if key is None:
        return failed("No KMS key is set.")
    return passed("A KMS key is set.", kms_key=key)
