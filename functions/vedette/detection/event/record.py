"""What every part of detection asks of one record.

A record is what somebody put into a file, so any member may be absent, null or of another type.
Nothing here raises for that: what is not as CloudTrail writes it counts as absent.

Source: AWS CloudTrail User Guide, "CloudTrail record contents".
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeGuard

from vedette.detection.extensions import Outcome
from vedette.findings.bounds import bounded

Record: TypeAlias = Mapping[str, Any]

_LONGEST_TEXT: Final = 2_048
_LONGEST_TIME: Final = 40
_LAST_SECOND: Final = 2**32 - 1
# EC2 says Client.UnauthorizedOperation, most services AccessDenied or AccessDeniedException.
_DENIAL_PARTS: Final = ("accessdenied", "unauthorized", "notauthorized", "authorizationerror")
_DENIAL_CODES: Final = frozenset({"client.authfailure", "forbidden", "forbiddenexception"})
SIGN_IN: Final = frozenset(
    {"ConsoleLogin", "SwitchRole", "UserAuthentication", "CredentialVerification"}
)


def text_at(record: Any, *path: str) -> str | None:
    """Return the text at a path of members, if there is one that is neither empty nor endless."""
    value = record
    for name in path:
        # Not `Mapping`: to ask that takes several times as long, and JSON makes nothing else.
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    if not isinstance(value, str) or not value:
        return None
    return value[:_LONGEST_TEXT]


def event_time(record: Record) -> int | None:
    """Return when the call was made, in whole seconds since 1970 (UTC), as CloudTrail knows it."""
    written = record.get("eventTime")
    return _parsed_time(written) if isinstance(written, str) else None


def moment(second: int) -> datetime:
    """Return a second as a time in UTC."""
    return datetime.fromtimestamp(second, UTC)


@lru_cache(maxsize=16_384)
def _parsed_time(text: str) -> int | None:
    if len(text) > _LONGEST_TIME:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    try:
        second = int(aware.timestamp())
    except OverflowError:
        return None
    return second if 0 <= second <= _LAST_SECOND else None


def event_id(record: Record) -> str:
    """Return the id of the event; one that bears none is identified by its content."""
    given = record.get("eventID")
    if is_event_id(given):
        return given
    content = json.dumps(bounded(record), sort_keys=True).encode()
    return f"content-{hashlib.blake2b(content, digest_size=16).hexdigest()}"


def is_event_id(given: Any) -> TypeGuard[str]:
    """Tell whether what stands as the id of an event can serve as one."""
    return isinstance(given, str) and 0 < len(given) <= _LONGEST_TEXT


def account(record: Record) -> str | None:
    """Return the account in whose trail the event stands."""
    return text_at(record, "recipientAccountId") or caller_account(record)


def caller_account(record: Record) -> str | None:
    """Return the account of whoever called."""
    return text_at(record, "userIdentity", "accountId")


def region(record: Record) -> str | None:
    """Return the region in which the call was made."""
    return text_at(record, "awsRegion")


def source_ip(record: Record) -> str | None:
    """Return the source as CloudTrail gives it: an address, or the name of an AWS service."""
    return text_at(record, "sourceIPAddress")


def event_name(record: Record) -> str | None:
    """Return the name of the call."""
    return text_at(record, "eventName")


def event_source(record: Record) -> str | None:
    """Return the service that was called, such as `iam.amazonaws.com`."""
    return text_at(record, "eventSource")


def outcome(record: Record) -> Outcome:
    """Tell whether the call succeeded, was denied for lack of permission, or failed otherwise.

    A failed sign-in bears no error code: the response says it, or the error message alone.
    """
    has_message = text_at(record, "errorMessage") is not None
    told = outcome_told_by(text_at(record, "errorCode"), has_message=has_message)
    if told != "success" or event_name(record) not in SIGN_IN:
        return told
    answers = (record.get("responseElements"), record.get("serviceEventDetails"))
    return "failed" if any(map(_tells_failure, answers)) else "success"


def outcome_told_by(code: str | None, *, has_message: bool) -> Outcome:
    """Return the outcome of a call that is no sign-in by its error code and message."""
    if code:
        return "denied" if is_denial(code) else "failed"
    return "failed" if has_message else "success"


def _tells_failure(answer: Any) -> bool:
    return isinstance(answer, dict) and any(answer.get(name) == "Failure" for name in SIGN_IN)


def joint_outcome(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Return the outcome of several calls together: success if one succeeded, else denied first."""
    found = set(outcomes)
    order: tuple[Outcome, ...] = ("success", "denied", "failed")
    return next((one for one in order if one in found), None)


def is_denial(code: str) -> bool:
    """Tell whether an error code says that the caller lacks permission."""
    lowered = code.lower()
    return lowered in _DENIAL_CODES or any(part in lowered for part in _DENIAL_PARTS)
