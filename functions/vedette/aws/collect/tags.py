"""Tags of the resources of one region, read in few calls through the tagging API.

Source: Resource Groups Tagging API Reference, GetResources (100 resources a page; resources that
never had a tag are left out of its answers).
"""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import FactReader
from vedette.aws.collect.reader import Reader
from vedette.resources.resource import GLOBAL_REGION, Resource

GET_RESOURCES = "resourcegroupstaggingapi:GetResources"
ARNS_PER_CALL = 100


def tag_list(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """Turn AWS's list of Key and Value into a mapping."""
    return {tag["Key"]: tag["Value"] for tag in tags or []}


def read_tags(reader: Reader, resource: Resource) -> dict[str, str]:
    """Return the tags of one resource; the region's tags are read once and shared."""
    by_arn = reader.once("tags", _tags_of_region)
    return by_arn.get(resource.arn, {})


TAGS: FactReader[Any] = FactReader(facts=("tags",), calls=(GET_RESOURCES,), read=read_tags)


def _tags_of_region(reader: Reader) -> dict[str, dict[str, str]]:
    return {one["ResourceARN"]: tag_list(one["Tags"]) for one in _mappings(reader)}


def _mappings(reader: Reader) -> Iterator[dict[str, Any]]:
    key, only = "ResourceTagMappingList", sorted(reader.scope.only)
    region = reader.scope.home if reader.region == GLOBAL_REGION else reader.region
    if not only:
        yield from reader.pages(GET_RESOURCES, key, region=region, ResourcesPerPage=100)
    for start in range(0, len(only), ARNS_PER_CALL):
        wanted = only[start : start + ARNS_PER_CALL]
        yield from reader.call(GET_RESOURCES, region=region, ResourceARNList=wanted)[key]
