"""Lambda function runs on a supported runtime.

Why: after its deprecation AWS no longer patches a runtime, and later refuses to update functions
that use it, security fixes of your own included.
Fix: move the function to a supported version of its language and test it.

    aws lambda update-function-configuration --function-name NAME --runtime RUNTIME

Note: judged by AWS's table of deprecation dates. `notice_days` reports a runtime so many days
before its date. Container images are left out, as their runtime is part of the image.
"""

from datetime import UTC, datetime, timedelta

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
    unknown,
)
from vedette.resources.awslambda import LambdaFunction
from vedette.resources.lambda_runtimes import DEPRECATION_DATES


class Notice(Parameters):
    """How many days before its deprecation a runtime fails."""

    notice_days: int = 0


def function(runtime: str | Fact[str]) -> LambdaFunction:
    return LambdaFunction.sample(runtime=runtime)


def has_runtime(function: LambdaFunction) -> bool:
    return function.package != "Image"


@posture_rule(
    LambdaFunction,
    severity=Severity.MEDIUM,
    controls=(
        *("fsbp:Lambda.2", "nist_800_53_r5:CA-9(1)", "nist_800_53_r5:CM-2"),
        *("nist_800_53_r5:SI-2", "nist_800_53_r5:SI-2(2)", "nist_800_53_r5:SI-2(4)"),
        *("nist_800_53_r5:SI-2(5)", "pci_dss_4_0_1:12.3.4"),
    ),
    reads=((LambdaFunction, "runtime"),),
    parameters=Notice,
    applies=has_runtime,
    examples=(
        Example("the runtime is supported", function("python3.13"), PASSED),
        Example("no date is announced", function("nodejs26.x"), PASSED),
        Example("the runtime is supported for now", function("provided.al2"), PASSED),
        Example(
            "the day has come",
            function("provided.al2"),
            FAILED,
            as_of=datetime(2026, 7, 31, tzinfo=UTC),
        ),
        Example(
            "the notice has begun",
            function("provided.al2"),
            FAILED,
            parameters=Notice(notice_days=60),
        ),
        Example("the runtime is long deprecated", function("python2.7"), FAILED),
        Example("the runtime is newer than the table", function("python9.9"), UNKNOWN),
        Example("the runtime was not read", function(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(function: LambdaFunction, context: Context[Notice]) -> Judgement:
    runtime = known(function.runtime)
    if runtime not in DEPRECATION_DATES:
        return unknown(f"This version of Vedette does not know the runtime {runtime!r}.")
    date = DEPRECATION_DATES[runtime]
    if date is None:
        return passed(f"{runtime} is supported.", runtime=runtime)
    evidence = {"runtime": runtime, "deprecation_date": date.isoformat()}
    today = context.as_of.date()
    if date <= today:
        return failed(f"{runtime} was deprecated on {date.isoformat()}.", **evidence)
    if date <= today + timedelta(days=context.parameters.notice_days):
        return failed(f"{runtime} will be deprecated on {date.isoformat()}.", **evidence)
    return passed(f"{runtime} is supported until {date.isoformat()}.", **evidence)
