from pathlib import Path

import pytest

from tests.detection.compile.sigma_texts import ruleset_of, said
from vedette.detection.compile.ruleset import Ruleset
from vedette.detection.ir import (
    AllOf,
    CompiledCorrelation,
    CorrelationType,
    Held,
    Not,
    Threshold,
)
from vedette.findings.severity import Severity

BASE = """
    title: Denied
    id: 5F1B8A34-0F0E-4C7E-9B1A-222222222222
    name: denied
    logsource: {product: aws, service: cloudtrail}
    detection: {sel: {errorCode: AccessDenied}, condition: sel}
"""
OTHER = """
    title: Allowed
    name: allowed
    logsource: {product: aws, service: cloudtrail}
    detection: {sel: {errorCode: null}, condition: sel}
"""


def with_correlation(folder: Path, section: str, more: str = "") -> Ruleset:
    text = f"title: Many\nlevel: high\n{more}correlation:\n  {section}\n"
    return ruleset_of(folder, base=BASE, other=OTHER, many=text)


def correlation(folder: Path, section: str, more: str = "") -> CompiledCorrelation:
    ruleset = with_correlation(folder, section, more)
    assert ruleset.refused == []
    (compiled,) = ruleset.compiled.correlations
    return compiled


def test_a_correlation_is_given_in_neutral_form(tmp_path: Path) -> None:
    section = """type: value_count
  rules: [denied, allowed]
  group-by: [who, awsRegion]
  timespan: 90m
  aliases:
    who: {denied: userIdentity.arn, allowed: userIdentity.principalId}
  condition: {gte: 10, field: eventName}"""
    assert correlation(tmp_path, section, "name: many_denied\ntags: [attack.t1110]\n") == (
        CompiledCorrelation(
            id="many",
            title="Many",
            level=Severity.HIGH,
            type=CorrelationType.VALUE_COUNT,
            rules=("base", "other"),
            timespan=5400,
            group_by=("who", "awsRegion"),
            aliases={"who": {"base": "userIdentity.arn", "other": "userIdentity.principalId"}},
            threshold=Threshold(operator="gte", count=10, fields=("eventName",)),
            name="many_denied",
            tags=("attack.t1110",),
        )
    )


@pytest.mark.parametrize("kind", list(CorrelationType))
def test_every_type_of_correlation_compiles(tmp_path: Path, kind: CorrelationType) -> None:
    field = ", field: f" if kind.startswith("value") else ""
    percentile = ", percentile: 95" if kind is CorrelationType.VALUE_PERCENTILE else ""
    section = (
        f"{{type: {kind}, rules: denied, timespan: 1d, condition: {{lt: 1.5{field}{percentile}}}}}"
    )
    compiled = correlation(tmp_path, section)
    assert (compiled.type, compiled.timespan) == (kind, 86_400)
    assert compiled.threshold is not None
    assert (compiled.threshold.operator, compiled.threshold.count) == ("lt", 1.5)


@pytest.mark.parametrize("operator", ["lt", "lte", "gt", "gte", "eq", "neq"])
def test_every_operator_is_kept(tmp_path: Path, operator: str) -> None:
    section = f"{{type: event_count, rules: denied, timespan: 1s, condition: {{{operator}: 3}}}}"
    threshold = correlation(tmp_path, section).threshold
    assert threshold is not None
    assert threshold.operator == operator


def test_a_temporal_correlation_wants_all_its_rules_unless_it_says_otherwise(
    tmp_path: Path,
) -> None:
    section = "{type: temporal, rules: [denied, allowed], timespan: 5m}"
    assert correlation(tmp_path, section).threshold == Threshold(operator="gte", count=2)


def test_a_boolean_condition_names_the_rules_by_their_ids(tmp_path: Path) -> None:
    section = "{type: temporal_ordered, timespan: 5m, condition: allowed and not denied}"
    compiled = correlation(tmp_path, section)
    assert compiled.rules == ("other", "base")
    assert compiled.expression == AllOf((Held("other"), Not(Held("base"))))
    assert compiled.threshold is None


@pytest.mark.parametrize(
    "name",
    [
        "denied",
        "5f1b8a34-0f0e-4c7e-9b1a-222222222222",
        "5F1B8A34-0F0E-4C7E-9B1A-222222222222",
        "base",
        "Denied",
    ],
)
def test_rules_are_referred_to_by_name_id_path_or_title(tmp_path: Path, name: str) -> None:
    section = f"{{type: event_count, rules: ['{name}'], timespan: 1h, condition: {{gt: 1}}}}"
    assert correlation(tmp_path, section).rules == ("base",)


def test_a_rule_that_is_counted_says_nothing_itself_unless_asked(tmp_path: Path) -> None:
    section = "{type: event_count, rules: denied, timespan: 1h, condition: {gt: 1}%s}"
    quiet = with_correlation(tmp_path, section % "").compiled.rules
    assert [(rule.id, rule.alerts, rule.feeds) for rule in quiet] == [
        ("base", False, ("many",)),
        ("other", True, ()),
    ]
    loud = with_correlation(tmp_path, section % ", generate: true").compiled.rules
    assert [(rule.alerts, rule.feeds) for rule in loud] == [(True, ("many",)), (True, ())]


