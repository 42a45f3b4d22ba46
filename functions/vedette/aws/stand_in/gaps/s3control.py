"""Mends of S3 Control: an access point belongs to one region, where moto shows it in all.

Source: Amazon S3 User Guide, "Managing access with access points".
"""

from typing import Any

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Guard, Mend
from vedette.aws.stand_in.wire import Result


def hide_access_points_of_other_regions(exchange: Exchange) -> Answer | None:
    """Answer that an access point does not exist where it was not created."""
    name = exchange.call.labels.get("name")
    if exchange.call.service != "s3control" or name is None:
        return None
    point = _points(exchange).get(name)
    if point is None or _region(point.arn) == exchange.call.region:
        return None
    return exchange.refuse(
        "NoSuchAccessPoint", "The specified accesspoint does not exist", status=404
    )


def _set_region(exchange: Exchange, result: Result) -> None:
    point = _points(exchange)[exchange.call.labels["name"]]
    point.arn = exchange.arn("s3", f"accesspoint/{point.name}")
    result["AccessPointArn"] = point.arn


def _list_of_region(exchange: Exchange, result: Result) -> None:
    here = exchange.call.region
    listed = result.get("AccessPointList", [])
    result["AccessPointList"] = [one for one in listed if _region(one["AccessPointArn"]) == here]


def _points(exchange: Exchange) -> dict[str, Any]:
    account: str = exchange.call.account
    points: dict[str, Any] = exchange.global_backend("s3control").access_points[account]
    return points


def _region(arn: str) -> str:
    return arn.split(":")[3]


GUARDS: tuple[Guard, ...] = (hide_access_points_of_other_regions,)
MENDS: dict[str, Mend] = {
    "s3control:CreateAccessPoint": _set_region,
    "s3control:ListAccessPoints": _list_of_region,
}
