"""SQS queue policy lets in nobody unknown.

Why: anyone who may send to a queue feeds what works on it; anyone who may receive or purge reads
the messages or makes them vanish.
Fix: name the principals in the queue policy, or bind the statement with `aws:SourceArn` or
`aws:SourceAccount`.

    aws sqs get-queue-attributes --queue-url URL --attribute-names Policy
    aws sqs set-queue-attributes --queue-url URL --attributes file://attributes.json
"""

from typing import Any

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
from vedette.resources.policy.exposure import find_exposure, say
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.sqs import SqsQueue

TOPIC = "arn:aws:sns:eu-west-1:111122223333:news"
URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/example"


def allow(principal: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    return statement | more


def queue(*statements: dict[str, Any]) -> SqsQueue:
    policy = parse_policy({"Statement": list(statements)})
    return SqsQueue.sample(url=URL, policy=policy)


UNREADABLE = SqsQueue.sample(url=URL, policy=Fact.unreadable("AccessDenied"))


@posture_rule(
    SqsQueue,
    severity=Severity.CRITICAL,
    controls=("cis_aws_7_0:2.21", "fsbp:SQS.3"),
    reads=((SqsQueue, "policy"),),
    examples=(
        Example("there is no policy", queue(), PASSED),
        Example(
            "a topic of the account sends",
            queue(allow(Condition={"ArnEquals": {"aws:SourceArn": TOPIC}})),
            PASSED,
        ),
        Example("everyone may send", queue(allow()), FAILED),
        Example("everyone may do everything", queue(allow({"AWS": "*"}, Action="*")), FAILED),
        Example(
            "any topic at all may send",
            queue(allow(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}})),
            FAILED,
        ),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(queue: SqsQueue, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(queue.policy), owner=queue.account, trusted_accounts=context.trusted_accounts
    )
    named = [grant.statement for grant in exposure.public]
    if named:
        return failed(f"Anyone may do this: {say(exposure.public)}.", statements=named)
    return passed("Its policy lets in nobody who has no relation to the account.")
