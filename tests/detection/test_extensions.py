import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from vedette.detection.extensions import (
    Adjustment,
    DetectionKeys,
    Extension,
    Kind,
    OutcomeAdjustments,
    RuleTest,
    schema,
    schema_text,
    seconds,
)
from vedette.findings.severity import Severity

EVERYTHING = """
title: A rule with every part
detection: {any: {eventName: RunInstances}, condition: any}
vedette:
  first_seen: {fields: [awsRegion, recipientAccountId], principal: false, look_back: 14d}
  lookup:
    - {field: userIdentity.accountId, list: own_accounts, match: not_in}
    - {field: sourceIPAddress, list: indicators.tor}
  dedup: {fields: [vedette.principal], window: 6h}
  outcome: {denied: {to: low}, failed: {by: 2}}
  triage:
    - step: Ask the principal whether it works in this region.
      fields: [vedette.principal, awsRegion]
  not_applicable:
    opposite_outcome: The service records successful calls only.
tests:
  - name: an instance starts in a new region
    matches: true
    severity: high
    prior: [{at: -10d, repeat: 3, every: 1d}]
    events: [{at: +5m, event: {awsRegion: ap-east-1}}]
    settings: {own_accounts: ["111122223333"], places: {203.0.113.7: {country: FR}}}
"""


def keys(text: str) -> DetectionKeys:
    return DetectionKeys.model_validate(yaml.safe_load(text))


def refusal(text: str) -> str:
    with pytest.raises(ValidationError) as caught:
        keys(text)
    first = caught.value.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def test_every_part_is_read() -> None:
    rule = keys(EVERYTHING)

    assert rule.vedette.first_seen is not None
    assert rule.vedette.first_seen.learning == "7d"
    assert [one.derived_field for one in rule.vedette.lookups] == [
        "vedette.lookup.not_in.own_accounts.userIdentity.accountId",
        "vedette.lookup.in.indicators.tor.sourceIPAddress",
    ]
    assert rule.tests[0].shown_kind is Kind.MATCH


def test_a_rule_without_extension_has_an_empty_one() -> None:
    assert keys("title: A plain Sigma rule") == DetectionKeys(vedette=Extension(), tests=())


def test_one_lookup_needs_no_list() -> None:
    rule = keys("vedette: {lookup: {field: a, list: trusted_accounts}}")

    assert [one.list for one in rule.vedette.lookups] == ["trusted_accounts"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vedette: {first_sen: {fields: [a]}}", "vedette.first_sen: Extra inputs"),
        ("vedette: {first_seen: {fields: []}}", "vedette.first_seen.fields: Tuple should have"),
        ("vedette: {first_seen: {fields: [a], look_back: 1w}}", "look_back: String should match"),
        ("vedette: {first_seen: {fields: [a], look_back: 0d}}", "look_back: String should match"),
        ("vedette: {dedup: {fields: [a], window: 90}}", "vedette.dedup.window: Input should be"),
        ("vedette: {outcome: {denied: {to: low, by: 1}}}", "give either `to` or `by`"),
        ("vedette: {outcome: {denied: {}}}", "give either `to` or `by`"),
        ("vedette: {not_applicable: {match: It never does.}}", "not_applicable.match"),
        ("vedette: {not_applicable: {near_miss: no}}", "not_applicable.near_miss"),
        (
            "vedette: {first_seen: {fields: [a]}, impossible_travel: {}}",
            "either first_seen or impossible_travel",
        ),
        ("tests: [{name: nothing happens, matches: true}]", "give either `event` or `events`"),
        (
            "tests: [{name: both at once, matches: true, event: {}, events: [{}]}]",
            "give either `event` or `events`",
        ),
        (
            "tests: [{name: nothing severe, matches: false, severity: low, event: {}}]",
            "neither severity nor outcome",
        ),
        (
            "tests: [{name: a confused one, kind: match, matches: false, event: {}}]",
            "it is a near_miss",
        ),
        (
            "tests: [{name: a lost without, matches: true, without: [a], events: [{}]}]",
            "beside each of `events`",
        ),
    ],
)
def test_a_mistake_is_refused_where_it_stands(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize("name", ["own", "indicators.", "indicators.Tor", "indicators.a.b", ""])
def test_a_lookup_names_a_list_that_can_exist(name: str) -> None:
    assert "lookup" in refusal(f"vedette: {{lookup: {{field: a, list: {name!r}}}}}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("5m", 300), ("2h", 7_200), ("30d", 2_592_000), ("-10d", -864_000), ("+1s", 1)],
)
def test_durations_are_counted_in_seconds(text: str, expected: int) -> None:
    assert seconds(text) == expected


@settings(deadline=None)
@given(st.sampled_from(Severity), st.sampled_from(Severity), st.integers(1, 4))
def test_an_adjustment_never_raises_a_severity(base: Severity, to: Severity, by: int) -> None:
    assert Adjustment(to=to).lowered(base) is min(base, to, key=lambda one: one.rank)
    assert Adjustment(by=by).lowered(base).rank == max(0, base.rank - by)


def test_only_the_named_outcome_is_adjusted() -> None:
    adjustments = OutcomeAdjustments(denied=Adjustment(to=Severity.LOW))

    assert adjustments.severity("denied", Severity.HIGH) is Severity.LOW
    assert adjustments.severity("failed", Severity.HIGH) is Severity.HIGH
    assert adjustments.severity(None, Severity.HIGH) is Severity.HIGH


def test_a_call_with_the_opposite_outcome_may_match_or_not() -> None:
    for matches in (True, False):
        test = RuleTest(
            name="the call is denied",
            kind=Kind.OPPOSITE_OUTCOME,
            matches=matches,
            event={"errorCode": "AccessDenied"},
        )
        assert test.shown_kind is Kind.OPPOSITE_OUTCOME


def test_the_published_schema_is_current() -> None:
    published = Path("docs/schemas/detection-extension.json").read_text(encoding="utf-8")

    assert published == schema_text()


def test_the_schema_accepts_what_the_models_accept() -> None:
    document: dict[str, Any] = yaml.safe_load(EVERYTHING)
    validator = jsonschema.Draft202012Validator(schema())

    validator.validate(json.loads(json.dumps(document)))
    document["vedette"]["first_seen"]["look_back"] = "1w"
    assert not validator.is_valid(document)


def test_every_setting_of_a_rule_is_described() -> None:
    definitions: dict[str, Any] = schema()["$defs"]
    undescribed = [
        f"{name}.{key}"
        for name in ("FirstSeen", "ImpossibleTravel", "Lookup", "Dedup", "Adjustment", "TriageStep")
        for key, field in definitions[name]["properties"].items()
        if "description" not in field
    ]
    assert undescribed == []
