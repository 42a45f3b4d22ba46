"""Mends of the tagging API: resource types that moto leaves out, and buckets of other regions.

Source: Resource Groups Tagging API Reference, "Services that support the Resource Groups Tagging
API" and GetResources, which answers for one region.
"""

from collections.abc import Iterator
from typing import Any

from vedette.aws.stand_in.gaps.exchange import Exchange, Mend
from vedette.aws.stand_in.wire import Result

Tags = dict[str, str]


def _add_and_drop(exchange: Exchange, result: Result) -> None:
    listed = result["ResourceTagMappingList"]
    kept = [one for one in listed if _is_of_region(exchange, one["ResourceARN"])]
    if not result.get("PaginationToken"):
        known = {one["ResourceARN"] for one in kept}
        kept.extend(
            {
                "ResourceARN": arn,
                "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            }
            for arn, tags in _left_out(exchange)
            if tags and arn not in known and _is_wanted(exchange, arn, tags)
        )
    result["ResourceTagMappingList"] = kept


def _is_of_region(exchange: Exchange, arn: str) -> bool:
    _, _, service, _, _, name = arn.split(":", 5)
    if service != "s3":
        return True
    bucket = exchange.global_backend("s3").buckets.get(name)
    return bucket is not None and bucket.region_name == exchange.call.region


def _left_out(exchange: Exchange) -> Iterator[tuple[str, Tags]]:
    ecr = exchange.backend("ecr")
    for repository in ecr.repositories.values():
        yield repository.arn, ecr.tagger.get_tag_dict_for_resource(repository.arn)
    cloudtrail = exchange.backend("cloudtrail")
    for trail in cloudtrail.trails.values():
        yield trail.arn, cloudtrail.tagging_service.get_tag_dict_for_resource(trail.arn)
    for detector in exchange.backend("guardduty").detectors.values():
        yield exchange.arn("guardduty", f"detector/{detector.id}"), detector.tags
    for group in exchange.backend("logs").groups.values():
        # moto lists these, but not where the caller asks for `logs:log-group`.
        arn = group.arn.removesuffix(":*")
        yield arn, exchange.backend("logs").list_tags_for_resource(arn)
    for analyzer in exchange.state.analyzers[exchange.place]:
        yield analyzer["arn"], analyzer["tags"]


def _is_wanted(exchange: Exchange, arn: str, tags: Tags) -> bool:
    asked = exchange.parameters
    types = asked.get("ResourceTypeFilters") or []
    arns = asked.get("ResourceARNList") or []
    return (
        (not types or any(_is_of_type(arn, one) for one in types))
        and (not arns or arn in arns)
        and all(_has_tag(tags, one) for one in asked.get("TagFilters") or [])
    )


def _is_of_type(arn: str, wanted: str) -> bool:
    """Match `ecr` and `ecr:repository`."""
    service, _, kind = wanted.partition(":")
    _, _, service_of_arn, _, _, resource = arn.split(":", 5)
    return service == service_of_arn and (not kind or resource.startswith((f"{kind}/", f"{kind}:")))


def _has_tag(tags: Tags, wanted: dict[str, Any]) -> bool:
    value = tags.get(wanted["Key"])
    return value is not None and value in (wanted.get("Values") or [value])


MENDS: dict[str, Mend] = {"resourcegroupstaggingapi:GetResources": _add_and_drop}
