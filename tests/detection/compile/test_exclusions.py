from collections.abc import Mapping
from pathlib import Path

from tests.detection.compile.sigma_texts import ruleset_of, said
from vedette.detection.compile.ruleset import Ruleset
from vedette.detection.match.naive import matches, quieting

TERRAFORM = "arn:aws:iam::111122223333:role/terraform"
RULE = """
    title: Trail stopped
    id: 2f1b8a34-0f0e-4c7e-9b1a-111111111111
    name: trail_stopped
    logsource: {product: aws, service: cloudtrail}
    level: high
    detection:
      stop: {eventName: StopLogging}
      condition: stop
"""
FILTER = """
    title: Infrastructure as code
    logsource: {product: aws, service: cloudtrail}
    filter:
      rules: %s
      terraform: {userIdentity.sessionContext.sessionIssuer.arn: '%s'}
      condition: not terraform
"""
BY_TERRAFORM = {
    "eventName": "StopLogging",
    "userIdentity": {"sessionContext": {"sessionIssuer": {"arn": TERRAFORM}}},
}


def quieted(ruleset: Ruleset, record: Mapping[str, object]) -> tuple[str, ...]:
    (rule,) = ruleset.compiled.rules
    exclusions = {one.id: one for one in ruleset.compiled.exclusions}
    return quieting(rule, exclusions, record)


def with_filter(folder: Path, rules: str = "any", rule: str = RULE) -> Ruleset:
    ruleset = ruleset_of(folder, rule=rule, iac=FILTER % (rules, TERRAFORM))
    assert ruleset.refused == []
    return ruleset


def test_an_excluded_match_is_kept_and_named_as_quieted(tmp_path: Path) -> None:
    ruleset = with_filter(tmp_path)
    assert matches(ruleset.compiled.rules[0], BY_TERRAFORM)
    assert quieted(ruleset, BY_TERRAFORM) == ("iac",)


def test_a_match_that_the_filter_does_not_mean_stays_loud(tmp_path: Path) -> None:
    assert quieted(with_filter(tmp_path), {"eventName": "StopLogging"}) == ()


def test_a_terraform_user_agent_alone_quiets_nothing(tmp_path: Path) -> None:
    agent = {"eventName": "StopLogging", "userAgent": "HashiCorp Terraform/1.5.7"}
    assert quieted(with_filter(tmp_path), agent) == ()


def test_a_filter_names_rules_by_id_name_path_or_title(tmp_path: Path) -> None:
    names = ("2f1b8a34-0f0e-4c7e-9b1a-111111111111", "trail_stopped", "rule", "Trail stopped")
    for name in names:
        assert quieted(with_filter(tmp_path, f"['{name}']"), BY_TERRAFORM) == ("iac",)
    assert quieted(with_filter(tmp_path, "[another]"), BY_TERRAFORM) == ()


def test_a_filter_for_another_log_source_does_not_apply(tmp_path: Path) -> None:
    other = (FILTER % ("any", TERRAFORM)).replace("service: cloudtrail", "service: guardduty")
    ruleset = ruleset_of(tmp_path, rule=RULE, other=other)
    assert ruleset.compiled.exclusions == ()
    assert len(ruleset.for_other_logs) == 1
    assert quieted(ruleset, BY_TERRAFORM) == ()


def test_what_an_attacker_would_want_quiet_is_never_quieted(tmp_path: Path) -> None:
    for tag in (
        "attack.defense-evasion",
        "attack.defense_evasion",
        "attack.defense-impairment",
        "attack.t1562.008",
        "attack.t1490",
        "vedette.iam-escalation",
        "vedette.backup-destruction",
    ):
        ruleset = with_filter(tmp_path, rule=f"{RULE}    tags: [{tag}]\n")
        assert quieted(ruleset, BY_TERRAFORM) == (), tag


def test_naming_a_rule_that_is_never_quieted_is_told(tmp_path: Path) -> None:
    ruleset = with_filter(tmp_path, "[trail_stopped]", f"{RULE}    tags: [attack.t1562.008]\n")
    assert said(ruleset.without_effect) == [
        "iac.yml:4: rule is never quieted: it tells of an attacker"
    ]


def test_globs_in_a_filter_find_selections_that_start_with_an_underscore(tmp_path: Path) -> None:
    text = """
        title: All
        logsource: {product: aws}
        filter:
          rules: any
          _one: {a: 1}
          _two: {a: 2}
          condition: not 1 of them
    """
    ruleset = ruleset_of(tmp_path, rule=RULE, all=text)
    assert quieted(ruleset, {"eventName": "StopLogging", "a": 2}) == ("all",)
    assert quieted(ruleset, {"eventName": "StopLogging", "a": 3}) == ()


def test_a_filter_that_is_not_sound_is_refused_with_its_line(tmp_path: Path) -> None:
    cases = {
        "      rules: any\n      one: {'a|nonsense': 1}\n      condition: one\n": "5: Unknown",
        "      one: {a: 1}\n      condition: one\n": "3: Sigma filter must have a 'rules' field",
        "      rules: any\n      one: {a: 1}\n      condition: [a]\n": "6: Sigma filter condition",
        "      rules: any\n      one: {a: 1}\n      condition: two\n": "6: no selection is called",
        "      rules: {}\n      one: {a: 1}\n      condition: two\n": "4: Sigma filter rules",
    }
    head = "    title: F\n    logsource: {product: aws}\n    filter:\n"
    for text, reason in cases.items():
        (problem,) = said(ruleset_of(tmp_path, bad=head + text).refused)
        assert problem.startswith(f"bad.yml:{reason}")


def test_filters_apply_neither_to_correlations_nor_to_each_other(tmp_path: Path) -> None:
    correlation = """
        title: Many
        correlation: {type: event_count, rules: [trail_stopped], timespan: 1h, condition: {gt: 5}}
    """
    any_rule = FILTER % ("any", TERRAFORM)
    ruleset = ruleset_of(tmp_path, rule=RULE, many=correlation, iac=any_rule, again=any_rule)
    assert [rule.quieted_by for rule in ruleset.compiled.rules] == [("iac", "again")]
    assert len(ruleset.compiled.correlations) == 1