def test_correlations_may_count_correlations(tmp_path: Path) -> None:
    text = """
        title: Chain
        name: chain
        correlation: {type: temporal, rules: [many, allowed], timespan: 1h}
        ---
        title: Many
        name: many
        correlation: {type: event_count, rules: denied, timespan: 1h, condition: {gt: 1}}
    """
    ruleset = ruleset_of(tmp_path, base=BASE, other=OTHER, c=text)
    assert ruleset.refused == []
    assert [
        (one.id, one.rules, one.feeds, one.alerts) for one in ruleset.compiled.correlations
    ] == [
        ("c", ("c#2", "other"), (), True),
        ("c#2", ("base",), ("c",), False),
    ]


REFUSED = [
    ("{type: nonsense, rules: denied, timespan: 1h, condition: {gt: 1}}", "no valid Sigma"),
    ("{type: event_count, rules: denied, timespan: 1h}", "without condition"),
    ("{type: event_count, rules: denied, timespan: 1h, condition: {gt: 1, lt: 5}}", "exactly one"),
    ("{type: event_count, rules: denied, timespan: 1h, condition: {gt: many}}", "no valid Sigma"),
    ("{type: event_count, rules: denied, timespan: soon, condition: {gt: 1}}", "is invalid"),
    ("{type: event_count, rules: denied, timespan: 0m, condition: {gt: 1}}", "greater than zero"),
    ("{type: event_count, rules: denied, condition: {gt: 1}}", "without timespan"),
    ("{type: event_count, timespan: 1h, condition: {gt: 1}}", "without rule references"),
    ("{type: event_count, rules: unknown, timespan: 1h, condition: {gt: 1}}", "no rule with the"),
    ("{type: event_count, rules: [[a]], timespan: 1h, condition: {gt: 1}}", "no rule with the"),
    ("{type: value_count, rules: denied, timespan: 1h, condition: {gt: 1}}", "field reference"),
    (
        "{type: event_count, rules: denied, timespan: 1h, condition: {gt: 1, field: a}}",
        "`field` means nothing",
    ),
    (
        "{type: value_avg, rules: denied, timespan: 1h, condition: {gt: 1, field: [a, b]}}",
        "measures one field",
    ),
    (
        "{type: value_percentile, rules: denied, timespan: 1h, condition: {gt: 1, field: a}}",
        "needs a `percentile`",
    ),
    (
        "{type: value_sum, rules: denied, timespan: 1h, "
        "condition: {gt: 1, field: a, percentile: 5}}",
        "`percentile` means nothing",
    ),
    ("{type: event_count, rules: denied, timespan: 1h, condition: denied}", "Extended conditions"),
    ("{type: temporal, timespan: 1h, condition: denied and}", "Failed to parse"),
    (
        "{type: temporal, rules: [denied, allowed], timespan: 1h, condition: denied}",
        "Rules defined",
    ),
    ("{type: temporal, rules: denied, timespan: 1h, window: sliding}", "has no `window`"),
    ("{type: temporal, rules: denied, timespan: 1h, aliases: {a: {allowed: b}}}", "no rule of it"),
    ("[a]", "must be a dict"),
]


@pytest.mark.parametrize(("section", "reason"), REFUSED)
def test_what_pysigma_or_we_cannot_run_is_refused(
    tmp_path: Path, section: str, reason: str
) -> None:
    ruleset = with_correlation(tmp_path, section)
    assert ruleset.compiled.correlations == ()
    assert any(reason in problem for problem in said(ruleset.refused)), said(ruleset.refused)
    assert all(problem.startswith("many.yml:") for problem in said(ruleset.refused))


def test_correlations_that_count_each_other_are_refused(tmp_path: Path) -> None:
    text = """
        title: One
        name: one
        correlation: {type: temporal, rules: [two, allowed], timespan: 1h}
        ---
        title: Two
        name: two
        correlation: {type: temporal, rules: [one, allowed], timespan: 1h}
    """
    ruleset = ruleset_of(tmp_path, base=BASE, other=OTHER, c=text)
    assert ruleset.compiled.correlations == ()
    assert said(ruleset.refused) == [
        "c.yml:7: it counts c, which in the end counts this correlation",
        "c.yml:3: it counts c#2, which cannot run",
    ]


def test_a_correlation_over_other_logs_is_for_other_logs(tmp_path: Path) -> None:
    windows = """
        title: Windows
        name: windows
        logsource: {product: windows}
        detection: {sel: {EventID: 4625}, condition: sel}
        ---
        title: Many
        correlation: {type: event_count, rules: windows, timespan: 1h, condition: {gt: 1}}
    """
    ruleset = ruleset_of(tmp_path, w=windows)
    assert ruleset.refused == []
    assert said(ruleset.for_other_logs) == [
        "w.yml:3: it is for other logs (windows), not for aws cloudtrail",
        "w.yml:7: it counts windows, which is for other logs",
    ]
