"""Folders of Sigma rules as others publish them: no tests, many shapes, other logs beside ours."""

from pathlib import Path
from textwrap import dedent

from tests.detection.compile.sigma_texts import rule_text, said
from vedette.detection.catalogue import DetectionCatalogue, load_detection_rules
from vedette.detection.ir import CompiledRule

RULE = rule_text("sel: {eventName: StopLogging}\ncondition: sel")
OLD_STYLE = """\
title: Somebody reads a mailbox of keys
id: 0f4e7d3c-52a8-4d0a-9c55-1b1f2f7d9a01
status: test
description: |
    It happens: often.
references:
    - https://example.com/why
author: 'somebody @somewhere, and another'
date: 2021/03/09
modified: 2022/10/09
tags:
    - attack.credential_access
    - attack.T1555 # what a comment says
    - cve.2021-44228
logsource:
    service: cloudtrail
detection:
    selection_source:
        - eventSource: "secretsmanager.amazonaws.com"
    selection_call:
        eventName:
            - 'GetSecretValue'
            - 'ListSecrets'
    filter_main_known:
        - sourceIPAddress: 'AWS Internal'
        - userAgent|contains: 'Agent/${project.version}'
    condition: all of selection_* and not 1 of filter_main_*
fields:
    - userIdentity.arn
falsepositives:
level: medium
"""
BASE_AND_CORRELATION = """\
title: A secret is read
name: secret_read
logsource: {product: aws, service: cloudtrail}
detection:
    selection:
        eventName: GetSecretValue
        errorCode: null
    condition: selection
level: informational
---
# How many are read matters.
title: Many secrets are read
id: 7a2a1de4-5a32-4a47-8a4f-6a0f6a1f5a02
correlation:
    type: value_count
    rules:
        - secret_read
    group-by:
        - userIdentity.arn
    timespan: 30m
    condition:
        gte: 3
        field: requestParameters.secretId
level: high
"""


def load(folder: Path, **files: str) -> DetectionCatalogue:
    """Write each text to the file of its name, and load the folder."""
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(dedent(text))
    return load_detection_rules(directories=[folder], built_in=False)


def ids(catalogue: DetectionCatalogue) -> list[str]:
    return [one.id for one in catalogue.detections]


def test_a_rule_in_an_old_style_loads_as_it_is(tmp_path: Path) -> None:
    catalogue = load(tmp_path, old=OLD_STYLE)

    assert said(catalogue.refused) == []
    (rule,) = catalogue.compiled.rules
    assert rule.tags == ("attack.credential_access", "attack.t1555", "cve.2021-44228")
    assert rule.fields == ("userIdentity.arn",)


def test_an_id_that_is_left_empty_is_none(tmp_path: Path) -> None:
    catalogue = load(tmp_path, one=RULE.replace("title: A rule", "title: A rule\nid:"))

    assert ids(catalogue) == ["one"]
    assert catalogue.compiled.rules[0].sigma_id is None


def test_a_correlation_beside_its_base_rule_loads(tmp_path: Path) -> None:
    catalogue = load(tmp_path, secrets=BASE_AND_CORRELATION)

    assert ids(catalogue) == ["secrets#secret_read", "secrets"]
    assert not catalogue.compiled.rules[0].alerts


def test_a_name_that_two_files_use_means_the_rule_of_the_own_file(tmp_path: Path) -> None:
    catalogue = load(tmp_path, one=BASE_AND_CORRELATION, two=BASE_AND_CORRELATION)

    assert said(catalogue.refused) == []
    assert {one.id: one.rules for one in catalogue.compiled.correlations} == {
        "one": ("one#secret_read",),
        "two": ("two#secret_read",),
    }


def test_a_name_that_fits_several_rules_elsewhere_is_refused(tmp_path: Path) -> None:
    base, correlation = BASE_AND_CORRELATION.split("---\n")

    catalogue = load(tmp_path, one=base, two=base, many=correlation)

    assert said(catalogue.refused) == [
        "many.yml:6: secret_read may be any of several rules: one, two"
    ]


def test_a_name_is_surer_than_a_title(tmp_path: Path) -> None:
    base, correlation = BASE_AND_CORRELATION.split("---\n")
    other = base.replace("name: secret_read\n", "").replace("A secret is read", "secret_read")

    catalogue = load(tmp_path, named=base, titled=other, many=correlation)

    assert catalogue.compiled.correlations[0].rules == ("named",)


def test_a_correlation_may_refer_to_a_title_alone(tmp_path: Path) -> None:
    text = BASE_AND_CORRELATION.replace("name: secret_read\n", "").replace(
        "- secret_read", "- A secret is read"
    )

    catalogue = load(tmp_path, secrets=text)

    assert said(catalogue.refused) == []
    assert catalogue.compiled.correlations[0].rules == ("secrets#1",)


