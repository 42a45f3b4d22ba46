"""Exclusions from the configuration to what the command says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.aws.command import vedette
from tests.operations.hunting import log
from tests.rules.benign_cast import CAST, IAC_ROLE, PLACEHOLDERS
from tests.rules.hunting_day import configured
from vedette.aws.demo.records import Call, Diary
from vedette.configuration import content
from vedette.configuration.content import built_in_root
from vedette.operations.detection_rules import run_tests_below

RULE = "execution/user_data_replaced"
SCANNERS = "exclusions/scanners"
ON_USER_AGENT = """\
title: Terraform by its user agent
logsource: {product: aws, service: cloudtrail}
filter:
  rules: any
  terraform: {userAgent|contains: Terraform}
  condition: not terraform
"""
ON_OWN_LIST = ON_USER_AGENT.replace(
    "{userAgent|contains: Terraform}", "{userIdentity.arn|expand: '%our_robots%'}"
)
ON_PLACEHOLDER = ON_USER_AGENT.replace(
    "{userAgent|contains: Terraform}", "{userAgent|contains|expand: '%iac_principals%'}"
)


@pytest.fixture
def replaced(tmp_path: Path) -> Path:
    """Return a file with the record of user data that the Terraform role replaced."""
    terraform = CAST.role(IAC_ROLE, "any", "192.0.2.80")
    request = {"instanceId": "i-0a1b2c3d4e5f60001", "userData": "<sensitiveDataRemoved>"}
    call = Call(service="ec2", name="ModifyInstanceAttribute", region="eu-west-1", request=request)
    diary = Diary(CAST.account, datetime(2026, 3, 2, tzinfo=UTC))
    diary.call(terraform, call)
    return log(tmp_path / "logs", "one.json", [dict(one) for one in diary.records])


def matched(file: Path, config: Path | None) -> list[tuple[str, list[str]]]:
    """Return what hunt and replay say of the rule, which must be the same."""
    options = ("--config", config) if config else ()
    hunted = vedette("hunt", file, "--output", "jsonl", *options)
    assert hunted.code == 0, hunted.stderr
    lines = [json.loads(line) for line in hunted.stdout.splitlines()]
    found = [(one["severity"], one["quieted_by"]) for one in lines if one["rule"] == RULE]
    replayed = vedette("replay", file, "--output", "json", *options)
    assert replayed.code == 0, replayed.stderr
    again = [one["match"] for each in replayed.json["events"] for one in each["matched"]]
    assert [(one["severity"], one["quieted_by"]) for one in again if one["rule"] == RULE] == found
    return found


def test_hunt_and_replay_heed_the_configured_principals(replaced: Path, tmp_path: Path) -> None:
    filled = configured(tmp_path, detection={"placeholders": PLACEHOLDERS})

    assert matched(replaced, filled) == [("informational", ["exclusions/iac_roles"])]


def test_without_a_configuration_nobody_is_excluded(replaced: Path) -> None:
    assert matched(replaced, None) == [("medium", [])]


@pytest.mark.parametrize("pattern", ["exclusions/iac_roles", "exclusions/*"])
def test_a_disabled_exclusion_quiets_nothing(replaced: Path, tmp_path: Path, pattern: str) -> None:
    detection = {"placeholders": PLACEHOLDERS, "disabled_exclusions": [pattern]}

    assert matched(replaced, configured(tmp_path, detection=detection)) == [("medium", [])]


def test_the_list_of_rules_has_the_exclusions_and_what_they_quiet() -> None:
    ran = vedette("rules", "list", "--kind", "detection", "--output", "json")

    exclusions = {one["id"]: one for one in ran.json if one["kind"] == "exclusion"}
    assert "not loaded" not in ran.stderr
    assert set(exclusions) == {
        "exclusions/aws_service_principals",
        "exclusions/ci",
        "exclusions/iac_roles",
        "exclusions/scanners",
    }
    assert "discovery/iam_listed" in exclusions[SCANNERS]["quiets"]
    assert exclusions[SCANNERS]["placeholders"] == ["scanner_principals", "vedette_principals"]
    assert {one["caution"] for one in exclusions.values()} == {None}


def test_a_page_says_what_an_exclusion_quiets_and_a_rule_what_quiets_it() -> None:
    exclusion = vedette("rules", "show", SCANNERS).stdout
    rule = vedette("rules", "show", "discovery/iam_listed").stdout

    assert "Quiets:\n" in exclusion
    assert "  discovery/iam_listed\n" in exclusion
    assert "detection.placeholders.scanner_principals" in exclusion
    assert "Caution" not in exclusion
    assert "Quieted by:\n  exclusions/iac_roles\n  exclusions/scanners\n" in rule


def test_a_filter_that_callers_can_meet_is_shown_with_a_caution(tmp_path: Path) -> None:
    (tmp_path / "agent.yml").write_text(ON_USER_AGENT)

    shown = vedette("rules", "show", "agent", "--rules", tmp_path)

    assert "Caution: it can hold by what callers set (userAgent)" in shown.stdout


def test_a_list_of_ones_own_comes_from_the_configuration(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "robots.yml").write_text(ON_OWN_LIST)
    filled = configured(tmp_path, detection={"placeholders": {"our_robots": ["arn:any"]}})

    without = vedette("rules", "list", "--kind", "detection", "--rules", rules)
    shown = vedette("rules", "show", "robots", "--rules", rules, "--config", filled)
    tested = vedette("rules", "test", rules / "robots.yml", "--config", filled)

    assert "robots.yml:5: the configuration defines no values for" in without.stderr
    assert "detection.placeholders.our_robots" in shown.stdout
    assert tested.code == 0, tested.stdout


def test_the_exclusions_that_vedette_brings_pass_their_tests() -> None:
    assert run_tests_below(built_in_root() / "detection" / "exclusions").passed


def test_one_of_ours_that_callers_can_meet_fails_its_tests_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "detection" / "exclusions" / "agent.yml"
    path.parent.mkdir(parents=True)
    path.write_text(ON_PLACEHOLDER)
    monkeypatch.setattr(content, "IN_WHEEL", tmp_path)

    ran = run_tests_below(None)

    (problem,) = ran.refused
    assert not ran.passed
    assert (problem.path, problem.line) == (path, 3)
    assert "what callers set (userAgent)" in problem.message
