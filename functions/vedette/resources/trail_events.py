"""Which events a trail records, from its basic or advanced event selectors.

Sources: AWS CloudTrail API Reference, EventSelector and AdvancedFieldSelector; AWS CloudTrail User
Guide, "Logging management events" and "Logging data events".
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from vedette.resources.resource import Value

Access = Literal["read", "write"]
BOTH: frozenset[Access] = frozenset({"read", "write"})
_ACCESS: dict[str, frozenset[Access]] = {
    "All": BOTH,
    "ReadOnly": frozenset({"read"}),
    "WriteOnly": frozenset({"write"}),
}
_ACCESS_BY_READ_ONLY: dict[str, frozenset[Access]] = {
    "true": frozenset({"read"}),
    "false": frozenset({"write"}),
}
_S3_OBJECTS = "AWS::S3::Object"
# "arn:aws:s3" and "arn:aws:s3:::" both stand for the objects of all buckets.
_ALL_BUCKETS = re.compile(r"arn:[a-z-]+:s3(?::{3})?\Z")
_ALL_BUCKETS_PREFIX = re.compile(r"arn:[a-z-]+:s3:::\Z")

_Fields = dict[str, dict[str, list[str]]]


class EventSelection(Value):
    """A whole class of events that a trail records.

    Either the management events but those of the `excluded_sources` (such as kms.amazonaws.com), or
    the object events of all S3 buckets; `access` says which of them, reading or writing calls.
    """

    category: Literal["management", "s3_objects"]
    access: frozenset[Access]
    excluded_sources: frozenset[str] = frozenset()


ALL_MANAGEMENT_EVENTS = EventSelection(category="management", access=BOTH)


def parse_selectors(
    basic: Iterable[Mapping[str, Any]], advanced: Iterable[Mapping[str, Any]]
) -> tuple[EventSelection, ...]:
    """Read a trail's selectors as GetEventSelectors answers them.

    A selector that takes a part only (certain buckets, certain event names) selects no whole class
    and is left out. A trail without selectors records all management events and nothing else.
    """
    basic, advanced = tuple(basic), tuple(advanced)
    if not basic and not advanced:
        return (ALL_MANAGEMENT_EVENTS,)
    selections = [one for selector in basic for one in _basic(selector)]
    for selector in advanced:
        selections += _advanced(selector["FieldSelectors"])
    return tuple(selections)


def _basic(selector: Mapping[str, Any]) -> Iterable[EventSelection]:
    access = _ACCESS[selector.get("ReadWriteType", "All")]
    if selector.get("IncludeManagementEvents", True):
        excluded = frozenset(selector.get("ExcludeManagementEventSources") or ())
        yield EventSelection(category="management", access=access, excluded_sources=excluded)
    if any(_takes_all_buckets(one) for one in selector.get("DataResources") or ()):
        yield EventSelection(category="s3_objects", access=access)


def _takes_all_buckets(resources: Mapping[str, Any]) -> bool:
    return resources["Type"] == _S3_OBJECTS and any(map(_ALL_BUCKETS.match, resources["Values"]))


def _advanced(fields: Iterable[Mapping[str, Any]]) -> list[EventSelection]:
    """Take the fields of a selector, all of which an event must meet, one after the other."""
    by_name: _Fields = {}
    for field in fields:
        conditions = by_name.setdefault(field["Field"], {})
        for operator, values in field.items():
            if operator != "Field" and values:
                conditions.setdefault(operator, []).extend(values)
    category = by_name.pop("eventCategory", {}).get("Equals")
    access = _advanced_access(by_name.pop("readOnly", {}))
    if category == ["Management"]:
        return _advanced_management(by_name, access)
    return _advanced_data(by_name, access) if category == ["Data"] else []


def _advanced_access(conditions: Mapping[str, list[str]]) -> frozenset[Access]:
    if not conditions:
        return BOTH
    return frozenset().union(*(_ACCESS_BY_READ_ONLY[value] for value in conditions["Equals"]))


def _advanced_management(fields: _Fields, access: frozenset[Access]) -> list[EventSelection]:
    sources = fields.pop("eventSource", {})
    excluded = frozenset(sources.pop("NotEquals", ()))
    if fields or sources:
        return []
    return [EventSelection(category="management", access=access, excluded_sources=excluded)]


def _advanced_data(fields: _Fields, access: frozenset[Access]) -> list[EventSelection]:
    types = fields.pop("resources.type", {})
    arns = fields.pop("resources.ARN", {})
    starts = arns.pop("StartsWith", [])
    every_bucket = not starts or any(map(_ALL_BUCKETS_PREFIX.match, starts))
    if fields or arns or types != {"Equals": [_S3_OBJECTS]} or not every_bucket:
        return []
    return [EventSelection(category="s3_objects", access=access)]


def excluded_sources(selections: Iterable[EventSelection], access: Access) -> frozenset[str] | None:
    """Return the sources whose management events no selection records; None: none is recorded."""
    excluded = [
        one.excluded_sources
        for one in selections
        if one.category == "management" and access in one.access
    ]
    return frozenset.intersection(*excluded) if excluded else None


def unrecorded_management_events(
    selections: Iterable[EventSelection], tolerated: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Say which management events are not recorded, as phrases for people.

    `tolerated` are sources that may be left out.
    """
    selections = tuple(selections)
    gaps: list[str] = []
    for access in sorted(BOTH):
        excluded = excluded_sources(selections, access)
        if excluded is None:
            gaps.append(f"{access} events")
        else:
            gaps += [f"{access} events of {source}" for source in sorted(excluded - tolerated)]
    return tuple(gaps)


def records_management_event(
    selections: Iterable[EventSelection], source: str, access: Access
) -> bool:
    """Tell whether the management events of a source, such as ec2.amazonaws.com, are recorded."""
    excluded = excluded_sources(selections, access)
    return excluded is not None and source not in excluded


def records_s3_objects(selections: Iterable[EventSelection], access: Access) -> bool:
    """Tell whether the object events of all buckets are recorded."""
    return any(one.category == "s3_objects" and access in one.access for one in selections)
