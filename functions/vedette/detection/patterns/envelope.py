"""Puts a CloudTrail record into the envelope in which EventBridge delivers it.

Source: Amazon EventBridge Events Reference, "AWS service events delivered via AWS CloudTrail".
"""

from collections.abc import Mapping
from typing import Any, Final

from vedette.detection.event.record import account, event_id, event_source, region

_CALL: Final = "AWS API Call via CloudTrail"
_DETAIL_TYPES: Final = {
    "AwsConsoleSignIn": "AWS Console Sign In via CloudTrail",
    "AwsConsoleAction": "AWS Console Action via CloudTrail",
    "AwsServiceEvent": "AWS Service Event via CloudTrail",
    "AwsCloudTrailInsight": "AWS Insight via CloudTrail",
}


def envelope_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event that EventBridge makes of a record."""
    service = (event_source(record) or "").removesuffix(".amazonaws.com")
    kind = record.get("eventType")
    return {
        "version": "0",
        "id": event_id(record),
        "detail-type": _DETAIL_TYPES.get(kind, _CALL) if isinstance(kind, str) else _CALL,
        "source": f"aws.{service}",
        "account": account(record) or "",
        "time": record.get("eventTime"),
        "region": region(record) or "",
        "resources": [],
        "detail": record,
    }


def is_left_out_by_default(record: Mapping[str, Any]) -> bool:
    """Tell whether only a rule for all management events gets this one: a call that only reads."""
    return record.get("readOnly") is True and record.get("managementEvent") is not False
