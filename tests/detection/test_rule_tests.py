from pathlib import Path

import pytest

from vedette.configuration.content import ContentError
from vedette.detection.catalogue import load_detection_rules
from vedette.detection.rule_test_events import read_base_events
from vedette.detection.rule_tests import RuleTestReport, RuleTestResult, run_rule_tests

BASE_EVENTS = Path("rules/detection/base_events")
RULE = """\
title: Trail stopped
id: 0f5f86b0-6b8a-4a52-9a40-0ea7cbb46a51
logsource: {product: aws, service: cloudtrail}
detection:
  trail_loss:
    eventSource: cloudtrail.amazonaws.com
    eventName: [StopLogging, DeleteTrail]
  condition: trail_loss
level: high
vedette:
  outcome: {denied: {to: low}}
tests:
  - name: somebody stops a trail
    matches: true
    severity: high
    outcome: success
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
  - name: somebody looks at a trail
    matches: false
    event: {eventSource: cloudtrail.amazonaws.com, eventName: GetTrail}
  - name: somebody is denied to stop a trail
    kind: opposite_outcome
    matches: true
    severity: low
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging, errorCode: AccessDenied}
"""


def report_on(folder: Path, text: str, **others: str) -> RuleTestReport:
    """Run the tests of a rule file `rule.yml`, beside other files."""
    for name, content in {"rule": text, **others}.items():
        (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    folder.chmod(0o755)
    catalogue = load_detection_rules(directories=[folder], built_in=False)
    assert catalogue.refused == ()
    ran = run_rule_tests(catalogue, read_base_events(BASE_EVENTS), ["rule"])
    assert len(ran) == 1
    return ran[0]


def failed(one: RuleTestReport) -> RuleTestResult:
    results = [result for result in one.results if not result.passed]
    assert len(results) == 1
    return results[0]


def test_a_rule_with_all_kinds_of_tests_passes(tmp_path: Path) -> None:
    one = report_on(tmp_path, RULE)

    assert one.passed
    assert [result.kind.value for result in one.results] == [
        "match",
        "near_miss",
        "opposite_outcome",
    ]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (
            "eventName: StopLogging}",
            "eventName: StartLogging}",
            (
                "- a match",
                "+ no match",
                "  selection trail_loss does not hold",
                '  it lacks: eventName is "StopLogging" or "DeleteTrail"',
            ),
        ),
        (
            "eventName: GetTrail}",
            "eventName: DeleteTrail}",
            (
                "- no match",
                "+ a match at 2026-03-10T12:00:00Z (high, success)",
                "  selection trail_loss holds",
            ),
        ),
        ("severity: low", "severity: medium", ("- severity: medium", "+ severity: low")),
        ("outcome: success", "outcome: denied", ("- outcome: denied", "+ outcome: success")),
        (
            "name: somebody looks at a trail",
            "name: somebody looks at a trail\n    base: cloudtrial",
            (
                "there is no base event 'cloudtrial'; there are assumed_role, cloudtrail,"
                " instance_role, root, s3_data, service, signin, sso_user",
            ),
        ),
    ],
)
def test_a_failed_test_is_shown_as_a_difference(
    tmp_path: Path, old: str, new: str, difference: tuple[str, ...]
) -> None:
    result = failed(report_on(tmp_path, RULE.replace(old, new, 1)))

    assert result.difference == difference
    assert str(result).startswith(f"{tmp_path / 'rule.yml'}:{result.line}: rule: {result.name}")
    assert RULE.splitlines()[result.line - 1].startswith("  - name: ")


def test_a_missing_kind_is_named_unless_it_is_excused(tmp_path: Path) -> None:
    without = RULE[: RULE.index("  - name: somebody is denied")]
    excused = without.replace(
        "vedette:\n", "vedette:\n  not_applicable: {opposite_outcome: It cannot fail.}\n"
    )

    problems = report_on(tmp_path, without).problems
    assert [one.message for one in problems] == [
        "it has no test of the kind opposite_outcome, nor a reason under not_applicable"
    ]
    assert problems[0].line == 12
    assert report_on(tmp_path, excused).passed


def test_an_opposite_outcome_that_is_the_same_is_named(tmp_path: Path) -> None:
    same = RULE.replace(", errorCode: AccessDenied", "").replace("severity: low", "severity: high")

    assert [one.message for one in report_on(tmp_path, same).problems] == [
        "its last event has the same outcome as that of a test that matches"
    ]


def test_a_mistake_in_the_keys_is_told_with_its_line(tmp_path: Path) -> None:
    one = report_on(tmp_path, RULE.replace("matches: false", "matches: never"))

    assert [(problem.line, problem.message[:15]) for problem in one.problems] == [
        (19, "tests.1.matches")
    ]
    assert not one.passed


