"""SQS queue is encrypted at rest.

Why: messages stay in a queue for up to fourteen days; encryption keeps whoever gets at the storage
from reading them.
Fix: switch on encryption with a key of SQS, which costs nothing, or with a KMS key of your own.

    aws sqs set-queue-attributes --queue-url URL --attributes SqsManagedSseEnabled=true
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
from vedette.resources.sqs import QueueEncryption, SqsQueue

URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/example"


def queue(encryption: QueueEncryption | Fact[QueueEncryption]) -> SqsQueue:
    return SqsQueue.sample(url=URL, encryption=encryption)


@posture_rule(
    SqsQueue,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:SQS.1", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-3(6)"),
        *("nist_800_53_r5:SC-13", "nist_800_53_r5:SC-28", "nist_800_53_r5:SC-28(1)"),
        "nist_800_53_r5:SI-7(6)",
    ),
    reads=((SqsQueue, "encryption"),),
    examples=(
        Example("SQS encrypts it", queue(QueueEncryption.SQS), PASSED),
        Example("a KMS key encrypts it", queue(QueueEncryption.KMS), PASSED),
        Example("nothing encrypts it", queue(QueueEncryption.NONE), FAILED),
        Example("access is denied", queue(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(queue: SqsQueue, context: Context[NoParameters]) -> Judgement:
    encryption = known(queue.encryption)
    if encryption is QueueEncryption.NONE:
        return failed("Messages are not encrypted at rest.")
    return passed("Messages are encrypted at rest.", encryption=encryption.value)
