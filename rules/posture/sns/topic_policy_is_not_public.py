"""SNS topic policy lets in nobody unknown.

Why: anyone who may publish to a topic can set off what listens to it or send your users false
alarms; anyone who may subscribe reads everything that is published.
Fix: name the principals in the access policy, or bind the statement with `aws:SourceAccount`,
`aws:SourceArn` or `aws:PrincipalOrgID`.

    aws sns get-topic-attributes --topic-arn ARN --query Attributes.Policy --output text
    aws sns set-topic-attributes --topic-arn ARN --attribute-name Policy --attribute-value "$POLICY"
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
from vedette.resources.sns import SnsTopic

OWNER_ONLY = {"StringEquals": {"AWS:SourceOwner": "111122223333"}}


def allow(principal: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sns:Publish",
        "Resource": "*",
    }
    return statement | more


def topic(*statements: dict[str, Any]) -> SnsTopic:
    policy = parse_policy({"Statement": list(statements)})
    return SnsTopic.sample(policy=policy)


UNREADABLE = SnsTopic.sample(policy=Fact.unreadable("AccessDenied"))


@posture_rule(
    SnsTopic,
    severity=Severity.HIGH,
    controls=("cis_aws_7_0:2.21", "fsbp:SNS.4"),
    reads=((SnsTopic, "policy"),),
    examples=(
        Example(
            "the policy that every new topic has",
            topic(allow({"AWS": "*"}, Condition=OWNER_ONLY)),
            PASSED,
        ),
        Example("a service publishes", topic(allow({"Service": "events.amazonaws.com"})), PASSED),
        Example(
            "a partner publishes",
            topic(allow({"AWS": "444455556666"})),
            PASSED,
        ),
        Example("everyone may publish", topic(allow()), FAILED),
        Example(
            "everyone may subscribe by e-mail",
            topic(
                allow(Action="sns:Subscribe", Condition={"StringEquals": {"sns:Protocol": "email"}})
            ),
            FAILED,
        ),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(topic: SnsTopic, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(topic.policy), owner=topic.account, trusted_accounts=context.trusted_accounts
    )
    named = [grant.statement for grant in exposure.public]
    if named:
        return failed(f"Anyone may do this: {say(exposure.public)}.", statements=named)
    return passed("Its policy lets in nobody who has no relation to the account.")
