import json
from pathlib import Path

import pytest

from tests.operations.hunting import DENIED, TRAIL_STOPPED, rules
from vedette.findings.severity import Severity
from vedette.operations.detection_rules import (
    at_least,
    detection_page,
    detections,
    detections_json,
    navigator_layer,
    one_detection,
    run_tests_below,
)
from vedette.operations.usage import UsageError

EXCLUSION = """\
title: Our Terraform
logsource: {product: aws, service: cloudtrail}
filter:
  rules: [Denied]
  ours: {userIdentity.arn: "arn:aws:iam::111122223333:role/terraform"}
  condition: not ours
"""
GOOD_TEST = """\
tests:
  - name: A trail is stopped.
    matches: true
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
  - name: A trail is started.
    matches: false
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StartLogging}
  - name: Stopping is denied.
    matches: true
    kind: opposite_outcome
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging, errorCode: AccessDenied}
"""


def test_a_page_says_all_that_a_detection_says(tmp_path: Path) -> None:
    catalogue = detections([rules(tmp_path, denials=DENIED, ours=EXCLUSION)], built_in=False)

    rule = detection_page(one_detection("denials#denied", catalogue), catalogue)
    correlation = detection_page(one_detection("denials", catalogue), catalogue)
    exclusion = detection_page(one_detection("ours", catalogue), catalogue)

    assert "Severity: low" in rule
    assert "Quieted by:\n  ours" in rule
    assert "Counts: denials#denied" in correlation
    assert "Quiets:\n  denials#denied" in exclusion


def test_json_tells_rules_from_exclusions(tmp_path: Path) -> None:
    catalogue = detections([rules(tmp_path, denials=DENIED, ours=EXCLUSION)], built_in=False)

    written = detections_json(catalogue.detections, catalogue)

    kinds = {one["id"]: one["kind"] for one in written}
    assert kinds == {"denials": "detection", "denials#denied": "detection", "ours": "exclusion"}
    assert next(one for one in written if one["id"] == "ours")["quiets"] == ["denials#denied"]


def test_exclusions_are_listed_only_where_no_severity_is_asked(tmp_path: Path) -> None:
    catalogue = detections([rules(tmp_path, denials=DENIED, ours=EXCLUSION)], built_in=False)

    assert {one.id for one in at_least(catalogue, Severity.MEDIUM)} == {"denials"}


def test_near_names_are_proposed() -> None:
    with pytest.raises(UsageError, match="Did you mean initial_access/root_called_api"):
        one_detection("initial_access/root_called_apis", detections())


def test_tests_below_a_path_run(tmp_path: Path) -> None:
    folder = rules(tmp_path / "detection" / "defense_evasion", stopped=TRAIL_STOPPED + GOOD_TEST)

    ran = run_tests_below(folder)

    assert ran.passed
    assert ran.tests == 3


def test_a_failed_test_says_where_it_stands_and_what_differs(tmp_path: Path) -> None:
    wrong = GOOD_TEST.replace("eventName: StartLogging", "eventName: StopLogging")
    folder = rules(tmp_path, stopped=TRAIL_STOPPED + wrong)

    ran = run_tests_below(folder / "stopped.yml")

    assert not ran.passed
    (failed,) = [one for each in ran.tested for one in each.results if not one.passed]
    assert f"{folder}/stopped.yml:" in str(failed)
    assert "A trail is started." in str(failed)
    assert failed.difference


def test_a_rule_that_cannot_be_loaded_fails_its_tests(tmp_path: Path) -> None:
    ran = run_tests_below(rules(tmp_path, broken="title: broken\ndetection: {}\n"))

    assert not ran.passed
    assert ran.refused


def test_a_path_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rules there"):
        run_tests_below(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        run_tests_below(tmp_path / "nothing")


def test_the_layer_counts_the_rules_of_each_technique(tmp_path: Path) -> None:
    catalogue = detections([rules(tmp_path, stopped=TRAIL_STOPPED)], built_in=False)

    layer = json.loads(navigator_layer(catalogue))

    assert layer["domain"] == "enterprise-attack"
    (technique,) = layer["techniques"]
    assert technique["techniqueID"] == "T1562.008"
    assert technique["tactic"] == "defense-evasion"
    assert (technique["score"], technique["comment"]) == (1, "stopped")
