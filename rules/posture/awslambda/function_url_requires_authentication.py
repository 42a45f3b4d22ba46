"""Lambda function URL requires authentication.

Why: a function URL without authentication is a public web server that runs with the function's
role; its address can be guessed from no list, but it leaks through logs, code and browsers.
Fix: let IAM authenticate callers, and give those the permission to call.

    aws lambda update-function-url-config --function-name NAME --auth-type AWS_IAM

Note: where the public must call it, put CloudFront with origin access control or an API Gateway
before it, which can limit and log requests.
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
from vedette.resources.awslambda import FunctionUrl, LambdaFunction

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:example"
OPEN = FunctionUrl(function_arn=ARN, auth_type="NONE")
OPEN_ALIAS = FunctionUrl(function_arn=f"{ARN}:live", auth_type="NONE")
CLOSED = FunctionUrl(function_arn=ARN, auth_type="AWS_IAM")


def function(*urls: FunctionUrl) -> LambdaFunction:
    return LambdaFunction.sample(urls=urls)


UNREADABLE = LambdaFunction.sample(urls=Fact.unreadable("AccessDenied"))


@posture_rule(
    LambdaFunction,
    severity=Severity.HIGH,
    controls=(
        *("nist_800_53_r5:AC-3", "nist_800_53_r5:AC-3(7)", "nist_800_53_r5:AC-4(21)"),
        *("nist_800_53_r5:AC-6", "nist_800_53_r5:SC-7"),
    ),
    reads=((LambdaFunction, "urls"),),
    examples=(
        Example("there is no URL", function(), PASSED),
        Example("IAM authenticates callers", function(CLOSED), PASSED),
        Example("nobody is asked", function(OPEN), FAILED),
        Example("nobody is asked at an alias", function(CLOSED, OPEN_ALIAS), FAILED),
        Example("access is denied", UNREADABLE, UNKNOWN),
    ),
)
def rule(function: LambdaFunction, context: Context[NoParameters]) -> Judgement:
    urls = known(function.urls)
    if not urls:
        return passed("It has no function URL.")
    open_urls = [url.function_arn for url in urls if url.auth_type != "AWS_IAM"]
    if open_urls:
        return failed("Its URL answers without authentication.", function_arns=open_urls)
    return passed("IAM authenticates who calls its URL.")
