from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.operations.hunting import (
    ACCOUNT,
    DENIED,
    NEW_COUNTRY,
    TRAIL_STOPPED,
    USER,
    denied,
    event,
    hunted,
    log,
    only,
    rules,
)
from vedette.findings.severity import Severity
from vedette.operations import hunt_workers
from vedette.operations.hunt_rules import RuleChoice
from vedette.operations.hunt_sightings import Wanted
from vedette.operations.usage import UsageError


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture
def rule_folder(tmp_path: Path) -> Path:
    return rules(tmp_path / "rules", stopped=TRAIL_STOPPED, denials=DENIED)


def test_a_match_tells_what_happened_and_where_it_stands(logs: Path, rule_folder: Path) -> None:
    path = log(logs, "one.json.gz", [event(5)])

    matches, looked_at = hunted(logs, rule_folder)

    (match,) = matches
    assert match["rule"] == "stopped"
    assert match["sigma_id"] == "11111111-1111-4111-8111-111111111111"
    assert match["title"] == "Trail stopped"
    assert match["severity"] == "high"
    assert match["time"] == "2026-11-20T00:00:05Z"
    assert match["event_name"] == "StopLogging"
    assert match["event_source"] == "cloudtrail.amazonaws.com"
    assert (match["account"], match["region"]) == (ACCOUNT, "eu-west-1")
    assert (match["principal"], match["source_ip"]) == (USER, "198.51.100.7")
    assert match["outcome"] == "success"
    assert match["file"] == str(path)
    assert (looked_at.files, looked_at.events, looked_at.matches) == (1, 1, 1)
    assert looked_at.complete


def test_a_denied_attempt_is_less_severe(logs: Path, rule_folder: Path) -> None:
    log(logs, "one.json", [event(5, errorCode="AccessDenied")])

    matches, _ = hunted(logs, rule_folder, choice=only(rule_folder, "stopped"))

    assert [(one["severity"], one["outcome"]) for one in matches] == [("medium", "denied")]


def test_a_correlation_names_the_events_that_made_it(logs: Path, rule_folder: Path) -> None:
    log(logs, "one.json", [denied(1), denied(2), denied(2)])
    log(logs, "two.json", [denied(3)])

    matches, _ = hunted(logs, rule_folder)

    (match,) = matches
    assert match["rule"] == "denials"
    assert match["severity"] == "medium"
    assert [one[-1] for one in match["event_ids"]] == ["1", "2", "3"]
    assert match["principal"] == USER
    assert match["group"] == {"userIdentity.arn": USER}


def test_a_correlation_that_is_chosen_brings_the_rules_that_it_counts(
    logs: Path, rule_folder: Path
) -> None:
    log(logs, "one.json", [event(0), *map(denied, (1, 2, 3))])

    matches, _ = hunted(logs, rule_folder, choice=only(rule_folder, "denials"))

    assert [one["rule"] for one in matches] == ["denials"]


