import json
from pathlib import Path

import pytest

from tests.operations.hunting import DENIED, NEW_COUNTRY, TRAIL_STOPPED, denied, event, rules
from vedette.operations.hunt_rules import RuleChoice
from vedette.operations.replay import MOST_EVENTS, Replay, replay, to_json
from vedette.operations.usage import UsageError


def replayed(tmp_path: Path, *records: dict[str, object]) -> Replay:
    folder = rules(tmp_path / "rules", stopped=TRAIL_STOPPED, denials=DENIED, region=NEW_COUNTRY)
    path = tmp_path / "event.json"
    path.write_text("\n".join(map(json.dumps, records)))
    return replay(path, RuleChoice(directories=[folder], built_in=False))


def test_a_match_is_explained_by_the_selections_that_held(tmp_path: Path) -> None:
    (one,) = replayed(tmp_path, event(1)).events

    (matched,) = one.matched
    assert matched.match.rule == "stopped"
    assert matched.held == ("stop",)
    assert matched.memory is None


def test_a_rule_that_lacks_one_thing_is_near(tmp_path: Path) -> None:
    two = "detection:\n  call: {eventName: StopLogging}\n  far: {awsRegion: us-east-1}\n"
    two += "  condition: call and far\n"
    text = TRAIL_STOPPED[: TRAIL_STOPPED.index("detection:")] + two
    folder = rules(tmp_path / "rules", near=text)
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event(1)))

    (one,) = replay(path, RuleChoice(directories=[folder], built_in=False)).events

    assert one.matched == ()
    assert [(near.rule, near.missing) for near in one.nearly] == [
        ("near", 'awsRegion is "us-east-1"')
    ]


def test_what_else_a_rule_with_memory_takes_is_said(tmp_path: Path) -> None:
    one, other = replayed(tmp_path, denied(1), event(2, eventName="RunInstances")).events

    assert [each.memory for each in one.matched] == [
        "counted by denials, and not reported by itself"
    ]
    assert [each.memory for each in other.matched] == [
        "reported only if awsRegion was not seen within 30d"
    ]


def test_a_replay_is_json_as_well(tmp_path: Path) -> None:
    written = json.loads(to_json(replayed(tmp_path, event(1))))

    assert written["events"][0]["matched"][0]["match"]["rule"] == "stopped"
    assert written["dark"] == {}


def test_many_events_are_for_a_hunt(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="vedette hunt"):
        replayed(tmp_path, *map(event, range(MOST_EVENTS + 1)))


def test_a_file_without_an_event_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "event.json"
    path.write_text("{not json")

    with pytest.raises(UsageError, match=r"event\.json"):
        replay(path, RuleChoice())
