"""What the collectors of EC2's Describe operations have in common.

Resources that another account owns and shares (subnets, VPCs, groups, transit gateways) are left
out: only their owner can change them, and the owner's audit judges them.
Source: EC2 API Reference (`OwnerId`, `Filters`, `MaxResults`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import tag_list
from vedette.resources.facts import Fact

FILTER_VALUES = 200
LARGEST_PAGE = 1000
Description = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One Describe operation, the key of its answer, and the filter that takes resource ids.

    Without such a filter everything is described, and the driver picks.
    """

    operation: str
    key: str
    id_filter: str | None = None
    page: int = LARGEST_PAGE


def described(
    reader: Reader, listing: Listing, only: frozenset[str] | None, **parameters: Any
) -> Iterator[Description]:
    """Yield what the operation describes, restricted to the ids `only`, of this account's own."""
    conditions = parameters.pop("Filters", [])
    for ids in _chunks(listing, only):
        filters = conditions + ids
        if filters:
            parameters["Filters"] = filters
        found = reader.pages(listing.operation, listing.key, MaxResults=listing.page, **parameters)
        yield from (one for one in found if one.get("OwnerId", reader.account) == reader.account)


def identity(reader: Reader, kind: str, resource_id: str, description: Description) -> Description:
    """Return the fields that every resource has; absent tags mean that there are none."""
    return {
        "id": resource_id,
        "arn": reader.arn("ec2", f"{kind}/{resource_id}"),
        "account": reader.account,
        "region": reader.region,
        "tags": Fact.of(tag_list(description.get("Tags"))),
    }


def answered(description: Description, operation: str, *path: str) -> Fact[Any]:
    """Return what stands under the path of keys; unreadable if the operation did not answer it."""
    value: Any = description
    for key in path:
        value = value.get(key)
        if value is None:
            return Fact.unreadable(f"{operation} did not answer {'.'.join(path)}")
    return Fact.of(value)


def _chunks(listing: Listing, only: frozenset[str] | None) -> Iterator[list[Description]]:
    if only is None or listing.id_filter is None:
        yield []
        return
    ids = sorted(only)
    for start in range(0, len(ids), FILTER_VALUES):
        yield [{"Name": listing.id_filter, "Values": ids[start : start + FILTER_VALUES]}]
