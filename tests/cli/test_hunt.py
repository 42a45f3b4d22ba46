import json
import re
from pathlib import Path

import jsonschema
import pytest

from tests.aws.command import vedette
from tests.operations.hunting import DENIED, TRAIL_STOPPED, denied, event, log, rules

HOSTILE = '<script>alert(1)</script>\x1b[2J\x9b31m=cmd|"/c calc"!A1\u202e'


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return log(tmp_path / "logs", "one.json.gz", [event(1), *map(denied, (2, 3, 4))]).parent


@pytest.fixture
def own(tmp_path: Path) -> list[str | Path]:
    """Return the arguments that leave the rules of this file alone."""
    folder = rules(tmp_path / "rules", stopped=TRAIL_STOPPED, denials=DENIED)
    return ["--no-built-in", "--rules", folder]


def test_lines_of_json_follow_their_schema(logs: Path, own: list[str | Path]) -> None:
    ran = vedette("hunt", logs, *own, "--output", "jsonl")

    assert ran.code == 0, ran.stderr
    schema = json.loads(Path("docs/schemas/hunt-match.json").read_text(encoding="utf-8"))
    matches = [json.loads(line) for line in ran.stdout.splitlines()]
    for match in matches:
        jsonschema.validate(match, schema)
    assert [one["rule"] for one in matches] == ["stopped", "denials"]
    assert len(matches[1]["event_ids"]) == 3


def test_the_report_follows_its_schema(logs: Path, own: list[str | Path]) -> None:
    ran = vedette("hunt", logs, *own, "--output", "json")

    schema = json.loads(Path("docs/schemas/hunt.json").read_text(encoding="utf-8"))
    jsonschema.validate(ran.json, schema)
    assert ran.json["events"] == 4
    assert ran.json["cases"][0]["severity"] == "high"


def test_the_table_tells_the_worst_case_first(logs: Path, own: list[str | Path]) -> None:
    ran = vedette("hunt", logs, *own)

    assert ran.stdout.index("HIGH") < ran.stdout.index("4 events in 1 file")
    assert "Trail stopped" in ran.stdout
    assert "Many denials" in ran.stdout
    assert "events/s" in ran.stderr


def test_exit_codes_say_what_was_found_and_what_was_not_looked_at(
    logs: Path, own: list[str | Path]
) -> None:
    assert vedette("hunt", logs, *own, "--fail-on", "critical").code == 0
    assert vedette("hunt", logs, *own, "--fail-on", "high").code == 1
    (logs / "bad.json.gz").write_bytes(b"\x1f\x8b\x08\x00")

    incomplete = vedette("hunt", logs, *own)

    assert incomplete.code == 3
    assert "bad.json.gz" in incomplete.stdout
    assert vedette("hunt", logs, *own, "--fail-on", "high").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "yesterday"], "--since: yesterday is no time"),
        (["s3://trail/"], "either files or S3"),
        (["--rule", "nonsense"], "No detection is called nonsense"),
        (["--output", "xml"], "Invalid value"),
        (["--baseline", "/nonexistent/baseline.json"], "cannot be read"),
        (["--output-file", "/nonexistent/report.html"], "there is no folder"),
    ],
)
def test_what_cannot_begin_is_refused_with_code_2(
    logs: Path, own: list[str | Path], arguments: list[str], said: str
) -> None:
    ran = vedette("hunt", logs, *own, *arguments)

    assert ran.code == 2
    assert said in " ".join(ran.stderr.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TRAIL_STOPPED.replace("condition: stop", "condition: x"), "7: no selection is called x"),
        (
            TRAIL_STOPPED.replace("stop: {", "stop: {vedette.source.county: DE, "),
            "6: there is no derived field vedette.source.county; did you mean",
        ),
        (f"{TRAIL_STOPPED}  nonsense: 1\n", "11: extra inputs are not permitted"),
        (DENIED.replace("{gte: 3}", "{lt: 1}").replace("denied", "rejected"), "15: it asks for"),
    ],
    ids=["selection", "derived field", "extension", "correlation"],
)
def test_a_refused_rule_is_named_by_file_and_line_and_the_hunt_goes_on(
    logs: Path, own: list[str | Path], text: str, said: str
) -> None:
    folder = rules(Path(str(own[-1])), broken=text)

    ran = vedette("hunt", logs, *own, "--output", "jsonl")

    assert ran.code == 3
    assert f"{folder}/broken.yml:{said}" in ran.stderr
    assert '"rule":"stopped"' in ran.stdout


