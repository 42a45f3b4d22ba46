from pathlib import Path

import pytest

from tests.detection.compile.sigma_texts import HEAD, ruleset_of, said

DETECTION = "detection:\n  one: {eventName: StopLogging}\n  condition: one\n"
BASE = f"{HEAD}name: base\n{DETECTION}"


def correlation(**settings: str) -> str:
    """Write a correlation over the rule `base`; its keys begin in line 3."""
    given = {
        "type": "event_count",
        "rules": "[base]",
        "timespan": "10m",
        "group-by": "[userIdentity.arn]",
        "condition": "{gte: 3}",
    } | {name.replace("_", "-"): value for name, value in settings.items()}
    lines = "".join(f"  {name}: {value}\n" for name, value in given.items())
    return f"title: Many\ncorrelation:\n{lines}"


def refused(folder: Path, text: str, **others: str) -> list[str]:
    """Compile a document beside others that are sound, and return what is said against it."""
    ruleset = ruleset_of(folder, **others, bad=text)
    assert "bad" not in {one.id for one in ruleset.compiled.rules}
    assert "bad" not in {one.id for one in ruleset.compiled.correlations}
    assert "bad" not in {one.id for one in ruleset.compiled.exclusions}
    return said(ruleset.refused)


FIELDS = [
    ("one: {vedette.source.county: FR}", 4, "vedette.source.county; did you mean"),
    ("one: {'vedette.source.county|startswith': F}", 4, "did you mean vedette.source.country?"),
    ("one: {'vedette.nothing.at.all|exists': true}", 4, "vedette.nothing.at.all"),
    ("one: [{a: 1}, {vedette.polcy: x}]", 4, "vedette.polcy"),
    ("one: {'eventName|fieldref': vedette.sauce}", 4, "vedette.sauce"),
    ("one: {vedette.lookup.in.own_accounts.vedette.sauce: 'true'}", 4, "vedette.lookup.in"),
    ("one: {vedette.lookup.in.nonsense.eventName: 'true'}", 4, "vedette.lookup.in.nonsense"),
]


@pytest.mark.parametrize(("entry", "line", "reason"), FIELDS)
def test_a_derived_field_that_does_not_exist_is_refused_with_its_line(
    tmp_path: Path, entry: str, line: int, reason: str
) -> None:
    (problem,) = refused(tmp_path, f"{HEAD}detection:\n  {entry}\n  condition: one\n")

    assert problem.startswith(f"bad.yml:{line}: there is no derived field ")
    assert reason in problem


@pytest.mark.parametrize(
    "entry",
    [
        "vedette.source.country: FR",
        "vedette.lookup.not_in.own_accounts.requestParameters.userIds: 'true'",
        "vedette.lookup.in.indicators.scanners.vedette.source.asn: 'true'",
        "vedetteish.field: x",
    ],
)
def test_derived_fields_and_fields_of_the_event_are_not_refused(tmp_path: Path, entry: str) -> None:
    ruleset = ruleset_of(tmp_path, good=f"{HEAD}detection:\n  one: {{{entry}}}\n  condition: one\n")

    assert ruleset.refused == []


EXTENSIONS = [
    ("{nonsense: 1}", "extra inputs are not permitted"),
    ("{first_seen: {fields: []}}", "at least 1 item"),
    ("{first_seen: {fields: [a], look_back: forever}}", "should match pattern"),
    ("{first_seen: {fields: [a]}, impossible_travel: {}}", "either first_seen or"),
    ("{first_seen: {fields: [vedette.sauce]}}", "no derived field vedette.sauce"),
    ("{lookup: {field: vedette.sauce, list: own_accounts}}", "no derived field vedette.sauce"),
    ("{lookup: {field: a, list: neighbours}}", "should match pattern"),
    ("{dedup: {fields: [vedette.sauce]}}", "no derived field vedette.sauce"),
    ("{outcome: {denied: {}}}", "give either `to` or `by`"),
    (
        "{triage: [{step: Look who that was., fields: [vedette.sauce]}]}",
        "no derived field vedette.sauce",
    ),
]


@pytest.mark.parametrize(("extension", "reason"), EXTENSIONS)
def test_what_vedette_does_not_know_under_its_own_key_is_refused(
    tmp_path: Path, extension: str, reason: str
) -> None:
    (problem,) = refused(tmp_path, f"{HEAD}vedette: {extension}\n{DETECTION}")

    assert problem.startswith("bad.yml:3: ")
    assert reason in problem


def test_an_exclusion_that_reads_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    text = f"""{HEAD}filter:
  rules: any
  one:
    vedette.sauce: x
  condition: not one
"""
    (problem,) = refused(tmp_path, text)

    assert problem.startswith("bad.yml:6: there is no derived field vedette.sauce")


CORRELATIONS = [
    (correlation(condition="{lt: 1}"), 7, "absence of events"),
    (correlation(condition="{eq: 0}"), 7, "absence of events"),
    (correlation(type="temporal", rules="[base, base]"), 4, "names a rule twice"),
    (correlation(timespan="0s"), 5, "must be greater than zero"),
    (correlation(group_by="[vedette.sauce]"), 6, "no derived field vedette.sauce"),
    (
        correlation(type="value_count", condition="{gte: 3, field: vedette.sauce}"),
        7,
        "no derived field vedette.sauce",
    ),
    (
        correlation(aliases="{who: {base: vedette.sauce}}", group_by="[who]"),
        8,
        "no derived field vedette.sauce",
    ),
    (correlation() + "vedette: {first_seen: {fields: [a]}}\n", 8, "has no `first_seen`"),
    (correlation() + "vedette: {lookup: {field: a, list: own_accounts}}\n", 8, "no `lookup`"),
    (correlation() + "vedette: {nonsense: 1}\n", 8, "extra inputs"),
]


@pytest.mark.parametrize(("text", "line", "reason"), CORRELATIONS)
def test_a_correlation_that_cannot_run_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    (problem,) = refused(tmp_path, text, base=BASE)

    assert problem.startswith(f"bad.yml:{line}: ")
    assert reason in problem


def test_an_expression_may_name_a_rule_several_times(tmp_path: Path) -> None:
    other = BASE.replace("name: base", "name: other")
    text = "title: t\ncorrelation: {type: temporal, timespan: 1m, condition: %s}\n"
    ruleset = ruleset_of(
        tmp_path, base=BASE, other=other, good=text % "'base and (other or not base)'"
    )

    assert ruleset.refused == []
    assert ruleset.compiled.correlations[0].rules == ("base", "other")


def test_an_expression_over_too_many_rules_in_order_is_refused(tmp_path: Path) -> None:
    some = {f"r{n}": BASE.replace("name: base", f"name: r{n}") for n in range(11)}
    condition = " and ".join(some)
    text = (
        "title: t\ncorrelation:\n  type: temporal_ordered\n  timespan: 1m\n"
        f"  condition: {condition}\n"
    )
    (problem,) = refused(tmp_path, text, **some)

    assert problem.startswith("bad.yml:5: ")
    assert "up to 10 rules" in problem


def test_what_counts_a_refused_rule_is_refused_and_says_so(tmp_path: Path) -> None:
    broken = BASE.replace("eventName:", "'eventName|nonsense':")

    problems = refused(tmp_path, correlation(), base=broken)

    assert problems[1] == "bad.yml:4: it counts base, which cannot run"