def test_several_processes_find_the_same_in_the_same_order(
    logs: Path, rule_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        log(logs, f"{number:02d}.json.gz", [event(number), denied(100 + number)])
    alone, _ = hunted(logs, rule_folder)

    monkeypatch.setattr(hunt_workers, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(hunt_workers, "_CHUNK_FILES", 2)
    together, looked_at = hunted(logs, rule_folder, workers=2)

    assert together == alone
    assert (looked_at.files, looked_at.events) == (12, 24)
    assert Counter(one["rule"] for one in together) == {"stopped": 12, "denials": 1}


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b\x08\x00", b"{not json", b"", b"[" * 20_000, b'{"a":"b"}'],
    ids=["truncated", "no JSON", "empty", "nested", "no record"],
)
def test_a_bad_file_is_told_and_the_hunt_goes_on(
    logs: Path, rule_folder: Path, content: bytes
) -> None:
    (logs / "bad.json").write_bytes(content)
    log(logs, "good.json", [event(1)])

    matches, looked_at = hunted(logs, rule_folder)

    assert len(matches) == 1
    assert [Path(one.file).name for one in looked_at.problems] == ["bad.json"]
    assert looked_at.problems[0].reason
    assert not looked_at.complete


def test_a_record_of_the_wrong_shape_does_not_hide_the_others(
    logs: Path, rule_folder: Path
) -> None:
    log(logs, "one.json", [event(1), event(2, userIdentity=None, eventTime=7), event(3)])

    matches, _ = hunted(logs, rule_folder)

    assert [one["time"] for one in matches] == [
        "2026-11-20T00:00:01Z",
        None,
        "2026-11-20T00:00:03Z",
    ]


def test_only_the_time_of_interest_is_told(logs: Path, rule_folder: Path) -> None:
    log(logs, "one.json", [event(number) for number in range(5)])
    since, until = (datetime(2026, 11, 20, 0, 0, second, tzinfo=UTC) for second in (1, 3))

    matches, _ = hunted(logs, rule_folder, since=since, until=until)

    assert [one["time"][-3:] for one in matches] == ["01Z", "02Z"]


def test_only_wanted_matches_are_told(logs: Path, rule_folder: Path) -> None:
    other = {"type": "IAMUser", "arn": USER.replace("eve", "bob"), "accountId": ACCOUNT}
    log(logs, "one.json", [event(1), event(2, userIdentity=other), *map(denied, (3, 4, 5))])

    severe, _ = hunted(logs, rule_folder, wanted=Wanted(severity=Severity.HIGH))
    bob, looked_at = hunted(logs, rule_folder, wanted=Wanted(principal="bob"))

    assert {one["rule"] for one in severe} == {"stopped"}
    assert [one["principal"] for one in bob] == [USER.replace("eve", "bob")]
    assert looked_at.matches == 1


def test_what_was_learned_from_old_logs_is_not_new(tmp_path: Path) -> None:
    folder = rules(tmp_path / "rules", region=NEW_COUNTRY)
    old = log(tmp_path / "old", "one.json", [_run(0, "eu-west-1", day) for day in (1, 10)])
    new = log(tmp_path / "new", "one.json", [_run(1, "eu-west-1", 20), _run(2, "ap-south-1", 20)])
    baseline = tmp_path / "baseline.json"

    learned, _ = hunted(old.parent, folder, learn=baseline)
    without, _ = hunted(new.parent, folder)
    found, _ = hunted(new.parent, folder, baseline=baseline)

    assert learned == []
    assert without == []
    assert [one["region"] for one in found] == ["ap-south-1"]
    assert found[0]["group"] == {"vedette.principal": USER, "awsRegion": "ap-south-1"}


def _run(number: int, region: str, day: int) -> dict[str, object]:
    time = f"2026-11-{day:02d}T10:00:00Z"
    return event(number + 100 * day, eventName="RunInstances", awsRegion=region, eventTime=time)


def test_a_rule_that_cannot_run_is_named_and_the_others_run(logs: Path, rule_folder: Path) -> None:
    rules(
        rule_folder, broken=TRAIL_STOPPED.replace("eventName: StopLogging", "eventName|re: (?=a)")
    )
    log(logs, "one.json", [event(1)])

    matches, looked_at = hunted(logs, rule_folder)

    (refused,) = looked_at.rules.refused
    assert refused.path.name == "broken.yml"
    assert refused.line == 6
    assert [one["rule"] for one in matches] == ["stopped"]
    assert not looked_at.complete


def test_a_rule_that_lacks_what_it_asks_is_dark_and_does_not_run(
    logs: Path, rule_folder: Path
) -> None:
    abroad = TRAIL_STOPPED.replace(
        "condition: stop", "home: {vedette.source.country: DE}\n  condition: stop and not home"
    )
    rules(rule_folder, abroad=abroad)
    log(logs, "one.json", [event(1)])

    matches, looked_at = hunted(logs, rule_folder)

    assert looked_at.rules.dark == {"abroad": "no database of places is configured"}
    assert [one["rule"] for one in matches] == ["stopped"]
    assert looked_at.complete


def test_a_correlation_over_a_dark_rule_is_dark(logs: Path, tmp_path: Path) -> None:
    dark = DENIED.replace("{errorCode: AccessDenied}", "{vedette.source.country: DE}")
    folder = rules(tmp_path / "rules", denials=dark, stopped=TRAIL_STOPPED)
    log(logs, "one.json", [event(1)])

    _, looked_at = hunted(logs, folder)

    assert looked_at.rules.dark["denials"] == "it counts denials#denied, which is dark"


def test_a_lookup_is_part_of_the_condition(logs: Path, rule_folder: Path, tmp_path: Path) -> None:
    lookup = "  lookup: {field: sourceIPAddress, list: indicators.bad}\n"
    rules(rule_folder, stopped=TRAIL_STOPPED + lookup)
    configuration = tmp_path / "vedette.yml"
    configuration.write_text("detection: {indicators: {bad: [203.0.113.0/24]}}\n")
    log(logs, "one.json", [event(1), event(2, sourceIPAddress="203.0.113.9")])

    matches, _ = hunted(logs, rule_folder, configuration=configuration)

    assert [one["source_ip"] for one in matches] == ["203.0.113.9"]


def test_nothing_to_hunt_by_or_through_is_refused(logs: Path, rule_folder: Path) -> None:
    with pytest.raises(UsageError, match="no log files"):
        hunted(logs, rule_folder)
    log(logs, "one.json", [event(1)])
    with pytest.raises(UsageError, match="No detection is called nonsense"):
        hunted(logs, rule_folder, choice=only(rule_folder, "nonsense"))
    with pytest.raises(UsageError, match="No rule is left"):
        hunted(logs, rule_folder, choice=RuleChoice(built_in=False))
