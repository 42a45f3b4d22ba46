"""Findings and timeline entries as items of the findings table, and back.

STATE carries what conditions and indexes ask about as attributes of its own, the events as a binary
set and the addresses as a text set, so that both can be added to without reading, and everything
else as one JSON document. `announced_version` is written by announcing alone.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from vedette.aws.stores import tables
from vedette.aws.stores.calling import Values
from vedette.findings.episodes import settled
from vedette.findings.finding import ResourceReference
from vedette.findings.store import TooNewError
from vedette.findings.tracked import (
    SCHEMA_VERSION,
    FindingStatus,
    TimelineEntry,
    TrackedFinding,
)

STATE_KEY: Final = "STATE"
ENTRY_PREFIX: Final = "T#"
OCCURRENCES: Final = "occurrences"
ADDRESSES: Final = "source_ips"
DOCUMENT: Final = "document"
ANNOUNCED: Final = "announced_version"
PENDING: Final = "unannounced_version"
INDEXED: Final = (tables.OPEN_SEVERITY, tables.RESOURCE_ARN, tables.ACCOUNT_RULE)
_APART: Final = {OCCURRENCES, ADDRESSES, ANNOUNCED}
_FINDING_PREFIX: Final = "F#"
# The longest that DynamoDB takes as a partition key of an index is 2,048 bytes.
_LONGEST_KEY: Final = 2_000


def state_key(finding: str) -> Values:
    """Return the key of a finding's STATE."""
    return key(finding, STATE_KEY)


def key(finding: str, sort: str) -> Values:
    """Return the key of one of a finding's items."""
    return {
        tables.PARTITION_KEY: {"S": f"{_FINDING_PREFIX}{finding}"},
        tables.SORT_KEY: {"S": sort},
    }


def finding_of(item: Mapping[str, Any]) -> str:
    """Return the id of the finding that an item belongs to."""
    return str(item[tables.PARTITION_KEY]["S"]).removeprefix(_FINDING_PREFIX)


def is_state(item: Mapping[str, Any]) -> bool:
    """Tell whether an item, or an image of a stream, is a finding's STATE."""
    return bool(item.get(tables.SORT_KEY, {}).get("S") == STATE_KEY)


def attributes(state: TrackedFinding) -> Values:
    """Return what stands in STATE as plain attributes: neither sets nor what announcing writes."""
    return {
        "schema_version": {"N": str(SCHEMA_VERSION)},
        "version": {"N": str(state.version)},
        "status": {"S": state.status.value},
        "severity": {"S": state.severity.value},
        "rule": {"S": state.rule},
        "account": {"S": state.account},
        "latest": {"S": state.latest},
        tables.OPENED_AT: {"S": instant(state.opened_at)},
        DOCUMENT: {"S": state.model_dump_json(exclude=_APART)},
        **_index_attributes(state),
    }


def pending_attributes(state: TrackedFinding) -> Values:
    """Return what puts a finding among those of whose transition people are to be told."""
    if state.transition is None:
        return {}
    return {
        tables.UNANNOUNCED_SHARD: {"S": "0"},
        tables.UNANNOUNCED_SINCE: {"S": instant(state.transition.at)},
        PENDING: {"N": str(state.transition.version)},
    }


def set_attributes(state: TrackedFinding) -> Values:
    """Return the sets of STATE; DynamoDB knows no empty ones."""
    sets: Values = {}
    if state.occurrences:
        sets[OCCURRENCES] = {"BS": sorted(state.occurrences)}
    if state.source_ips:
        sets[ADDRESSES] = {"SS": list(state.source_ips)}
    return sets


def state_from(item: Mapping[str, Any]) -> TrackedFinding:
    """Read a finding from STATE or an image of it.

    Attributes that a later version added are left out. Raises TooNewError if the item says that
    this version would misread it.
    """
    written = int(item["schema_version"]["N"])
    if written > SCHEMA_VERSION:
        raise TooNewError(
            f"the finding {finding_of(item)} has schema version {written}, not {SCHEMA_VERSION};"
            " update Vedette"
        )
    known = _known(json.loads(item[DOCUMENT]["S"]), TrackedFinding)
    if known.get("resource") is not None:
        # Its texts were cut when it was observed; cut once more they would differ from that.
        known["resource"] = ResourceReference.model_construct(**known["resource"])
    occurrences = item.get(OCCURRENCES, {}).get("BS", ())
    apart = {
        OCCURRENCES: frozenset(_binary(one) for one in occurrences),
        ADDRESSES: tuple(sorted(item.get(ADDRESSES, {}).get("SS", ()))),
        ANNOUNCED: int(item.get(ANNOUNCED, {}).get("N", "0")),
    }
    return settled(TrackedFinding.model_validate(known | apart))


def newly_told(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> TrackedFinding | None:
    """Return the finding if a stream's images show a transition that people are to hear of.

    None if it is no STATE, a repeat, or has been told already.
    """
    if not is_state(after) or PENDING not in after:
        return None
    if before is not None and before.get(PENDING) == after[PENDING]:
        return None
    return state_from(after)


def entry_item(entry: TimelineEntry) -> Values:
    """Return a timeline entry as an item."""
    return {
        **key(entry.finding, f"{ENTRY_PREFIX}{entry.version:010d}#{entry.place:03d}"),
        "schema_version": {"N": str(SCHEMA_VERSION)},
        DOCUMENT: {"S": entry.model_dump_json()},
    }


def entry_from(item: Mapping[str, Any]) -> TimelineEntry:
    """Read a timeline entry."""
    return TimelineEntry.model_validate(_known(json.loads(item[DOCUMENT]["S"]), TimelineEntry))


def resource_key(arn: str) -> str:
    """Return what stands for a resource in the index."""
    return _bounded_key(arn)


def account_rule_key(account: str, rule: str) -> str:
    """Return what stands for an account and a rule in the index."""
    return _bounded_key(f"{account}#{rule}")


def instant(time: datetime) -> str:
    """Return a time as a text that sorts by time."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _index_attributes(state: TrackedFinding) -> Values:
    found: Values = {}
    if state.status is FindingStatus.RESOLVED:
        return found
    if state.is_open:
        found[tables.OPEN_SEVERITY] = {"S": state.severity.value}
    if state.resource is not None and state.resource.arn:
        found[tables.RESOURCE_ARN] = {"S": resource_key(state.resource.arn)}
    found[tables.ACCOUNT_RULE] = {"S": account_rule_key(state.account, state.rule)}
    return found


def _binary(value: Any) -> bytes:
    """Read binary as boto3 gives it, or as base64, in which Lambda passes a stream's images."""
    return b64decode(value) if isinstance(value, str) else bytes(value)


def _known(values: dict[str, Any], model: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in model.model_fields}


def _bounded_key(text: str) -> str:
    encoded = text.encode("utf-8", "replace")
    return encoded[:_LONGEST_KEY].decode("utf-8", "ignore")