COUNTING = """\
title: Many secrets read
id: 5a0a4fd3-2ad5-4f41-b4c8-6a35a5c0a9b0
correlation:
  type: value_count
  rules: [secret_read]
  group-by: [vedette.principal]
  timespan: 10m
  condition: {field: requestParameters.secretId, gte: 20}
level: high
tests:
  - name: a role reads twenty secrets
    matches: true
    base: assumed_role
    events:
      - event: &read {eventName: GetSecretValue, requestParameters: {secretId: "secret-{n}"}}
        repeat: 20
        every: 10s
  - name: a role reads one secret twenty times
    matches: false
    base: assumed_role
    events:
      - event: {eventName: GetSecretValue, requestParameters: {secretId: one}}
        repeat: 20
        every: 10s
  - name: the last reads are denied
    kind: opposite_outcome
    matches: false
    base: assumed_role
    events:
      - {event: *read, repeat: 18, every: 10s}
      - event: {eventName: GetSecretValue, errorCode: AccessDenied}
        at: +4m
        repeat: 2
"""
READ = """\
title: Secret read
name: secret_read
logsource: {product: aws, service: cloudtrail}
detection:
  read: {eventName: GetSecretValue}
  denied: {errorCode|exists: true}
  condition: read and not denied
"""


def test_a_correlation_is_tested_with_the_rules_that_feed_it(tmp_path: Path) -> None:
    assert report_on(tmp_path, COUNTING, base=READ).passed


def test_a_failed_correlation_tells_which_rules_matched(tmp_path: Path) -> None:
    result = failed(report_on(tmp_path, COUNTING.replace("gte: 20", "gte: 21"), base=READ))

    assert result.difference == (
        "- a match",
        "+ no match",
        "  base matched 20 of 20 events",
    )


REMEMBERING = RULE.replace(
    "vedette:\n", "vedette:\n  first_seen: {fields: [awsRegion], learning: 7d}\n"
).replace(
    "    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}\n",
    "    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}\n"
    "    prior:\n"
    "      - at: -8d\n"
    "        event: {eventName: StopLogging, awsRegion: x, eventSource: cloudtrail.amazonaws.com}"
    "\n",
)


def test_what_happened_before_is_remembered_and_not_judged(tmp_path: Path) -> None:
    result = failed(report_on(tmp_path, REMEMBERING))

    # The denied attempt has no prior events, so the rule is still learning.
    assert result.name == "somebody is denied to stop a trail"
    assert result.difference[-1] == (
        "  the condition holds on the last event; what is remembered decides"
    )


def test_a_rule_that_is_dark_in_a_test_says_so(tmp_path: Path) -> None:
    dark = RULE.replace(
        "  trail_loss:\n", "  trail_loss:\n    vedette.source.country: FR\n"
    ).replace(
        "    severity: high\n",
        "    severity: high\n    settings: &s {places: {198.51.100.20: {country: FR}}}\n",
    )

    results = report_on(tmp_path, dark).results

    assert results[0].passed
    assert results[1].difference == (
        "the rule is dark here: vedette.source.country: no database of places is configured",
    )


def test_settings_give_accounts_and_indicators(tmp_path: Path) -> None:
    looked_up = RULE.replace(
        "vedette:\n",
        "vedette:\n  lookup: {field: sourceIPAddress, list: indicators.bad}\n",
    ).replace("    matches:", "    settings: {indicators: {bad: [198.51.100.0/24]}}\n    matches:")

    assert report_on(tmp_path, looked_up).passed


EXCLUSION = """\
title: Break-glass role
logsource: {product: aws, service: cloudtrail}
filter:
  rules: any
  break_glass: {userIdentity.userName: alice}
  condition: not break_glass
"""


def test_an_exclusion_lowers_the_severity_and_is_named(tmp_path: Path) -> None:
    result = failed(
        report_on(tmp_path, RULE.replace("    severity: low\n", ""), exclusion=EXCLUSION)
    )

    assert result.difference[:2] == ("- severity: high", "+ severity: informational")
    assert "quieted by exclusion" in result.difference[2]


def test_tests_of_a_rule_that_bears_none_are_not_missed(tmp_path: Path) -> None:
    (tmp_path / "theirs.yml").write_text(READ, encoding="utf-8")
    tmp_path.chmod(0o755)
    catalogue = load_detection_rules(directories=[tmp_path], built_in=False)

    assert run_rule_tests(catalogue, read_base_events(BASE_EVENTS)) == []


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"eventTime": "soon"}'])
def test_a_base_event_must_be_an_event(tmp_path: Path, content: str) -> None:
    (tmp_path / "broken.json").write_text(content, encoding="utf-8")

    with pytest.raises(ContentError, match=r"broken\.json"):
        read_base_events(tmp_path)
