"""Judges policy documents as IAM does, for what templates of ours contain.

It is written apart from `vedette.resources.policy`, so that neither hides a mistake of the other.
Whatever it does not know stops the test: a guess would prove nothing.

Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements: Condition operators".
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

Statement = Mapping[str, Any]
Context = Mapping[str, str]

# The keys that the harness can fill. One that is not in a request's context is missing from it.
KNOWN_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:sourceaccount",
        "aws:sourcearn",
        "kms:viaservice",
        "sts:externalid",
    }
)
IF_EXISTS: Final = "IfExists"
ARN_PARTS: Final = 6


class UnknownPolicyError(Exception):
    """A policy uses what this evaluator does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What is asked for: an IAM action on a resource."""

    action: str
    resource: str


def statements_of(document: Mapping[str, Any]) -> list[Statement]:
    """Return the statements of a policy document."""
    return listed(document["Statement"])


def listed(value: Any) -> list[Any]:
    """Return a value of which a policy may have one or several, as a list."""
    return list(value) if isinstance(value, list) else [value]


def denies(statements: Iterable[Statement], access: Access, context: Context) -> bool:
    """Tell whether a statement refuses explicitly."""
    return any(
        one["Effect"] == "Deny" and _is_about(one, access) and conditions_hold(one, context)
        for one in statements
    )


def allows(statements: Iterable[Statement], access: Access, context: Context) -> bool:
    """Tell whether a statement allows; an explicit denial elsewhere still wins."""
    return any(
        one["Effect"] == "Allow" and _is_about(one, access) and conditions_hold(one, context)
        for one in statements
    )


def conditions_hold(statement: Statement, context: Context) -> bool:
    """Tell whether all conditions of a statement hold. Raises UnknownPolicyError."""
    return all(
        _condition_holds(operator, key, listed(wanted), context)
        for operator, asked in statement.get("Condition", {}).items()
        for key, wanted in asked.items()
    )


def glob(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Match `*` and `?` as IAM does."""
    return _compiled(pattern, any_case).fullmatch(text) is not None


@lru_cache(maxsize=4_096)
def _compiled(pattern: str, any_case: bool) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    text = "".join(wild.get(one, re.escape(one)) for one in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if any_case else 0))


def _is_about(statement: Statement, access: Access) -> bool:
    if "NotAction" in statement or "NotResource" in statement:
        raise UnknownPolicyError(f"NotAction and NotResource are not for us: {statement}")
    return any(
        glob(one, access.action, any_case=True) for one in listed(statement["Action"])
    ) and any(glob(one, access.resource) for one in listed(statement.get("Resource", "*")))


def _condition_holds(operator: str, key: str, wanted: Sequence[Any], context: Context) -> bool:
    if key.lower() not in KNOWN_KEYS:
        raise UnknownPolicyError(f"the harness fills no condition key {key}")
    value = context.get(key.lower())
    if operator == "Null":
        return any(str(one).lower() == str(value is None).lower() for one in wanted)
    name = operator.removesuffix(IF_EXISTS)
    if name not in _OPERATORS:
        raise UnknownPolicyError(f"the harness knows no condition operator {operator}")
    if value is None:
        # A negated operator holds for a key that is missing.
        return operator.endswith(IF_EXISTS) or "Not" in name
    found = any(_OPERATORS[name](str(one), value) for one in wanted)
    return not found if "Not" in name else found


def _same(wanted: str, value: str) -> bool:
    return wanted == value


def _same_any_case(wanted: str, value: str) -> bool:
    return wanted.lower() == value.lower()


def _same_arn(wanted: str, value: str) -> bool:
    """Compare ARNs part by part: a wildcard does not reach over a colon, but for the last part."""
    ours, theirs = wanted.split(":", ARN_PARTS - 1), value.split(":", ARN_PARTS - 1)
    return len(ours) == len(theirs) and all(map(glob, ours, theirs))


_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "ArnEquals": _same_arn,
    "ArnLike": _same_arn,
    "ArnNotEquals": _same_arn,
    "ArnNotLike": _same_arn,
    "Bool": _same_any_case,
    "StringEquals": _same,
    "StringLike": glob,
    "StringNotEquals": _same,
    "StringNotLike": glob,
}
