"""Builds the events of a rule's tests: base events, and differences to them."""

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from vedette.configuration.content import ContentError, ContentProblem
from vedette.detection.event.record import event_time, moment
from vedette.detection.extensions import RuleTest, RuleTestEvent, seconds

BaseEvents: TypeAlias = Mapping[str, Mapping[str, Any]]
_COUNTER = "{n}"


def read_base_events(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Read the base events of a folder, by name. Raises ContentError for what is no event."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            event = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            problem = ContentProblem(path=path, line=None, message=f"it is not JSON ({error})")
            raise ContentError([problem]) from error
        if not isinstance(event, dict) or event_time(event) is None:
            message = "a base event is one CloudTrail record with an eventTime"
            raise ContentError([ContentProblem(path=path, line=None, message=message)])
        found[path.stem] = event
    return found


def events_of(test: RuleTest, bases: BaseEvents) -> list[dict[str, Any]]:
    """Build the events of a test. Raises KeyError with the name of a base that is not there."""
    if test.event is not None:
        only = RuleTestEvent(event=test.event, without=test.without)
        return list(_built(test, "event", only, bases))
    return [
        event
        for number, one in enumerate(test.events)
        for event in _built(test, f"events {number}", one, bases)
    ]


def prior_events_of(test: RuleTest, bases: BaseEvents) -> list[dict[str, Any]]:
    """Build what happened before a test. Raises KeyError with the name of an absent base."""
    return [
        event
        for number, one in enumerate(test.prior)
        for event in _built(test, f"prior {number}", one, bases)
    ]


def merged(base: Any, difference: Any) -> Any:
    """Merge a difference into a value: maps key by key, everything else is replaced."""
    if not isinstance(base, Mapping) or not isinstance(difference, Mapping):
        return copy.deepcopy(difference)
    whole = {key: copy.deepcopy(value) for key, value in base.items()}
    for key, value in difference.items():
        whole[key] = merged(base.get(key), value)
    return whole


def _built(
    test: RuleTest, place: str, wanted: RuleTestEvent, bases: BaseEvents
) -> Iterator[dict[str, Any]]:
    base = bases[wanted.base or test.base]
    for number in range(1, wanted.repeat + 1):
        event: dict[str, Any] = merged(base, _counted(wanted.event, number))
        for path in wanted.without:
            _remove(event, path)
        if "eventID" not in wanted.event:
            event["eventID"] = str(uuid5(NAMESPACE_URL, f"{test.name}/{place}/{number}"))
        if "eventTime" not in wanted.event:
            offset = seconds(wanted.at) + (number - 1) * seconds(wanted.every)
            event["eventTime"] = _later(base, offset)
        yield event


def _counted(value: Any, number: int) -> Any:
    """Put a number where values say `{n}`."""
    if isinstance(value, str):
        return value.replace(_COUNTER, str(number))
    if isinstance(value, Mapping):
        return {key: _counted(one, number) for key, one in value.items()}
    return [_counted(one, number) for one in value] if isinstance(value, list) else value


def _remove(event: dict[str, Any], path: str) -> None:
    *way, last = path.split(".")
    value: Any = event
    for name in way:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, dict):
        value.pop(last, None)


def _later(base: Mapping[str, Any], offset: int) -> str:
    time = moment(event_time(base) or 0) + timedelta(seconds=offset)
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
