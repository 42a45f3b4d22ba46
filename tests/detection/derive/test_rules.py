from typing import Any

from tests.detection.correlate.correlations import at_least, correlation
from vedette.detection.derive.rules import make_ready, unknown_fields, with_lookups
from vedette.detection.derive.settings import NO_SETTINGS, DerivationSettings, Indicators
from vedette.detection.ir import (
    CompiledExclusion,
    CompiledRule,
    CompiledRules,
    Condition,
    Not,
    Text,
    fields_read,
)
from vedette.detection.match.naive import matches
from vedette.findings.severity import Severity

ANY = Text("eventName", "is", ("RunInstances",))
ABROAD = Not(Text("vedette.source.country", "is", ("FR",)))


def rule(name: str, condition: Condition = ANY, **more: Any) -> CompiledRule:
    return CompiledRule(
        id=name, title=name, level=Severity.HIGH, condition=condition, selections={}, **more
    )


def exclusion(name: str, condition: Condition) -> CompiledExclusion:
    return CompiledExclusion(id=name, title=name, condition=condition, selections={})


def test_a_lookup_is_part_of_the_condition() -> None:
    plain = rule("a", extension={"lookup": {"field": "sourceIPAddress", "list": "indicators.bad"}})
    settings = DerivationSettings(indicators={"bad": Indicators(["198.51.100.0/24"])})
    ready = make_ready(CompiledRules(rules=(plain,)), settings)
    joined = ready.compiled.rules[0]
    record = {"eventName": "RunInstances", "sourceIPAddress": "198.51.100.7"}

    assert matches(joined, record, ready.derivations)
    assert not matches(joined, record | {"sourceIPAddress": "192.0.2.1"}, ready.derivations)
    assert not matches(joined, record | {"eventName": "StopInstances"}, ready.derivations)
    assert with_lookups(joined) == joined


def test_a_rule_that_reads_a_dark_field_does_not_run() -> None:
    ready = make_ready(CompiledRules(rules=(rule("a", ABROAD), rule("b"))), NO_SETTINGS)

    assert [one.id for one in ready.compiled.rules] == ["b"]
    assert ready.dark == {"a": ("vedette.source.country: no database of places is configured",)}


def test_a_correlation_over_a_dark_rule_or_field_does_not_run_either() -> None:
    counts = correlation(id="counts", rules=("a",), threshold=at_least(2), group_by=("user",))
    above = correlation(id="above", rules=("counts",), threshold=at_least(2), group_by=("user",))
    by_country = correlation(
        id="by_country", rules=("b",), threshold=at_least(2), group_by=("vedette.source.country",)
    )
    new = rule("new", extension={"first_seen": {"fields": ["vedette.source.asn"]}})
    compiled = CompiledRules(
        rules=(rule("a", ABROAD), rule("b"), new), correlations=(counts, above, by_country)
    )

    ready = make_ready(compiled, NO_SETTINGS)

    assert [one.id for one in ready.compiled.rules] == ["b"]
    assert ready.compiled.correlations == ()
    assert ready.plan.nodes == ()
    assert ready.dark["counts"] == ("a is dark",)
    assert ready.dark["above"] == ("counts is dark",)
    assert set(ready.dark) == {"a", "new", "counts", "above", "by_country"}


def test_an_exclusion_that_reads_a_dark_field_quiets_nothing() -> None:
    compiled = CompiledRules(
        rules=(rule("a", quieted_by=("abroad", "known")),),
        exclusions=(exclusion("abroad", ABROAD), exclusion("known", ANY)),
    )

    ready = make_ready(compiled, NO_SETTINGS)

    assert [one.id for one in ready.compiled.exclusions] == ["known"]
    assert ready.compiled.rules[0].quieted_by == ("known",)


def test_what_memories_read_is_derived_as_well() -> None:
    new = rule("new", extension={"first_seen": {"fields": ["awsRegion"]}})

    ready = make_ready(CompiledRules(rules=(new,)), NO_SETTINGS)

    assert set(ready.derivations) == {"vedette.principal"}
    assert "vedette.principal" not in fields_read(new)


def test_a_derived_field_that_does_not_exist_is_named() -> None:
    wrong = rule("a", Text("vedette.source.county", "is", ("FR",)))

    assert unknown_fields(wrong) == ["vedette.source.county"]
    assert unknown_fields(rule("b", ABROAD)) == []
