"""Lambda function keeps secrets out of its environment variables.

Why: everyone who may read the function's configuration, which is part of AWS's ReadOnlyAccess,
reads its environment variables in plain text, and so do logs and crash reports.
Fix: put the value into Secrets Manager or an SSM SecureString, give the function only its name, and
read it at start. Then change the secret, since it has been readable.

    aws secretsmanager create-secret --name NAME --secret-string file://secret
    aws lambda update-function-configuration --function-name NAME --environment file://env.json

Note: judged by the form of each value and by the variable's name; the values themselves are neither
kept nor shown. Name a variable that holds only a reference accordingly, such as DB_SECRET_ARN.
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
from vedette.resources.awslambda import EnvironmentVariable, LambdaFunction
from vedette.resources.credentials import CredentialKind

SHOWN = 5
STAGE = EnvironmentVariable(name="STAGE")
PASSWORD = EnvironmentVariable(name="DB_PASSWORD", credential=CredentialKind.NAMED_PASSWORD)
ACCESS_KEY = EnvironmentVariable(name="UPLOADER", credential=CredentialKind.AWS_ACCESS_KEY_ID)


def function(*variables: EnvironmentVariable) -> LambdaFunction:
    return LambdaFunction.sample(environment=variables)


UNREADABLE = LambdaFunction.sample(environment=Fact.unreadable("KMSAccessDenied"))


@posture_rule(
    LambdaFunction,
    severity=Severity.HIGH,
    reads=((LambdaFunction, "environment"),),
    examples=(
        Example("there are no variables", function(), PASSED),
        Example("nothing looks like a secret", function(STAGE), PASSED),
        Example("a name promises a password", function(STAGE, PASSWORD), FAILED),
        Example("a value has the form of a key", function(ACCESS_KEY), FAILED),
        Example("the variables cannot be decrypted", UNREADABLE, UNKNOWN),
    ),
)
def rule(function: LambdaFunction, context: Context[NoParameters]) -> Judgement:
    found = {
        one.name: one.credential.value
        for one in known(function.environment)
        if one.credential is not None
    }
    if not found:
        return passed("No variable looks like a secret.")
    shown = ", ".join(f"{name} ({kind})" for name, kind in list(found.items())[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return failed(f"These look like secrets: {shown}{more}.", variables=found)
