from pathlib import Path

import pytest

from tests.detection.compile.sigma_texts import rule_text, said
from vedette.configuration.content import ContentError
from vedette.detection.catalogue import DetectionCatalogue, load_detection_rules
from vedette.detection.ir import CompiledExclusion, CompiledRule
from vedette.findings.severity import Severity

RULE = rule_text("sel: {eventName: StopLogging}\ncondition: sel")


def load(folder: Path, **files: str) -> DetectionCatalogue:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return load_detection_rules(directories=[folder], built_in=False)


def ids(catalogue: DetectionCatalogue) -> list[str]:
    return [detection.id for detection in catalogue.detections]


def test_a_folder_laid_out_like_ours_is_read_from_its_sub_folder(tmp_path: Path) -> None:
    catalogue = load(tmp_path, detection__impact__deleted=RULE, frameworks__cis="title: CIS\n")
    assert ids(catalogue) == ["impact/deleted"]
    assert catalogue.refused == ()


def test_a_plain_folder_of_sigma_rules_is_read_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "workflow.yml").write_text("name: CI\n")
    (tmp_path / "three.yaml").write_text(RULE)
    catalogue = load(tmp_path, cloud__aws__one=RULE, two=RULE)
    assert ids(catalogue) == ["cloud/aws/one", "three", "two"]
    assert catalogue.refused == ()


def test_a_loaded_rule_keeps_its_texts_tests_and_lines(tmp_path: Path) -> None:
    more = """
status: test
level: low
description: What happened.
references: [https://example.com]
falsepositives: [A planned change.]
author: somebody
tests: [{name: one, matches: true}]
vedette: {dedup: {fields: [awsRegion], window: 1h}}
"""
    (rule,) = load(tmp_path, detection__one=RULE + more).detections
    assert isinstance(rule.compiled, CompiledRule)
    assert rule.compiled.level is Severity.LOW
    assert rule.compiled.extension == {"dedup": {"fields": ["awsRegion"], "window": "1h"}}
    assert (rule.description, rule.author, rule.status) == ("What happened.", "somebody", "test")
    assert (rule.references, rule.false_positives) == (
        ("https://example.com",),
        ("A planned change.",),
    )
    assert rule.tests == [{"name": "one", "matches": True}]
    assert rule.document.line(("vedette", "dedup", "window")) == 14
    assert (rule.path.name, rule.title, rule.built_in) == ("one.yml", "A rule", False)


def test_a_rule_without_tests_or_level_loads_as_medium(tmp_path: Path) -> None:
    (rule,) = load(tmp_path, one=RULE).detections
    assert rule.tests == ()
    assert isinstance(rule.compiled, CompiledRule)
    assert rule.compiled.level is Severity.MEDIUM


def test_the_only_correlation_of_a_file_has_its_id(tmp_path: Path) -> None:
    named = RULE.replace("title: A rule", "title: A rule\nname: base")
    correlation = (
        "title: Many\ncorrelation: {type: event_count, rules: base, timespan: 1h,"
        " condition: {gt: 1}}\n"
    )
    catalogue = load(tmp_path, burst=f"{named}---\n{correlation}")
    assert ids(catalogue) == ["burst#base", "burst"]
    assert catalogue.compiled.rules[0].feeds == ("burst",)


def test_documents_of_a_file_never_share_an_id(tmp_path: Path) -> None:
    named = RULE.replace("title: A rule", "title: A rule\nname: base")
    catalogue = load(tmp_path, several="---\n".join([RULE, named, named, RULE]))
    assert ids(catalogue) == ["several", "several#base", "several#3", "several#4"]


def test_an_exclusion_tells_which_rules_it_quiets(tmp_path: Path) -> None:
    text = """
title: Scanners
logsource: {product: aws}
filter:
  rules: any
  scanner: {userIdentity.arn: x}
  condition: not scanner
"""
    catalogue = load(tmp_path, detection__one=RULE, detection__exclusions__scanners=text)
    assert catalogue.quieted_by("exclusions/scanners") == ["one"]
    assert isinstance(catalogue.detections[0].compiled, CompiledExclusion)


def test_what_is_refused_is_told_and_the_rest_loads(tmp_path: Path) -> None:
    catalogue = load(tmp_path, broken="a: [", odd=RULE.replace("StopLogging", "{a: b}"), good=RULE)
    assert ids(catalogue) == ["good"]
    assert [one.split(": ")[0] for one in said(catalogue.refused)] == ["broken.yml:2", "odd.yml:4"]


def test_placeholders_come_from_the_caller(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(rule_text("s: {'f|expand': '%who%'}\ncondition: s"))
    with_values = load_detection_rules(
        directories=[tmp_path], built_in=False, placeholders={"who": ["alice"]}
    )
    assert ids(with_values) == ["one"]
    without = load_detection_rules(directories=[tmp_path], built_in=False)
    assert "%who%" in said(without.refused)[0]


def test_an_id_that_stands_in_two_folders_is_an_error(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rule.yml").write_text(RULE)
    with pytest.raises(ContentError, match="the id rule is taken by"):
        load_detection_rules(directories=[tmp_path / "one", tmp_path / "two"], built_in=False)


def test_a_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such folder"):
        load_detection_rules(directories=[tmp_path / "absent"], built_in=False)


def test_all_detections_that_come_with_vedette_compile() -> None:
    catalogue = load_detection_rules(placeholders={})
    assert said(catalogue.for_other_logs) == []
    assert len({detection.id for detection in catalogue.detections}) == len(catalogue.detections)
