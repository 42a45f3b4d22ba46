import json
from pathlib import Path

from scripts.bench.events import write_files
from tests.aws.command import vedette


def test_the_patterns_are_printed_with_their_length() -> None:
    ran = vedette("rules", "patterns")

    assert ran.code == 0
    lines = ran.stdout.splitlines()
    assert any(line.startswith("change-1  to change  ") for line in lines)
    for heading, pattern in zip(lines[::2], lines[1::2], strict=True):
        assert json.loads(pattern)["source"]
        assert f"  {len(pattern.strip()):,} characters  ENABLED" in heading


def test_the_patterns_are_printed_as_json_with_the_share_of_a_log(tmp_path: Path) -> None:
    write_files(tmp_path, 2_000, 1)

    ran = vedette("rules", "patterns", "--output", "json", "--log", tmp_path)

    assert ran.code == 0
    patterns, log = ran.json["patterns"], ran.json["log"]
    assert {one["queue"] for one in patterns} == {"detect", "change", "signal"}
    assert log["events"] == 2_000
    assert 0 < log["by_queue"]["change"] < 400
    assert log["share_by_queue"]["change"] == log["by_queue"]["change"] / 2_000
    assert set(log["by_pattern"]) == {one["name"] for one in patterns}


def test_a_log_that_is_not_wholly_readable_ends_with_its_own_exit_code(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text("{broken")

    ran = vedette("rules", "patterns", "--log", tmp_path)

    assert ran.code == 3
    assert "Not looked at" in ran.stderr


def test_a_log_that_is_not_there_is_a_usage_error() -> None:
    ran = vedette("rules", "patterns", "--log", "/nonexistent/log")

    assert ran.code == 2
    assert "there is no such file or folder" in ran.stderr
