"""Tells what an exclusion rests on: on who AWS says is calling, or on what callers set themselves.

User agents, session names and request parameters are the caller's to choose. An exclusion must not
hold by them alone, in none of the ways in which it can hold.
"""

import re
from typing import Final

from vedette.configuration.content import ContentProblem
from vedette.detection.compile.documents import Document
from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledExclusion,
    Condition,
    Exists,
    Not,
    Text,
    fields_read,
    inlined,
)

_ISSUER: Final = "userIdentity.sessionContext.sessionIssuer.arn"
_ARN_FIELDS: Final = frozenset({"userIdentity.arn", _ISSUER, "vedette.principal"})
# Complete up to the name, account and all; behind the role of a session its name may be anything.
_PRINCIPAL_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:(iam::[0-9]{12}:(user|role)/[^*?]*[^*?/]"
    r"|sts::[0-9]{12}:assumed-role/[^*?/]+/.*)"
)
_SESSIONS_OF_ROLE: Final = re.compile(r"arn:aws[a-z-]*:sts::[0-9]{12}:assumed-role/[^*?/]+/.*")
# Only AWS creates roles below this path, and only its services can take them.
_SERVICE_ROLES: Final = ":role/aws-service-role/"
_SERVICE_ITSELF: Final = {"userIdentity.type": "AWSService", "eventType": "AwsServiceEvent"}
_INVOKED_BY: Final = "userIdentity.invokedBy"
# Nobody but AWS can set a tag of this name. A request can ask for it, and is turned down.
_RESERVED_TAG: Final = "aws:"
_ANSWER: Final = "responseElements."


def fault_of(exclusion: CompiledExclusion, document: Document) -> ContentProblem | None:
    """Say that an exclusion can hold by what callers set alone, and where it stands, if it can.

    One of Vedette's own must not. One that somebody else wrote may: it still hides nothing, and
    never reaches what `vedette.detection.never_quiet` names.
    """
    if _is_anchored(inlined(exclusion.condition, exclusion.selections), holds=True):
        return None
    fields = sorted(field or "any value" for field in fields_read(exclusion))
    message = (
        f"it can hold by what callers set ({', '.join(fields)}); it should ask for the full ARN of "
        "a principal, or for what AWS itself sets"
    )
    return document.problem(("filter",), message)


def _is_anchored(condition: Condition, *, holds: bool) -> bool:
    """Tell whether a condition takes what AWS says in order to hold, or in order not to hold."""
    match condition:
        case Not(part):
            return _is_anchored(part, holds=not holds)
        case AllOf(parts) | AnyOf(parts):
            one_suffices = isinstance(condition, AllOf) == holds
            each = (_is_anchored(part, holds=holds) for part in parts)
            return any(each) if one_suffices else all(each)
    return holds and _is_told_by_aws(condition)


def _is_told_by_aws(predicate: Condition) -> bool:
    match predicate:
        case Text(str(field), operator, values):
            return all(_tells(field, operator, value) for value in values)
        case Exists(field):
            return field == _INVOKED_BY
    return False


def _tells(field: str, operator: str, value: str) -> bool:
    if field in _ARN_FIELDS:
        return _names_principal(field, operator, value)
    if field in _SERVICE_ITSELF:
        return operator == "is" and value.lower() == _SERVICE_ITSELF[field].lower()
    if field.startswith(_ANSWER) and field.endswith(".key"):
        return operator in {"is", "starts"} and value.startswith(_RESERVED_TAG)
    return field == _INVOKED_BY


def _names_principal(field: str, operator: str, value: str) -> bool:
    if field == _ISSUER and operator == "contains" and value.startswith(_SERVICE_ROLES):
        return True
    if operator == "starts":
        return _SESSIONS_OF_ROLE.fullmatch(value) is not None
    return operator in {"is", "like"} and _PRINCIPAL_ARN.fullmatch(value) is not None
