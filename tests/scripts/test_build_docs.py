"""The generated rule reference."""

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.build_docs import index_page, rule_page, sentence, write_rule_reference
from vedette.findings.frameworks import Framework
from vedette.findings.rule_text import RuleText
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.rule import (
    Context,
    Judgement,
    Parameters,
    Severity,
    passed,
    posture_rule,
)
from vedette.resources.resource import Resource

FRAMEWORKS = {
    "cis": Framework(name="CIS", version="5", source="nowhere", controls={"2.1": "Tubs are safe"})
}


class Tub(Resource):
    type = "AWS::Wash::Tub"
    service = "wash"


class Depth(Parameters):
    centimetres: int = 40


@posture_rule(
    Tub,
    severity=Severity.HIGH,
    reads=[(Tub, "tags")],
    examples=[],
    controls=["cis:2.1"],
    parameters=Depth,
)
def rule(tub: Tub, context: Context[Depth]) -> Judgement:
    return passed(f"{tub.id} is {context.parameters.centimetres} cm deep.")


CATALOGUED = CataloguedRule(
    id="wash/tub_is_shallow",
    text=RuleText(title="Tub is shallow", why="people drown.", fix="let water out.\n\n    pull"),
    rule=rule,
    path=Path("tub_is_shallow.py"),
    built_in=True,
)


def test_a_page_tells_all_that_the_rule_declares() -> None:
    page = rule_page(CATALOGUED, FRAMEWORKS)
    for expected in (
        "# Tub is shallow\n\n`wash/tub_is_shallow` · severity high · `AWS::Wash::Tub`",
        "## Why\n\nPeople drown.",
        "## Fix\n\nLet water out.\n\n    pull",
        "- CIS: 2.1, Tubs are safe",
        "| `centimetres` | `40` |",
        "It reads `AWS::Wash::Tub` tags.",
    ):
        assert expected in page
    assert "## Note" not in page


def test_a_control_that_no_framework_has_fails_the_build() -> None:
    unknown = replace(CATALOGUED, rule=replace(rule, controls=("cis:9.9",)))
    with pytest.raises(KeyError, match=r"9\.9"):
        rule_page(unknown, FRAMEWORKS)


def test_the_index_groups_rules_by_service_and_links_their_pages(tmp_path: Path) -> None:
    write_rule_reference(tmp_path, [CATALOGUED], FRAMEWORKS)
    index = (tmp_path / "index.md").read_text()
    assert "## wash" in index
    assert "[wash/tub_is_shallow](wash/tub_is_shallow.md)" in index
    assert (tmp_path / "wash/tub_is_shallow.md").is_file()


def test_a_bar_in_a_title_does_not_break_the_table() -> None:
    text = CATALOGUED.text.model_copy(update={"title": "Tub | basin"})
    assert "Tub \\| basin" in index_page([replace(CATALOGUED, text=text)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("people drown.", "People drown."), ("iam:PassRole hands on.", "iam:PassRole hands on.")],
)
def test_a_sentence_begins_with_a_capital_or_a_name(text: str, expected: str) -> None:
    assert sentence(text) == expected
