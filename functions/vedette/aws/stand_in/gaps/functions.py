"""Mends of Lambda: function URLs, and the policy statements that AddPermission writes."""

import json
import re
from typing import Any

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Mend
from vedette.aws.stand_in.wire import Result

ACCOUNT_ID = re.compile(r"\d{12}")
NOT_FOUND = 404


def _list_function_url_configs(exchange: Exchange) -> Answer:
    """List the URL that CreateFunctionUrlConfig left in moto; it has no operation to list it.

    Source: Lambda API Reference, ListFunctionUrlConfigs.
    """
    name = exchange.parameters["FunctionName"].rpartition(":")[2]
    backend = exchange.backend("lambda")
    function = next((one for one in backend.list_functions() if one.function_name == name), None)
    if function is None:
        return exchange.refuse(
            "ResourceNotFoundException", f"Function not found: {name}", NOT_FOUND
        )
    config = function.url_config
    return exchange.reply({"FunctionUrlConfigs": [config.to_dict()] if config else []})


def _write_statements_as_lambda_does(exchange: Exchange, result: Result) -> None:
    """Turn what AddPermission was asked for into a principal and a condition.

    moto leaves `FunctionUrlAuthType` beside the condition and an account's id bare. Source: Lambda
    Developer Guide, "Control access to Lambda function URLs" and "Granting access to accounts".
    """
    policy = json.loads(result["Policy"])
    for statement in policy["Statement"]:
        _mend_statement(statement, exchange.partition)
    result["Policy"] = json.dumps(policy)


def _mend_statement(statement: dict[str, Any], partition: str) -> None:
    auth_type = statement.pop("FunctionUrlAuthType", None)
    if auth_type is not None:
        equals = statement.setdefault("Condition", {}).setdefault("StringEquals", {})
        equals["lambda:FunctionUrlAuthType"] = auth_type
    principal = statement["Principal"]
    if isinstance(principal, str) and ACCOUNT_ID.fullmatch(principal):
        principal = f"arn:{partition}:iam::{principal}:root"
    if isinstance(principal, str) and principal.startswith("arn:"):
        statement["Principal"] = {"AWS": principal}


GAPS: dict[str, Gap] = {"lambda:ListFunctionUrlConfigs": _list_function_url_configs}
MENDS: dict[str, Mend] = {"lambda:GetPolicy": _write_statements_as_lambda_does}
