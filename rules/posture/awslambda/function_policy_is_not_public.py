"""Lambda function policy lets in nobody unknown.

Why: whoever may invoke a function acts with its role and at your expense, with input of their
choice.
Fix: take the statement out of the function's policy, or bind it with a source account or source
ARN.

    aws lambda get-policy --function-name NAME
    aws lambda remove-permission --function-name NAME --statement-id SID

Note: S3 must be bound to an account or a bucket, since it acts for every customer. Policies of
single versions and aliases are not read.
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
from vedette.resources.awslambda import LambdaFunction
from vedette.resources.policy.exposure import find_exposure, say
from vedette.resources.policy.parsing import parse_policy

S3, EVENTS = "s3.amazonaws.com", "events.amazonaws.com"
FROM_OWN_BUCKET = {
    "StringEquals": {"AWS:SourceAccount": "111122223333"},
    "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::uploads"},
}
FROM_ANY_BUCKET = {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::*"}}


def allow(principal: Any = "*", **more: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": "*",
    }
    return statement | more


def function(*statements: dict[str, Any]) -> LambdaFunction:
    policy = parse_policy({"Statement": list(statements)})
    return LambdaFunction.sample(policy=policy)


UNREADABLE = LambdaFunction.sample(policy=Fact.unreadable("AccessDenied"))


@posture_rule(
    LambdaFunction,
    severity=Severity.CRITICAL,
    controls=(
        *("cis_aws_7_0:2.21", "fsbp:Lambda.1", "nist_800_53_r5:AC-3", "nist_800_53_r5:AC-4"),
        *("nist_800_53_r5:AC-6", "nist_800_53_r5:AC-21", "nist_800_53_r5:SC-7"),
        "pci_dss_4_0_1:7.2.1",
    ),
    reads=((LambdaFunction, "policy"),),
    examples=(
        Example("there is no policy", function(), PASSED),
        Example(
            "a bucket of the account invokes it",
            function(allow({"Service": S3}, Condition=FROM_OWN_BUCKET)),
            PASSED,
        ),
        Example("a schedule invokes it", function(allow({"Service": EVENTS})), PASSED),
        Example("everyone may invoke it", function(allow()), FAILED),
        Example(
            "everyone may call its URL",
            function(
                allow(
                    Action="lambda:InvokeFunctionUrl",
                    Condition={"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
                )
            ),
            FAILED,
        ),
        Example("anyone's bucket may invoke it", function(allow({"Service": S3})), FAILED),
        Example(
            "any bucket may invoke it by a wildcard",
            function(allow({"Service": S3}, Condition=FROM_ANY_BUCKET)),
            FAILED,
        ),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(function: LambdaFunction, context: Context[NoParameters]) -> Judgement:
    exposure = find_exposure(
        known(function.policy), owner=function.account, trusted_accounts=context.trusted_accounts
    )
    named = [grant.statement for grant in exposure.public]
    if named:
        return failed(f"Anyone may do this: {say(exposure.public)}.", statements=named)
    if S3 in exposure.services:
        named = [grant.statement for grant in exposure.services[S3]]
        return failed("Any customer's bucket may invoke it through S3.", statements=named)
    return passed("Its policy lets in nobody who has no relation to the account.")
