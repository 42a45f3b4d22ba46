"""Snapshots of Lambda functions; never the values of their environment variables."""

from typing import ClassVar

from vedette.resources.credentials import CredentialKind
from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import Resource, Value


class FunctionUrl(Value):
    """One function URL: what it calls (the function's ARN, with an alias) and how it authenticates.

    `auth_type` is AWS_IAM or NONE.
    """

    function_arn: str
    auth_type: str


class EnvironmentVariable(Value):
    """One environment variable: its name and the kind of credential that its value looks like."""

    name: str
    credential: CredentialKind | None = None


class LambdaFunction(Resource):
    """One function ($LATEST); its id is its name.

    `package` is Zip or Image; images have no runtime. `policy` is that of the unqualified function,
    without statements where there is none.
    """

    type: ClassVar[str] = "AWS::Lambda::Function"
    service: ClassVar[str] = "awslambda"

    package: str = "Zip"
    runtime: Fact[str] = NOT_COLLECTED
    environment: Fact[tuple[EnvironmentVariable, ...]] = NOT_COLLECTED
    policy: Fact[PolicyDocument] = NOT_COLLECTED
    urls: Fact[tuple[FunctionUrl, ...]] = NOT_COLLECTED
