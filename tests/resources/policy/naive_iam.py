"""IAM's evaluation of one request, written plainly: the oracle of the exposure tests.

Follows IAM User Guide, "Policy evaluation logic" and "Condition operators", for what these tests
use and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request: the account that signed it (None: nobody did) and its condition keys."""

    account: str | None
    action: str
    resource: str
    keys: Mapping[str, str]


def is_allowed(statements: Sequence[Json], request: Request) -> bool:
    applying = {one["Effect"] for one in statements if _applies(one, request)}
    return applying == {"Allow"}


def _applies(statement: Json, request: Request) -> bool:
    return (
        _speaks_of(statement, request)
        and _lists(statement, "Action", request.action.lower(), fold=True)
        and _lists(statement, "Resource", request.resource, fold=False)
        and all(
            _holds(operator, request.keys.get(key.lower()), values)
            for operator, block in statement.get("Condition", {}).items()
            for key, values in block.items()
        )
    )


def _speaks_of(statement: Json, request: Request) -> bool:
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], request)
    return _names(statement["Principal"], request)


def _names(principal: Any, request: Request) -> bool:
    if principal == "*":
        return True
    named = principal["AWS"]
    return any(
        text == "*" or (request.account is not None and request.account in text)
        for text in ([named] if isinstance(named, str) else named)
    )


def _lists(statement: Json, element: str, name: str, *, fold: bool) -> bool:
    negated = f"Not{element}" in statement
    patterns = statement[f"Not{element}" if negated else element]
    found = any(fnmatchcase(name, text.lower() if fold else text) for text in patterns)
    return found != negated


def _holds(operator: str, value: str | None, values: list[str]) -> bool:
    prefix, _, name = operator.rpartition(":")
    optional = name.endswith("IfExists") or prefix == "ForAllValues"
    name = name.removesuffix("IfExists")
    if name == "Null":
        return (value is None) == (values == ["true"])
    negated = "Not" in name
    if value is None:
        return optional or (negated and prefix != "ForAnyValue")
    return any(_equal(name.replace("Not", ""), value, text) for text in values) != negated


def _equal(operator: str, value: str, text: str) -> bool:
    if operator == "IpAddress":
        return ip_address(value) in ip_network(text)
    if operator == "ArnLike":
        parts = (value.split(":", 5), text.split(":", 5))
        return len(parts[1]) == 6 and all(map(fnmatchcase, *parts))
    return fnmatchcase(value, text) if operator == "StringLike" else value == text
