"""Functions with every sort of runtime, environment, policy and URL."""

import io
import json
import zipfile
from typing import Any

from tests.aws.truth.world import ACCOUNT, Aws, World

SUPPORTED = "python3.14"


def code() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("app.py", "def handler(event, context): ...\n")
    return archive.getvalue()


def create(aws: Aws, name: str, runtime: str = SUPPORTED, **variables: str) -> None:
    aws("lambda").create_function(
        FunctionName=name,
        Runtime=runtime,
        Role=f"arn:aws:iam::{ACCOUNT}:role/functions",
        Handler="app.handler",
        Code={"ZipFile": code()},
        Environment={"Variables": variables},
    )


def permit(aws: Aws, name: str, principal: str, **more: Any) -> None:
    permission = {"StatementId": "one", "Action": "lambda:InvokeFunction"} | more
    aws("lambda").add_permission(FunctionName=name, Principal=principal, **permission)


def seed(aws: Aws) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    aws("iam").create_role(
        RoleName="functions",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    create(aws, "plain")
    create(aws, "old", runtime="python3.7")
    seed_environments(aws)
    seed_policies(aws)
    for name, auth_type in (("signed-url", "AWS_IAM"), ("open-url", "NONE")):
        create(aws, name)
        aws("lambda").create_function_url_config(FunctionName=name, AuthType=auth_type)
    url = {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
    permit(aws, "open-url", "*", **url)


def seed_environments(aws: Aws) -> None:
    create(aws, "password", DB_PASSWORD="hunter2supersecret")  # noqa: S106
    create(aws, "access-key", SETTING="AKIA" + "IOSFODNN7EXAMPLE")
    create(
        aws,
        "references",
        SECRET_ARN=f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-AbCdEf",
        DB_PASSWORD="/prod/db/password",  # noqa: S106
        PASSWORD_SECRET_NAME="prod-db",  # noqa: S106
    )


def seed_policies(aws: Aws) -> None:
    create(aws, "invoked-by-bucket")
    permit(
        aws,
        "invoked-by-bucket",
        "s3.amazonaws.com",
        SourceArn="arn:aws:s3:::uploads",
        SourceAccount=ACCOUNT,
    )
    create(aws, "invoked-by-any-bucket")
    permit(aws, "invoked-by-any-bucket", "s3.amazonaws.com")
    create(aws, "invoked-by-anyone")
    permit(aws, "invoked-by-anyone", "*")


WORLDS = (
    World(
        name="functions",
        seed=seed,
        verdicts={
            "awslambda/function_runtime_is_supported": {"plain": "PASSED", "old": "FAILED"},
            "awslambda/function_environment_holds_no_secrets": {
                "plain": "PASSED",
                "references": "PASSED",
                "password": "FAILED",
                "access-key": "FAILED",
            },
            "awslambda/function_policy_is_not_public": {
                "plain": "PASSED",
                "invoked-by-bucket": "PASSED",
                "invoked-by-any-bucket": "FAILED",
                "invoked-by-anyone": "FAILED",
                "open-url": "FAILED",
            },
            "awslambda/function_url_requires_authentication": {
                "plain": "PASSED",
                "signed-url": "PASSED",
                "open-url": "FAILED",
            },
        },
    ),
)
