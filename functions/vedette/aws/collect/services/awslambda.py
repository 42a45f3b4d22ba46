"""Reads Lambda functions; of environment variables only names and verdicts leave this module."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.policies import read_policy
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.awslambda import EnvironmentVariable, FunctionUrl, LambdaFunction
from vedette.resources.credentials import credential_in
from vedette.resources.facts import Fact
from vedette.resources.policy.document import PolicyDocument

FUNCTION = "function:"
GONE = "ResourceNotFoundException"
IMAGE = "Image"


def find_functions(reader: Reader, only: frozenset[str] | None) -> Iterator[LambdaFunction]:
    """Yield the functions of a region."""
    for stored in _all(reader) if only is None else _these(reader, only):
        yield LambdaFunction(
            arn=stored["FunctionArn"],
            id=stored["FunctionName"],
            account=reader.account,
            region=reader.region,
            package=stored.get("PackageType", "Zip"),
            runtime=_runtime(stored),
            environment=_environment(stored),
        )


def _all(reader: Reader) -> Iterator[dict[str, Any]]:
    yield from reader.pages("lambda:ListFunctions", "Functions", MaxItems=50)


def _these(reader: Reader, names: frozenset[str]) -> Iterator[dict[str, Any]]:
    for name in sorted(names):
        if reader.arn("lambda", FUNCTION + name) in reader.scope.only:
            answer = reader.optional("lambda:GetFunctionConfiguration", GONE, FunctionName=name)
            yield from [answer] if answer else []


def _runtime(stored: dict[str, Any]) -> Fact[str]:
    runtime = stored.get("Runtime")
    if runtime:
        return Fact.of(str(runtime))
    return Fact.unreadable("lambda:ListFunctions did not answer Runtime")


def _environment(stored: dict[str, Any]) -> Fact[tuple[EnvironmentVariable, ...]]:
    """Judge each variable and forget its value.

    Source: Lambda API Reference, EnvironmentResponse: it is absent where no variable is set, and
    holds an Error instead of Variables if the caller may not use the key that encrypts them.
    """
    environment = stored.get("Environment") or {}
    if "Error" in environment:
        code = environment["Error"].get("ErrorCode", "no code")
        return Fact.unreadable(f"lambda:ListFunctions could not decrypt the variables ({code})")
    variables = environment.get("Variables") or {}
    return Fact.of(
        tuple(
            EnvironmentVariable(name=name, credential=credential_in(name, value))
            for name, value in sorted(variables.items())
        )
    )


def _policy(reader: Reader, function: LambdaFunction) -> PolicyDocument:
    """Source: GetPolicy answers ResourceNotFoundException where a function has no policy."""
    answer = reader.optional("lambda:GetPolicy", GONE, FunctionName=function.id)
    return read_policy(answer["Policy"] if answer else None)


def _urls(reader: Reader, function: LambdaFunction) -> tuple[FunctionUrl, ...]:
    configured = reader.pages(
        "lambda:ListFunctionUrlConfigs",
        "FunctionUrlConfigs",
        FunctionName=function.id,
        MaxItems=50,
    )
    return tuple(
        FunctionUrl(function_arn=one["FunctionArn"], auth_type=one["AuthType"])
        for one in configured
    )


FUNCTIONS = Collector(
    kind=LambdaFunction,
    calls=("lambda:ListFunctions", "lambda:GetFunctionConfiguration"),
    find=find_functions,
    details=(
        fact("urls", "lambda:ListFunctionUrlConfigs", read=_urls),
        fact("policy", "lambda:GetPolicy", read=_policy),
        TAGS,
    ),
    arn_service="lambda",
    arn_prefix=FUNCTION,
    gone=frozenset({GONE}),
)
COLLECTORS = (FUNCTIONS,)
