"""The Lambda functions of the shop."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vedette.aws.demo.account import EVERYBODY, Account
from vedette.aws.demo.roles import WORKER_ROLE

LEAKED_PASSWORD = "quarto-vellum-1851"  # noqa: S105 - the leak that the audit is to find
CURRENT, ENDED = "python3.13", "python3.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function to create."""

    runtime: str = CURRENT
    environment: Mapping[str, str] = field(default_factory=dict)
    team: str = "shop"


def functions(account: Account) -> Mapping[str, Function]:
    """Name the functions; the nightly export is the one that nobody dares to touch."""
    database_secret = account.arn("secretsmanager", "secret:hlb/orders-database")
    return {
        "hlb-order-worker": Function(environment={"DATABASE_SECRET_ARN": database_secret}),
        "hlb-customer-export": Function(
            runtime=ENDED,
            environment={"DB_HOST": "orders.internal", "DB_PASSWORD": LEAKED_PASSWORD},
        ),
        "hlb-price-feed": Function(team="marketing"),
        "hlb-stock-webhook": Function(team="warehouse"),
        "hlb-cover-resizer": Function(runtime="nodejs22.x"),
    }


def create_functions(account: Account) -> None:
    """Create the functions, their URLs and who may call them."""
    client = account.client("lambda")
    code = _code()
    for name, function in functions(account).items():
        client.create_function(
            FunctionName=name,
            Runtime=function.runtime,
            Role=account.iam_arn(f"role/{WORKER_ROLE}"),
            Handler="app.handler",
            Code={"ZipFile": code},
            Environment={"Variables": dict(function.environment)},
            Tags={"team": function.team},
        )
    _open_url(client, "hlb-price-feed", "NONE")
    _open_url(client, "hlb-stock-webhook", "AWS_IAM")
    client.add_permission(
        FunctionName="hlb-order-worker",
        StatementId="orders",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=account.arn("sns", "hlb-orders"),
    )


def _open_url(client: Any, function: str, auth_type: str) -> None:
    client.create_function_url_config(FunctionName=function, AuthType=auth_type)
    if auth_type == "NONE":
        client.add_permission(
            FunctionName=function,
            StatementId="url",
            Action="lambda:InvokeFunctionUrl",
            Principal=EVERYBODY,
            FunctionUrlAuthType=auth_type,
        )


def _code() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", "def handler(event, context): return None\n")
    return archive.getvalue()