def test_dark_rules_are_said_in_every_output(logs: Path, own: list[str | Path]) -> None:
    abroad = TRAIL_STOPPED.replace("stop: {", "stop: {vedette.source.country: DE, ")
    rules(Path(str(own[-1])), abroad=abroad)

    for output in ("table", "json", "jsonl", "csv", "html"):
        ran = vedette("hunt", logs, *own, "--output", output)
        assert "no database of places is configured" in ran.stdout + ran.stderr, output
        assert ran.code == 0


@pytest.mark.parametrize("output", ["table", "json", "jsonl", "csv", "html"])
def test_hostile_text_is_harmless_in_every_output(
    tmp_path: Path, own: list[str | Path], output: str
) -> None:
    identity = {"type": "IAMUser", "arn": f"arn:aws:iam::111122223333:user/{HOSTILE}"}
    records = [event(1, userAgent=HOSTILE, sourceIPAddress=HOSTILE, userIdentity=identity)]
    log(tmp_path / "logs", "one.json", records)

    ran = vedette("hunt", tmp_path / "logs", *own, "--output", output)

    assert ran.code == 0, ran.stderr
    assert "stopped" in ran.stdout or "Trail stopped" in ran.stdout
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ran.stdout + ran.stderr)
    if output == "html":
        assert "<script" not in ran.stdout
    if output == "csv":
        assert not re.search(r'(^|,)"?=', ran.stdout, re.MULTILINE)


def test_a_report_file_is_for_its_owner_alone(
    logs: Path, own: list[str | Path], tmp_path: Path
) -> None:
    path = tmp_path / "report.html"

    ran = vedette("hunt", logs, *own, "--output", "html", "--output-file", path)

    assert ran.stdout == ""
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_timeline_tells_one_story(tmp_path: Path, own: list[str | Path]) -> None:
    bob = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/bob"}
    log(tmp_path / "logs", "one.json", [event(1), event(2, userIdentity=bob)])

    ran = vedette("hunt", tmp_path / "logs", *own, "--timeline", "--principal", "bob")

    assert "user/bob" in ran.stdout
    assert "user/eve" not in ran.stdout


def test_a_baseline_is_learned_and_used(logs: Path, own: list[str | Path], tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"

    learned = vedette("hunt", logs, *own, "--learn", path)

    assert "Baseline written" in learned.stderr
    assert vedette("hunt", logs, *own, "--baseline", path).code == 0


def test_an_event_is_replayed(tmp_path: Path, own: list[str | Path]) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event(1, userAgent=HOSTILE)), encoding="utf-8")

    shown = vedette("replay", path, *own)
    as_json = vedette("replay", path, *own, "--output", "json")

    assert "matches   HIGH  stopped: Trail stopped" in shown.stdout
    assert as_json.json["events"][0]["matched"][0]["held"] == ["stop"]


def test_detections_are_listed_shown_tested_and_mapped(
    tmp_path: Path, own: list[str | Path]
) -> None:
    listed = vedette("rules", "list", "--kind", "detection", *own, "--output", "json").json
    shown = vedette("rules", "show", "denials", *own)
    tested = vedette("rules", "test", own[-1])
    layer = vedette("rules", "coverage", *own).json

    assert {one["id"] for one in listed} == {"stopped", "denials", "denials#denied"}
    assert "Counts: denials#denied" in shown.stdout
    assert tested.code == 0
    assert [one["techniqueID"] for one in layer["techniques"]] == ["T1562.008"]


def test_a_failing_test_ends_with_code_1(tmp_path: Path) -> None:
    wrong = (
        "tests:\n  - name: It is something else.\n    matches: true\n    event: {eventName: X}\n"
    )
    ran = vedette("rules", "test", rules(tmp_path, stopped=TRAIL_STOPPED + wrong))

    assert ran.code == 1
    assert "It is something else." in ran.stdout
    assert "stopped.yml:" in ran.stdout
