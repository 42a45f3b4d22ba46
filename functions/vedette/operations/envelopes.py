"""EventBridge's envelopes as a queue hands them over, and which of them are taken for AWS's.

Whoever may write to a queue could make up what AWS has seen. The bus, the queues and their policies
keep everyone else out; here each envelope is looked at once more.

Source: Amazon EventBridge User Guide, "AWS service event metadata"; AWS CloudTrail User Guide,
"CloudTrail userIdentity element".
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from vedette.detection.event.record import text_at

# What SQS takes at most, in bytes.
LARGEST: Final = 1_048_576
DEEPEST: Final = 100
AWS_SOURCE: Final = "aws."
CLOUDTRAIL: Final = frozenset(
    {
        "AWS API Call via CloudTrail",
        "AWS Console Action via CloudTrail",
        "AWS Console Sign In via CloudTrail",
        "AWS Console Signin via CloudTrail",
        "AWS Service Event via CloudTrail",
        "AWS Insight via CloudTrail",
    }
)
_LONGEST_ID: Final = 200
_REGION: Final = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}|global", re.ASCII)
# Only of these does the ARN belong to the account that the record names beside it.
_OF_ONE_ACCOUNT: Final = frozenset({"IAMUser", "Root", "AssumedRole", "FederatedUser"})
_ARN_PARTS: Final = 6


class Refusal(StrEnum):
    """Why a message is not taken for an event of AWS; it is counted and not tried again."""

    TOO_LARGE = "too large"
    NOT_JSON = "not JSON"
    TOO_DEEP = "nested too deep"
    MALFORMED = "not an envelope"
    FORGED_SOURCE = "its source is not AWS"
    FOREIGN_ACCOUNT = "its account is not ours"
    CONTRADICTORY = "its record belongs to another account"

    @property
    def is_forgery(self) -> bool:
        """Tell whether somebody made it up, rather than garbled it."""
        return self in _FORGERIES


_FORGERIES: Final = frozenset(
    {Refusal.FORGED_SOURCE, Refusal.FOREIGN_ACCOUNT, Refusal.CONTRADICTORY}
)


class RefusedError(Exception):
    """A message is not taken for an event of AWS. The message says no more than why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An event as EventBridge delivers it. `time` is when AWS told it, in UTC."""

    id: str
    source: str
    kind: str
    account: str
    region: str
    time: datetime
    resources: tuple[str, ...]
    detail: Mapping[str, Any]

    @property
    def is_cloudtrail(self) -> bool:
        """Tell whether `detail` is a record of CloudTrail."""
        return self.kind in CLOUDTRAIL


def read_envelope(body: str, accounts: Set[str]) -> Envelope:
    """Read a message's body. Raises RefusedError for all but an event of AWS in our accounts."""
    envelope = _parsed(body)
    if not envelope.source.startswith(AWS_SOURCE):
        raise RefusedError(Refusal.FORGED_SOURCE)
    if envelope.account not in accounts:
        raise RefusedError(Refusal.FOREIGN_ACCOUNT)
    if envelope.is_cloudtrail and _is_contradictory(envelope):
        raise RefusedError(Refusal.CONTRADICTORY)
    return envelope


def _parsed(body: str) -> Envelope:
    if len(body) > LARGEST:
        raise RefusedError(Refusal.TOO_LARGE)
    try:
        value = orjson.loads(body)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise RefusedError(Refusal.NOT_JSON) from error
    if not isinstance(value, dict):
        raise RefusedError(Refusal.MALFORMED)
    if _is_deep(value):
        raise RefusedError(Refusal.TOO_DEEP)
    return _envelope(value)


def _envelope(value: Mapping[str, Any]) -> Envelope:
    detail, resources = value.get("detail"), value.get("resources")
    texts = [value.get(name) for name in ("id", "source", "detail-type", "account", "region")]
    time = parsed_time(value.get("time"))
    if (
        not isinstance(detail, dict)
        or time is None
        or not all(isinstance(one, str) and 0 < len(one) <= _LONGEST_ID for one in texts)
        or not _REGION.fullmatch(str(value["region"]))
    ):
        raise RefusedError(Refusal.MALFORMED)
    named = resources if isinstance(resources, list) else []
    return Envelope(
        id=str(value["id"]),
        source=str(value["source"]),
        kind=str(value["detail-type"]),
        account=str(value["account"]),
        region=str(value["region"]),
        time=time,
        resources=tuple(one for one in named if isinstance(one, str)),
        detail=detail,
    )


def parsed_time(value: object) -> datetime | None:
    """Read an ISO 8601 time, in UTC where it names no offset; None if it is none."""
    if not isinstance(value, str) or len(value) > _LONGEST_ID:
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _is_contradictory(envelope: Envelope) -> bool:
    """Tell whether a record names another account than its envelope, or than itself."""
    recipient = text_at(envelope.detail, "recipientAccountId")
    if recipient is not None and recipient != envelope.account:
        return True
    if text_at(envelope.detail, "userIdentity", "type") not in _OF_ONE_ACCOUNT:
        return False
    caller = text_at(envelope.detail, "userIdentity", "accountId")
    parts = (text_at(envelope.detail, "userIdentity", "arn") or "").split(":", _ARN_PARTS - 1)
    return caller is not None and len(parts) == _ARN_PARTS and parts[4] not in ("", caller)


def _is_deep(value: object) -> bool:
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [
            entry
            for one in level
            for entry in (one.values() if isinstance(one, dict) else one)
            if isinstance(entry, dict | list)
        ]
        if not level:
            return False
    return True
