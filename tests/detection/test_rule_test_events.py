import json
from pathlib import Path
from typing import Any

from vedette.detection.rule_test_events import merged, read_base_events

BASE_EVENTS = Path(__file__).parents[2] / "rules/detection/base_events"


def test_differences_merge_by_key_and_replace_the_rest() -> None:
    base = {"a": {"x": 1, "y": [1, 2]}, "b": None, "c": "text"}
    difference = {"a": {"y": [3]}, "b": {"new": 1}, "c": None}

    assert merged(base, difference) == {"a": {"x": 1, "y": [3]}, "b": {"new": 1}, "c": None}
    assert base["a"] == {"x": 1, "y": [1, 2]}


def test_our_base_events_are_of_one_account_and_time() -> None:
    events: dict[str, Any] = dict(read_base_events(BASE_EVENTS))

    assert {event["recipientAccountId"] for event in events.values()} == {"111122223333"}
    assert {event["eventTime"] for event in events.values()} == {"2026-03-10T12:00:00Z"}
    for path in BASE_EVENTS.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert text == json.dumps(json.loads(text), indent=2) + "\n"
