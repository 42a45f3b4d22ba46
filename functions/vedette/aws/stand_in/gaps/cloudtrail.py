"""Mends of CloudTrail: the selectors of a new trail, and what moto says of trails in lists.

Source: CloudTrail API Reference, GetEventSelectors, Trail and GetTrailStatus.
"""

from datetime import UTC, datetime
from typing import Any

from vedette.aws.stand_in.gaps.exchange import Exchange, Mend
from vedette.aws.stand_in.wire import Result

MANAGEMENT_EVENTS = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def _default_selectors(_: Exchange, result: Result) -> None:
    """A trail logs management events until it is told otherwise; moto has no selector at first."""
    if not result.get("EventSelectors") and not result.get("AdvancedEventSelectors"):
        result["EventSelectors"] = [MANAGEMENT_EVENTS]


def _describe_as_cloudtrail_does(exchange: Exchange, result: Result) -> None:
    """Say whether selectors were set (moto: never), and name the KMS key by its ARN."""
    for listed in result["trailList"]:
        trail = _trail(exchange, listed["TrailARN"])
        if trail.event_selectors or trail.advanced_event_selectors:
            listed["HasCustomEventSelectors"] = True
        key = listed.get("KmsKeyId", "")
        if key and not key.startswith("arn:"):
            listed["KmsKeyId"] = _key_arn(listed["TrailARN"], key)


def _deliver_to_log_group(exchange: Exchange, result: Result) -> None:
    """A trail that logs to a log group has delivered to it lately; moto never says so."""
    trail = _trail(exchange, exchange.parameters["Name"])
    if result.get("IsLogging") and trail.cw_log_group_arn:
        result["LatestCloudWatchLogsDeliveryTime"] = datetime.now(UTC)


def _trail(exchange: Exchange, name_or_arn: str) -> Any:
    region = name_or_arn.split(":")[3] if ":" in name_or_arn else exchange.call.region
    return exchange.backend("cloudtrail", region).trails[name_or_arn.rpartition("/")[2]]


def _key_arn(trail_arn: str, key: str) -> str:
    _, partition, _, region, account, _ = trail_arn.split(":", 5)
    return f"arn:{partition}:kms:{region}:{account}:{key if '/' in key else f'key/{key}'}"


MENDS: dict[str, Mend] = {
    "cloudtrail:DescribeTrails": _describe_as_cloudtrail_does,
    "cloudtrail:GetEventSelectors": _default_selectors,
    "cloudtrail:GetTrailStatus": _deliver_to_log_group,
}
