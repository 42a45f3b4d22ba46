"""What EventBridge can be asked about one field, and which fields it is asked about.

A question is the JSON of one entry in a pattern's list, as text, so that it can be compared and
sorted. It lets through at least what the Sigma predicate matches. Sigma compares regardless of
case; EventBridge can do so for whole values, beginnings and ends, but not inside of a value.

Source: Amazon EventBridge User Guide, "Comparison operators for use in event patterns".
"""

import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final, TypeAlias

from vedette.detection.conditions import Exists, Null, Pattern, Predicate, Text
from vedette.detection.text import folded

Question: TypeAlias = str
MOST_SPELLINGS: Final = 4
# AWS alone writes these, one value each, so that Sigma and EventBridge read the same of them.
BY_AWS: Final = frozenset(
    {
        "eventSource",
        "eventName",
        "errorCode",
        "eventType",
        "userIdentity.type",
        "userIdentity.userName",
        "userIdentity.principalId",
        "userIdentity.sessionContext.ec2RoleDelivery",
        "userIdentity.sessionContext.assumedRoot",
        "vpcEndpointAccountId",
        "sessionCredentialFromConsole",
    }
)
# The caller's own word, of which EventBridge sees the same text.
BY_CALLER: Final = frozenset({"userAgent"})
# true or false, in some records as text: Sigma makes no difference.
TRUTHS: Final = frozenset({"requestParameters.omitted", "managementEvent"})
# In every record of a call, so that to ask whether they are there asks nothing.
ALWAYS_THERE: Final = frozenset({"eventSource", "eventName", "eventType", "userAgent"})
FIELDS: Final = BY_AWS | BY_CALLER | TRUTHS
# AWS spells these codes with capitals inside: a word of a rule that does so too is spelt alike.
SPELT_BY_AWS: Final = frozenset({"errorCode"})
PRESENT: Final = '{"exists":true}'
ABSENT: Final = '{"exists":false}'
_WILD: Final = "*\\"


def questions(predicate: Predicate) -> tuple[Question, ...] | None:
    """Return what to ask instead of a predicate, any of which may hold; None if nothing can be."""
    asked = _asked(predicate) if predicate.field in FIELDS else None
    if asked is None or (PRESENT in asked and predicate.field in ALWAYS_THERE):
        return None
    return asked


def _asked(predicate: Predicate) -> tuple[Question, ...] | None:
    field = predicate.field
    match predicate:
        case Text(_, "is", values) if field in TRUTHS:
            return _truths({folded(one) for one in values})
        case Text() if field is not None and field not in TRUTHS:
            asked = set(_of_text(field, predicate))
            return tuple(sorted({PRESENT} if PRESENT in asked else asked))
        case Null():
            return (ABSENT, "null")
        case Exists() | Pattern():
            return (PRESENT,)
    return None


def values_asked(asked: Iterable[Question]) -> frozenset[str] | None:
    """Return the values that questions ask for, regardless of case; None if they ask for more."""
    found = set()
    for one in asked:
        question = json.loads(one)
        value = question.get("equals-ignore-case") if isinstance(question, dict) else question
        if not isinstance(value, str):
            return None
        found.add(folded(value))
    return frozenset(found)


def beginning_asked(question: Question) -> str | None:
    """Return how every value begins that a question lets through, or None if it does not say."""
    asked = json.loads(question)
    value = asked.get("prefix") if isinstance(asked, dict) else None
    if isinstance(value, dict):
        value = value.get("equals-ignore-case")
    return value if isinstance(value, str) else None


def written(question: Any) -> Question:
    """Return a question as its text."""
    return json.dumps(question, separators=(",", ":"), sort_keys=True)


def _truths(wanted: Iterable[str]) -> tuple[Question, ...]:
    asked = [(one, written({"equals-ignore-case": one})) for one in ("true", "false")]
    return tuple(question for pair in asked if pair[0] in wanted for question in pair)


def _of_text(field: str, predicate: Text) -> Iterator[Question]:
    for value in predicate.values:
        if predicate.operator in ("is", "starts", "ends"):
            yield _exact(predicate.operator, value, cased=predicate.cased)
        elif (spellings := _spellings(field, predicate, value)) is None:
            yield PRESENT
        else:
            yield from (written({"wildcard": one}) for one in spellings)


def _exact(operator: str, value: str, *, cased: bool) -> Question:
    if not value:
        # Every text begins and ends with nothing, and EventBridge takes no empty prefix.
        return written("") if operator == "is" else PRESENT
    if operator == "is":
        return written(value if cased else {"equals-ignore-case": value})
    place = "prefix" if operator == "starts" else "suffix"
    return written({place: value if cased else {"equals-ignore-case": value}})


def _spellings(field: str, predicate: Text, value: str) -> list[str] | None:
    """Return wildcards for a text inside of a value; None if case would need too many.

    Nor are there any for no text at all, which is inside of every value.
    """
    if not value or predicate.operator == "like" or any(one in value for one in _WILD):
        return None
    if predicate.cased:
        return [f"*{value}*"]
    if field in SPELT_BY_AWS and value.isascii() and value.lower() != value:
        return [f"*{value}*", f"*{value.lower()}*"]
    letters = sum(map(str.isalpha, value))
    if not value.isascii() or 2**letters > MOST_SPELLINGS:
        return None
    cases = [(one.lower(), one.upper()) if one.isalpha() else (one,) for one in value]
    return [f"*{''.join(one)}*" for one in product(*cases)]
