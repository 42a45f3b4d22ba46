"""Which regions an account has switched on."""

from dataclasses import dataclass

from vedette.aws.collect.reader import Reader
from vedette.resources.coverage import Note, NoteKind

DESCRIBE_REGIONS = "ec2:DescribeRegions"
OFF = "not-opted-in"


class UnknownRegionError(ValueError):
    """AWS has no region of this name in this partition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regions:
    """The regions to read, in order, and notes on those that are off."""

    names: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def enabled_regions(reader: Reader, wanted: tuple[str, ...] = ()) -> Regions:
    """Return the wanted regions (or all) that the account has switched on.

    Raises UnknownRegionError for a name that AWS does not have, and ReadError if AWS does not list
    its regions. Source: EC2 API Reference, DescribeRegions (`OptInStatus`).
    """
    answer = reader.declaring([DESCRIBE_REGIONS]).call(DESCRIBE_REGIONS, AllRegions=True)
    status = {one["RegionName"]: one.get("OptInStatus", "") for one in answer["Regions"]}
    if unknown := [name for name in wanted if name not in status]:
        raise UnknownRegionError(f"AWS has no region {', '.join(unknown)} in this partition")
    chosen = sorted(wanted or status)
    off = tuple(name for name in chosen if status[name] == OFF)
    return Regions(
        names=tuple(name for name in chosen if name not in off),
        notes=tuple(_off_note(name) for name in off),
    )


def _off_note(region: str) -> Note:
    return Note(
        kind=NoteKind.REGION_OFF, region=region, text=f"{region} is not switched on in this account"
    )
