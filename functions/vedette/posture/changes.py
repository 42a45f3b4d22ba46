"""Resolves a CloudTrail record to the resources that it changed.

An event that changes a type but does not tell which resource (no id, an alias, an oversized
request, too many ids) resolves to every resource of the type in that account and region, so that
nothing that changed goes unseen. What resolves to nothing says why, so that it can be counted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, PrivateAttr

from vedette.posture.changes_model import (
    AND,
    ChangesFile,
    ChangingEvents,
    ChangingType,
    without_version,
)
from vedette.posture.changes_paths import Named, named_at
from vedette.resources.arn import ArnError, parse_arn
from vedette.resources.keys import ResourceKey
from vedette.resources.resource import GLOBAL_REGION

MOST_IDS: Final = 100
LONGEST_ID: Final = 2_048
_LONGEST_NAME: Final = 128
_NOTHING: Final = Named()
_UNTOLD: Final = Named(is_whole=False)


class Unchanged(StrEnum):
    """Why a record resolves to no resource."""

    NOT_A_RECORD = "not_a_record"
    NOT_IN_MAP = "not_in_map"
    FAILED = "failed"
    READ_ONLY = "read_only"
    NO_PLACE = "no_place"
    OTHER_TYPES = "other_types"


class Resolution(NamedTuple):
    """The keys of what a record changed, or why it changed nothing."""

    keys: frozenset[ResourceKey]
    unchanged: Unchanged | None = None


class _Place(NamedTuple):
    account: str
    region: str


class ChangeMap(BaseModel):
    """All files together, by name. `model_dump_json` gives what a function reads without YAML."""

    model_config = ConfigDict(frozen=True)

    files: Mapping[str, ChangesFile]
    _by_event: Mapping[tuple[str, str], Sequence[tuple[ChangingType, ChangingEvents]]] = (
        PrivateAttr()
    )

    def model_post_init(self, _context: Any) -> None:
        """Index what events change."""
        index: defaultdict[tuple[str, str], list[tuple[ChangingType, ChangingEvents]]] = (
            defaultdict(list)
        )
        for file in self.files.values():
            for kind in file.resources:
                for source, name, events in _pairs(file, kind):
                    index[source, name].append((kind, events))
        self._by_event = dict(index)

    def resolve(self, record: Any) -> Resolution:
        """Resolve a record. Never raises, whatever the record is."""
        if not isinstance(record, dict):
            return Resolution(frozenset(), Unchanged.NOT_A_RECORD)
        if (reason := self._why_unchanged(record)) is not None:
            return Resolution(frozenset(), reason)
        place = _place(record)
        if place is None:
            return Resolution(frozenset(), Unchanged.NO_PLACE)
        keys = frozenset(
            key
            for kind, events in self._changes(record)
            for key in _keys(record, kind, events, place)
        )
        return Resolution(keys, None if keys else Unchanged.OTHER_TYPES)

    def event_names(self) -> dict[str, frozenset[str]]:
        """Return the names of events that change anything, by event source."""
        names: defaultdict[str, set[str]] = defaultdict(set)
        for source, name in self._by_event:
            names[source].add(name)
        return {source: frozenset(found) for source, found in sorted(names.items())}

    def versioned_sources(self) -> frozenset[str]:
        """Return the event sources whose names of events carry the version of the API."""
        return frozenset(
            source for file in self.files.values() if file.versioned for source in file.sources
        )

    def _why_unchanged(self, record: Mapping[str, Any]) -> Unchanged | None:
        if not self._changes(record):
            return Unchanged.NOT_IN_MAP
        if record.get("errorCode") is not None:
            return Unchanged.FAILED
        return Unchanged.READ_ONLY if record.get("readOnly") is True else None

    def _changes(self, record: Mapping[str, Any]) -> Sequence[tuple[ChangingType, ChangingEvents]]:
        source, name = record.get("eventSource"), record.get("eventName")
        if not isinstance(source, str) or not isinstance(name, str) or len(name) > _LONGEST_NAME:
            return ()
        return self._by_event.get((source, name)) or self._by_event.get(
            (source, without_version(name)), ()
        )


def _pairs(file: ChangesFile, kind: ChangingType) -> Iterator[tuple[str, str, ChangingEvents]]:
    for events in kind.events:
        for source in file.sources:
            yield from ((source, name, events) for name in events.names)


def _place(record: Mapping[str, Any]) -> _Place | None:
    account = record.get("recipientAccountId") or _member(record, "userIdentity", "accountId")
    region = record.get("awsRegion")
    if not isinstance(account, str) or not isinstance(region, str) or not (account and region):
        return None
    if len(account) > _LONGEST_NAME or len(region) > _LONGEST_NAME:
        return None
    return _Place(account, region)


def _keys(
    record: Mapping[str, Any], kind: ChangingType, events: ChangingEvents, place: _Place
) -> Iterator[ResourceKey]:
    named = _named(record, kind, events, place)
    if not named.texts and named.is_whole:
        return
    is_told = named.is_whole and len(named.texts) <= MOST_IDS
    region = GLOBAL_REGION if kind.is_global else _region(record, events) or place.region
    for one in named.texts if is_told else (None,):
        yield ResourceKey(
            type=kind.type, id=one, account=place.account, region=region, service=kind.service
        )


def _region(record: Mapping[str, Any], events: ChangingEvents) -> str | None:
    if events.region is None:
        return None
    texts = named_at(record, events.region).texts
    return texts[0] if len(texts) == 1 and len(texts[0]) <= _LONGEST_NAME else None


def _named(
    record: Mapping[str, Any], kind: ChangingType, events: ChangingEvents, place: _Place
) -> Named:
    """Return the ids of what an event changed; not whole means that it cannot be told."""
    is_silent = True
    for written in events.id:
        joined = [_at(record, one, place) for one in written.split(AND)]
        found = [_as_ids(one, kind, mixed=events.mixed) for one in joined if one.texts]
        texts = tuple(dict.fromkeys(text for one in found for text in one.texts))
        if found and all(one.is_whole for one in (*found, *joined)) and (texts or events.mixed):
            return Named(texts)
        is_silent = is_silent and all(one == _NOTHING for one in joined)
    return _NOTHING if is_silent and events.optional else _UNTOLD


def _at(record: Mapping[str, Any], place_in_event: str, place: _Place) -> Named:
    if place_in_event == "account":
        return Named((place.account,))
    if place_in_event == "caller":
        is_user = _member(record, "userIdentity", "type") == "IAMUser"
        name = _member(record, "userIdentity", "userName")
        return Named((name,)) if is_user and isinstance(name, str) and name else _NOTHING
    return _UNTOLD if place_in_event == "all" else named_at(record, place_in_event)


def _member(record: Mapping[str, Any], name: str, below: str) -> Any:
    value = record.get(name)
    return value.get(below) if isinstance(value, dict) else None


def _as_ids(named: Named, kind: ChangingType, *, mixed: bool) -> Named:
    """Turn what an event names into the ids of snapshots."""
    ids = [_as_id(text, kind) for text in named.texts]
    known = tuple(one for one in ids if one is not None)
    return Named(known, is_whole=named.is_whole and (mixed or len(known) == len(ids)))


def _as_id(text: str, kind: ChangingType) -> str | None:
    """Return the id that a text means, or None if it is none of this type."""
    if len(text) > LONGEST_ID:
        return None
    found: str | None = text
    if text.startswith("arn:"):
        found = text if kind.whole_arn else _in_arn(text, kind)
    elif kind.only_arns or kind.whole_arn:
        return None
    elif text.startswith("https://"):
        found = text.rstrip("/").rpartition("/")[2]
    if not found or (kind.alias and found.startswith(kind.alias)):
        return None
    if kind.until:
        found = found.split(kind.until, 1)[0]
    if kind.begins and not found.startswith(kind.begins):
        return None
    return found.lower() if kind.lower_case else found


def _in_arn(text: str, kind: ChangingType) -> str | None:
    try:
        resource = parse_arn(text).resource
    except ArnError:
        return None
    if kind.arn is None or not resource.startswith(kind.arn):
        return None
    return resource.removeprefix(kind.arn)