def test_rules_that_share_an_id_all_run(tmp_path: Path) -> None:
    text = RULE.replace("title:", "id: 0f4e7d3c-52a8-4d0a-9c55-1b1f2f7d9a01\ntitle:")

    assert ids(load(tmp_path, one=text, two=text)) == ["one", "two"]


def test_rules_for_other_logs_are_counted_and_left_out(tmp_path: Path) -> None:
    sources = [
        "{product: windows, service: security}",
        "{product: m365, service: exchange}",
        "{category: proxy}",
        "{product: aws, service: waf}",
        "{product: azure, service: cloudtrail}",
    ]
    others = {
        f"other{n}": RULE.replace("{product: aws, service: cloudtrail}", source)
        for n, source in enumerate(sources)
    }

    catalogue = load(tmp_path, **others, ours=RULE)

    assert ids(catalogue) == ["ours"]
    assert said(catalogue.refused) == []
    assert len(catalogue.for_other_logs) == len(sources)


def test_what_counts_rules_for_other_logs_is_left_out_with_them(tmp_path: Path) -> None:
    text = BASE_AND_CORRELATION.replace("product: aws, service: cloudtrail", "product: okta")

    catalogue = load(tmp_path, okta=text)

    assert said(catalogue.refused) == []
    assert len(catalogue.for_other_logs) == 2


def test_a_filter_of_theirs_quiets_what_it_names(tmp_path: Path) -> None:
    text = """\
        title: Administrators
        logsource: {product: aws, service: cloudtrail}
        filter:
            rules: [A rule]
            selection: {userIdentity.arn|endswith: ':role/admin'}
            condition: not selection
        """

    catalogue = load(tmp_path, one=RULE, admins=text)

    assert catalogue.quieted_by("admins") == ["one"]


def test_a_collection_with_a_global_part_is_carried_out(tmp_path: Path) -> None:
    text = """\
        action: global
        title: Trail tampered with
        logsource: {product: aws, service: cloudtrail}
        level: high
        ---
        detection:
            selection: {eventName: StopLogging}
            condition: selection
        ---
        detection:
            selection: {eventName: DeleteTrail}
            condition: selection
        """

    catalogue = load(tmp_path, trail=text)

    assert said(catalogue.refused) == []
    assert [one.title for one in catalogue.detections] == ["Trail tampered with"] * 2
    rules = [one.compiled for one in catalogue.detections]
    assert all(isinstance(one, CompiledRule) and one.level == "high" for one in rules)


def test_a_collection_that_is_broken_is_refused_with_the_lines_of_its_parts(
    tmp_path: Path,
) -> None:
    text = """\
        action: global
        title: Old
        logsource: {product: aws, service: cloudtrail}
        ---
        detection:
            selection: {eventName: StopLogging}
            timeframe: 5m
            condition: selection | count() > 5
        ---
        detection:
            selection: {eventName|nonsense: DeleteTrail}
            condition: selection
        """

    catalogue = load(tmp_path, old=text)

    assert [one.split(": ")[0] for one in said(catalogue.refused)] == ["old.yml:7", "old.yml:11"]
    assert "the old aggregations" in said(catalogue.refused)[0]


def test_an_action_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    (problem,) = said(load(tmp_path, odd=f"action: include\n{RULE}").refused)

    assert problem == "odd.yml:1: `action: include` is none of global, repeat and reset"


def test_an_old_aggregation_is_refused_and_says_what_to_write(tmp_path: Path) -> None:
    text = rule_text("s: {eventName: ListBuckets}\ncondition: s | count() by userIdentity.arn > 5")

    (problem,) = said(load(tmp_path, old=text).refused)

    assert problem.startswith("old.yml:5: ")
    assert "pipe syntax" in problem


def test_files_that_are_no_rules_are_named_and_the_rest_loads(tmp_path: Path) -> None:
    catalogue = load(
        tmp_path,
        config="title: a pipeline\ntransformations: []\n",
        empty="",
        comment="# nothing here\n",
        listed="- one\n- two\n",
        good=RULE,
    )

    assert ids(catalogue) == ["good"]
    assert [one.split(": ")[0] for one in said(catalogue.refused)] == [
        "listed.yml:1",
        "config.yml:1",
    ]


def test_a_status_that_sigma_does_not_know_is_refused_at_its_line(tmp_path: Path) -> None:
    text = RULE.replace("title: A rule", "title: A rule\nstatus: informational")

    assert said(load(tmp_path, odd=text).refused) == [
        "odd.yml:2: 'informational' is not a valid Sigma rule status"
    ]
