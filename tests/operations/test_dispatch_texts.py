"""What rules say of their findings, looked up for alerts."""

from pathlib import Path

import pytest

from tests.alerting.tracked_findings import detection, posture
from tests.operations.alert_desk import RULES
from vedette.operations.dispatch_texts import RuleTexts


def test_a_posture_rule_says_why_and_how_to_put_it_right() -> None:
    told = RuleTexts(RULES).guidance(posture())

    assert told is not None
    assert "expose every object" in told.why
    assert "put-public-access-block" in told.fix


def test_every_shipped_posture_rule_has_guidance() -> None:
    texts = RuleTexts(RULES)
    folder = RULES / "posture"
    rules = [path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py")]

    assert len(rules) > 50
    assert [one for one in rules if texts.guidance(posture(rule=one.as_posix())) is None] == []


@pytest.mark.parametrize(
    "rule", ["gone/since", "../../functions/vedette/__init__", "/etc/passwd", "s3", "", "s3/x\x00"]
)
def test_a_rule_that_is_not_there_has_none(rule: str) -> None:
    assert RuleTexts(RULES).guidance(posture(rule=rule)) is None


def test_a_rule_that_cannot_be_read_as_one_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "posture" / "s3"
    folder.mkdir(parents=True)
    (folder / "no_docstring.py").write_text("x = 1\n")
    (folder / "no_python.py").write_text("def (\n")
    texts = RuleTexts(tmp_path)

    assert texts.guidance(posture(rule="s3/no_docstring")) is None
    assert texts.guidance(posture(rule="s3/no_python")) is None


def test_detections_are_not_looked_up_among_posture_rules() -> None:
    assert RuleTexts(RULES).guidance(detection(rule="s3/bucket_blocks_public_access")) is None
