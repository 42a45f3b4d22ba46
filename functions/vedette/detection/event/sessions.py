"""What a record tells of credentials that were given, and of what a call acted on.

Sources: AWS Security Token Service API Reference; AWS CloudTrail User Guide, "CloudTrail record
contents".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vedette.detection.event.principal import partition_of, principal
from vedette.detection.event.record import Record, account, event_name, event_time, region, text_at
from vedette.findings.case import SessionLink

CREDENTIAL_CALLS: Final = frozenset(
    {
        *("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot"),
        *("GetFederationToken", "GetSessionToken"),
    }
)
_MOST_TOUCHED: Final = 20
_IDENTITIES: Final = {"userName": "user", "roleName": "role", "groupName": "group"}


def session_link(record: Record) -> SessionLink | None:
    """Return who was given which credentials by a call, or None if nobody was."""
    if event_name(record) not in CREDENTIAL_CALLS:
        return None
    time, source = event_time(record), principal(record)
    key = text_at(record, "responseElements", "credentials", "accessKeyId")
    session = text_at(record, "responseElements", "assumedRoleUser", "arn")
    if time is None or source is None or (key is None and session is None):
        return None
    return SessionLink(
        time=time, source=source, source_key=access_key(record), key=key, session=session
    )


def access_key(record: Record) -> str | None:
    """Return the access key with which a call was signed."""
    return text_at(record, "userIdentity", "accessKeyId")


def touched(record: Record) -> tuple[str, ...]:
    """Return what a call acted on or made, at most twenty ARNs and ids of access keys.

    Users and roles are given as `principal` gives them, so that what they do later is tied to it.
    """
    return tuple(dict.fromkeys(_touched(record)))[:_MOST_TOUCHED]


def _touched(record: Record) -> Iterator[str]:
    if made := text_at(record, "responseElements", "accessKey", "accessKeyId"):
        yield made
    owner = account(record)
    for name, kind in _IDENTITIES.items():
        named = text_at(record, "requestParameters", name)
        if named and owner and record.get("eventSource") == "iam.amazonaws.com":
            yield f"arn:{partition_of(region(record))}:iam::{owner}:{kind}/{named}"
    if bucket := text_at(record, "requestParameters", "bucketName"):
        yield f"arn:{partition_of(region(record))}:s3:::{bucket}"
    for one in _listed(record.get("resources")):
        arn = text_at(one, "ARN")
        # The role that is assumed is not acted on: everybody who uses it would be one story.
        if arn and event_name(record) not in CREDENTIAL_CALLS:
            yield arn


def _listed(value: Any) -> list[Mapping[str, Any]]:
    entries = value[:_MOST_TOUCHED] if isinstance(value, list) else []
    return [one for one in entries if isinstance(one, Mapping)]
