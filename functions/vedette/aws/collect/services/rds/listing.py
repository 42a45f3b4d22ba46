"""What the listings of RDS have in common. Source: Amazon RDS API Reference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.tags import tag_list
from vedette.resources.facts import Fact

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A Describe operation: its answer's key, the filter that takes ids, and how names are told."""

    operation: str
    key: str
    id_filter: str
    id_field: str
    arn_field: str


def described(
    reader: Reader, listing: Listing, only: frozenset[str] | None, **parameters: Any
) -> Iterator[Answer]:
    """Yield what the operation describes, restricted to the ids `only`."""
    if only is not None:
        parameters["Filters"] = [{"Name": listing.id_filter, "Values": sorted(only)}]
    yield from reader.pages(listing.operation, listing.key, MaxRecords=PAGE, **parameters)


def identity(reader: Reader, listing: Listing, described: Answer) -> dict[str, Any]:
    """Return the fields that every resource has; absent tags mean that there are none."""
    return {
        "arn": described[listing.arn_field],
        "id": described[listing.id_field],
        "account": reader.account,
        "region": reader.region,
        "tags": Fact.of(tag_list(described.get("TagList"))),
    }
