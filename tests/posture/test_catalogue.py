from pathlib import Path

import pytest

from vedette.configuration.content import ContentError
from vedette.posture.catalogue import load_posture_rules

GOOD = '''"""Bucket is {name}.

Why: it matters.
Fix: change it.
"""

from vedette.posture.rule import Severity, passed, posture_rule
from vedette.resources.s3 import S3Bucket


@posture_rule(
    S3Bucket, severity=Severity.LOW, reads=((S3Bucket, "{fact}"),), examples=(), formerly={formerly}
)
def rule(bucket, context):
    return passed("Fine.")
'''


def write(root: Path, name: str, text: str) -> None:
    path = root / "posture" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def good(name: str = "fine", fact: str = "tags", formerly: str = "()") -> str:
    return GOOD.format(name=name, fact=fact, formerly=formerly)


def test_a_rule_is_named_by_its_path_and_documented_by_its_docstring(tmp_path: Path) -> None:
    write(tmp_path, "s3/bucket_is_fine", good())

    (rule,) = load_posture_rules(directories=[tmp_path], built_in=False)

    assert (rule.id, rule.service) == ("s3/bucket_is_fine", "s3")
    assert rule.text.title == "Bucket is fine"


def test_every_broken_file_is_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path, "s3/a", "1 +\n")
    write(tmp_path, "s3/b", "x = 1\n")
    write(tmp_path, "s3/c", good().replace("Why:", "Because:"))
    write(tmp_path, "s3/d", good(fact="nonsense"))

    with pytest.raises(ContentError) as refused:
        load_posture_rules(directories=[tmp_path], built_in=False)

    said = [str(problem).removeprefix(str(tmp_path)) for problem in refused.value.problems]
    assert said[0].startswith("/posture/s3/a.py:1: SyntaxError")
    assert said[1] == "/posture/s3/b.py:1: it defines no `rule` with the decorator @posture_rule"
    assert "'Why:'" in said[2]
    assert "S3Bucket.nonsense, which is not a fact" in said[3]


def test_a_former_id_that_is_in_use_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "s3/old", good())
    write(tmp_path, "s3/new", good(formerly='("s3/old",)'))

    with pytest.raises(ContentError, match="`formerly` names s3/old"):
        load_posture_rules(directories=[tmp_path], built_in=False)


def test_rules_of_ones_own_stand_beside_ours(tmp_path: Path) -> None:
    write(tmp_path, "s3/bucket_is_fine", good())

    rules = {rule.id: rule for rule in load_posture_rules(directories=[tmp_path])}

    assert not rules["s3/bucket_is_fine"].built_in
    assert rules["s3/bucket_blocks_public_access"].built_in
