"""A rule of the tests' own."""

from pathlib import Path
from typing import Any

from vedette.findings.rule_text import RuleText
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.rule import (
    Context,
    Judgement,
    Parameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.s3 import S3Bucket

TEXT = RuleText(title="Bucket is tagged", why="because", fix="tag it")


class Wanted(Parameters):
    key: str = "owner"


@posture_rule(
    S3Bucket, severity=Severity.HIGH, reads=((S3Bucket, "tags"),), examples=(), parameters=Wanted
)
def tagged(bucket: S3Bucket, context: Context[Wanted]) -> Judgement:
    tags = known(bucket.tags)
    if context.parameters.key in tags:
        return passed("It has the tag.")
    return failed("It lacks the tag.", tags=dict(tags))


def catalogued(rule: Any = tagged, rule_id: str = "s3/bucket_is_tagged") -> CataloguedRule:
    return CataloguedRule(id=rule_id, text=TEXT, rule=rule, path=Path("rule.py"), built_in=False)
