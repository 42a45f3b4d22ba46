"""Where a trail writes its log of a day.

Sources: AWS CloudTrail API Reference, DescribeTrails; AWS CloudTrail User Guide, "Finding your
CloudTrail log files"; AWS Organizations API Reference, DescribeOrganization.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from vedette.aws.collect.reader import Reader

DESCRIBE: Final = "cloudtrail:DescribeTrails"
ORGANISATION: Final = "organizations:DescribeOrganization"
CALLS: Final = frozenset({DESCRIBE, ORGANISATION})


def written_places(reader: Reader, regions: Sequence[str], days: Sequence[date]) -> tuple[str, ...]:
    """Return the `s3://` prefixes of some days in all these regions; none if there is no trail.

    Of several trails, one that covers all regions is taken. Raises ReadError.
    """
    trails = list(reader.pages(DESCRIBE, "trailList", includeShadowTrails=True))
    if not trails:
        return ()
    trail = max(trails, key=lambda one: (bool(one.get("IsMultiRegionTrail")), one["TrailARN"]))
    if not trail.get("IsMultiRegionTrail"):
        regions = [trail["HomeRegion"]]
    root = _root(reader, trail)
    return tuple(f"{root}/{region}/{day:%Y/%m/%d}/" for region in regions for day in days)


def _root(reader: Reader, trail: Mapping[str, Any]) -> str:
    return "/".join((f"s3://{trail['S3BucketName']}", *_parts(reader, trail)))


def _parts(reader: Reader, trail: Mapping[str, Any]) -> Iterator[str]:
    if prefix := trail.get("S3KeyPrefix"):
        yield prefix.strip("/")
    yield "AWSLogs"
    if trail.get("IsOrganizationTrail"):
        yield reader.call(ORGANISATION)["Organization"]["Id"]
    yield reader.account
    yield "CloudTrail"
