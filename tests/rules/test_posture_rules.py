"""Every posture rule keeps what its file promises."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from vedette.aws.collect.catalogue import collectors
from vedette.configuration.frameworks import load_frameworks
from vedette.findings.verdict import Verdict
from vedette.posture.catalogue import CataloguedRule, load_posture_rules
from vedette.posture.engine import judge
from vedette.posture.rule import Context, Example, FactKey, Judgement
from vedette.resources.facts import Fact
from vedette.resources.inventory import Inventory
from vedette.resources.resource import Resource
from vedette.resources.snapshot import Snapshot

RULES = load_posture_rules()
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}: {example.name}")
    for rule in RULES
    for example in rule.rule.examples
]
EACH_EXAMPLE = pytest.mark.parametrize(("rule", "example"), EXAMPLES)
NAME = re.compile(r"[a-z][a-z0-9]*/[a-z][a-z0-9_]*\Z")
REASON = re.compile(r"\S.*[.!]\Z", re.DOTALL)
UNREADABLE: Fact[Any] = Fact.unreadable("made unreadable by the test")


def judged(rule: CataloguedRule, example: Example[Any]) -> Judgement | None:
    context = Context(
        as_of=example.as_of,
        parameters=example.parameters or rule.rule.parameters(),
        inventory=Inventory([example.resource, *example.others]),
        trusted_accounts=example.trusted_accounts | {example.resource.account},
    )
    return judge(rule.rule, example.resource, context)


def without(example: Example[Any], key: FactKey) -> Example[Any] | None:
    """Make a fact of the example's resources unreadable; None if none of them has it."""
    kind, fact = key

    def change(resource: Resource) -> Resource:
        if not isinstance(resource, kind):
            return resource
        return resource.with_facts({fact: UNREADABLE})

    resources = [example.resource, *example.others]
    if not any(isinstance(one, kind) for one in resources):
        return None
    return replace(
        example,
        resource=change(example.resource),
        others=tuple(change(one) for one in example.others),
    )


@EACH_EXAMPLE
def test_a_rule_judges_its_examples_as_it_says(rule: CataloguedRule, example: Example[Any]) -> None:
    judgement = judged(rule, example)

    assert judgement is not None, "the rule does not apply to its own example"
    assert judgement.verdict is example.verdict, judgement.reason
    assert "rule itself failed" not in judgement.reason


@EACH_EXAMPLE
def test_a_reason_is_a_sentence_for_people(rule: CataloguedRule, example: Example[Any]) -> None:
    judgement = judged(rule, example)

    assert judgement is not None
    if judgement.verdict is not Verdict.UNKNOWN:
        assert REASON.match(judgement.reason), judgement.reason


@EACH_RULE
def test_a_rule_shows_a_pass_a_fail_and_an_unknown(rule: CataloguedRule) -> None:
    assert {example.verdict for example in rule.rule.examples} == set(Verdict)


@EACH_RULE
def test_examples_have_distinct_names(rule: CataloguedRule) -> None:
    names = [example.name for example in rule.rule.examples]

    assert len(names) == len(set(names))


@EACH_RULE
def test_every_declared_fact_decides_whether_an_example_passes(rule: CataloguedRule) -> None:
    passing = [one for one in rule.rule.examples if one.verdict is Verdict.PASSED]
    for key in rule.rule.reads:
        outcomes = [
            (example, judged(rule, changed))
            for example in passing
            if (changed := without(example, key)) is not None
        ]
        assert outcomes, f"no PASSED example holds {key[0].__name__}.{key[1]}"
        for example, judgement in outcomes:
            assert judgement is not None
            spared = key in example.regardless_of
            expected = Verdict.PASSED if spared else Verdict.UNKNOWN
            assert judgement.verdict is expected, f"{example.name} without {key[1]}"
        assert any(key not in example.regardless_of for example, _ in outcomes) or _fails_without(
            rule, key
        ), f"{key[1]} is declared but never needed"


def _fails_without(rule: CataloguedRule, key: FactKey) -> bool:
    """Tell whether some FAILED example turns UNKNOWN without the fact."""
    failing = [one for one in rule.rule.examples if one.verdict is Verdict.FAILED]
    changed = [one for example in failing if (one := without(example, key)) is not None]
    judgements = [judged(rule, one) for one in changed]
    return any(one is not None and one.verdict is Verdict.UNKNOWN for one in judgements)


@EACH_RULE
def test_a_rule_opens_no_fact_that_it_does_not_declare(rule: CataloguedRule) -> None:
    for example in rule.rule.examples:
        stripped = replace(
            example,
            resource=_only_declared(example.resource, rule.rule.reads),
            others=tuple(_only_declared(one, rule.rule.reads) for one in example.others),
        )
        judgement = judged(rule, stripped)
        assert judgement is not None
        assert judgement.verdict is example.verdict, example.name


def _only_declared(resource: Resource, reads: Sequence[FactKey]) -> Resource:
    declared = {name for kind, name in reads if isinstance(resource, kind)}
    undeclared = type(resource).fact_names() - declared
    return resource.with_facts(dict.fromkeys(undeclared, UNREADABLE))


@EACH_RULE
def test_every_declared_fact_has_a_collector_that_reads_it(rule: CataloguedRule) -> None:
    collected = {collector.kind for collector in collectors()}

    assert rule.rule.resource_type in collected
    assert {kind for kind, _ in rule.rule.reads} <= collected


@EACH_RULE
def test_controls_exist_and_are_named_once(rule: CataloguedRule) -> None:
    frameworks = load_frameworks()
    for control in rule.rule.controls:
        framework, _, number = control.partition(":")
        assert framework in frameworks, control
        assert number in frameworks[framework].controls, control
    assert len(rule.rule.controls) == len(set(rule.rule.controls))


@EACH_RULE
def test_an_id_is_service_and_good_state(rule: CataloguedRule) -> None:
    assert NAME.match(rule.id)
    assert rule.path.parent.name == rule.service


@EACH_RULE
def test_documentation_is_long_enough_to_help(rule: CataloguedRule) -> None:
    assert 10 <= len(rule.text.title) <= 100
    assert len(rule.text.why) >= 60
    assert len(rule.text.fix) >= 40
    assert not rule.text.title.endswith(".")


@EACH_RULE
def test_logic_names_no_partition(rule: CataloguedRule) -> None:
    tree = ast.parse(rule.path.read_text(encoding="utf-8"))
    logic = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "rule"
    ]
    texts = [
        node.value
        for function in logic
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert logic
    assert not [text for text in texts if text.startswith("arn:aws:")]


@EACH_EXAMPLE
def test_an_example_survives_the_snapshot_file(rule: CataloguedRule, example: Example[Any]) -> None:
    snapshot = Snapshot(
        as_of=example.as_of,
        account=example.resource.account,
        partition="aws",
        regions=(example.resource.region,),
        resources=(example.resource, *example.others),
    )
    resource, *others = Snapshot.from_json(snapshot.to_json()).resources

    again = judged(rule, replace(example, resource=resource, others=tuple(others)))
    first = judged(rule, example)
    assert again is not None
    assert first is not None
    assert (again.verdict, again.reason) == (first.verdict, first.reason)
