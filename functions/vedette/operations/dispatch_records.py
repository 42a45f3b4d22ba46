"""Transitions out of the records of the findings table's stream.

Whatever follows a transition (alerts today) reads the stream through here, so that all agree on
what a transition is.

Source: AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vedette.aws.stores.encoding import newly_told
from vedette.findings.store import TooNewError
from vedette.findings.tracked import TrackedFinding, Transition

# What reading an image that Vedette did not write, or not this Vedette, may raise.
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError, ValueError, TooNewError)


@dataclass(frozen=True, slots=True)
class StreamedTransition:
    """A finding as it was after a transition, and the record's place in the stream."""

    sequence: str
    finding: TrackedFinding
    transition: Transition


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """What a batch of records holds; `unreadable` tells why some hold nothing, by exception."""

    transitions: tuple[StreamedTransition, ...]
    unreadable: tuple[str, ...]


def read_batch(event: Mapping[str, Any]) -> StreamBatch:
    """Read the event that Lambda passes. Records that cannot be read would never be: they go."""
    found: list[StreamedTransition] = []
    unreadable: list[str] = []
    for record in _records(event):
        try:
            one = _transition(record)
        except _UNREADABLE as error:
            unreadable.append(type(error).__name__)
            continue
        if one is not None:
            found.append(one)
    return StreamBatch(tuple(found), tuple(unreadable))


def _records(event: Mapping[str, Any]) -> Iterable[Any]:
    records = event.get("Records")
    return records if isinstance(records, list) else ()


def _transition(record: Any) -> StreamedTransition | None:
    change = record["dynamodb"]
    after = change.get("NewImage")
    if after is None:
        return None
    finding = newly_told(change.get("OldImage"), after)
    if finding is None or finding.transition is None:
        return None
    return StreamedTransition(str(change["SequenceNumber"]), finding, finding.transition)
