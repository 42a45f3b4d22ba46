from dataclasses import replace
from pathlib import Path

import pytest

from tests.posture.rules import catalogued, tagged
from vedette.configuration.content import ContentError
from vedette.findings.frameworks import Framework
from vedette.findings.severity import Severity
from vedette.operations.selection import (
    Named,
    Selection,
    named_resources,
    plan_for,
    require_known_controls,
    rules_for,
    select_rules,
)
from vedette.operations.usage import UsageError
from vedette.resources.s3 import S3Bucket

FRAMEWORK = Framework(name="F", version="1", source="https://example.com", controls={"1": "one"})
FRAMEWORKS = {"f": FRAMEWORK, "g": FRAMEWORK}
RULES = [
    catalogued(replace(tagged, controls=("f:1",)), "s3/bucket_is_tagged"),
    catalogued(replace(tagged, severity=Severity.LOW), "s3/bucket_is_named"),
    catalogued(replace(tagged, formerly=("ec2/old_name",)), "ec2/instance_is_tagged"),
]
EVERYTHING = Named(ids={})


def selected(**restriction: object) -> list[str]:
    chosen = Selection(**restriction)  # type: ignore[arg-type]
    return [rule.id for rule in select_rules(RULES, chosen, FRAMEWORKS)]


def test_without_restrictions_all_rules_run() -> None:
    assert len(selected()) == 3


@pytest.mark.parametrize(
    ("restriction", "left"),
    [
        ({"services": ["ec2"]}, ["ec2/instance_is_tagged"]),
        ({"rules": ["s3/*tagged"]}, ["s3/bucket_is_tagged"]),
        ({"rules": ["ec2/old_name"]}, ["ec2/instance_is_tagged"]),
        ({"frameworks": ["f"]}, ["s3/bucket_is_tagged"]),
        ({"severity": Severity.HIGH, "services": ["s3"]}, ["s3/bucket_is_tagged"]),
        (
            {"rules": ["s3/bucket_is_named", "ec2/*"]},
            ["s3/bucket_is_named", "ec2/instance_is_tagged"],
        ),
    ],
)
def test_a_restriction_leaves_what_fits(restriction: dict[str, object], left: list[str]) -> None:
    assert selected(**restriction) == left


@pytest.mark.parametrize(
    ("restriction", "said"),
    [
        ({"services": ["s4"]}, "There is no service s4. There are: ec2, s3."),
        ({"frameworks": ["cis"]}, "There is no framework cis. There are: f, g."),
        ({"rules": ["s3/nothing*"]}, "No rule is called s3/nothing"),
        ({"services": ["ec2"], "frameworks": ["f"]}, "none fits all of them"),
    ],
)
def test_a_restriction_that_names_nothing_is_an_error(
    restriction: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        selected(**restriction)


def test_only_the_facts_that_rules_open_are_read() -> None:
    plan = plan_for(RULES, EVERYTHING)

    assert plan.facts == {S3Bucket: frozenset({"tags"})}


def test_a_bucket_is_named_by_its_arn() -> None:
    named = named_resources(Selection(resources=["arn:aws:s3:::logs"]), "111122223333")

    assert named.ids == {S3Bucket: frozenset({"logs"})}


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        ("logs", "is not an ARN"),
        ("arn:aws:sagemaker:eu-west-1:111122223333:model/m", "does not look at"),
        ("arn:aws:kms:eu-west-1:999999999999:key/k", "is not in account"),
    ],
)
def test_what_cannot_be_looked_at_is_told(arn: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        named_resources(Selection(resources=[arn]), "111122223333")


def test_rules_for_other_kinds_are_left_out_when_resources_are_named() -> None:
    named = Named(ids={})

    assert rules_for(RULES, named) == RULES


def test_a_control_that_stands_in_no_framework_is_told_with_its_file() -> None:
    rule = replace(catalogued(replace(tagged, controls=("f:2",))), path=Path("mine.py"))

    with pytest.raises(ContentError, match=r"mine.py:\d+: the control f:2 stands in no framework"):
        require_known_controls([rule], FRAMEWORKS)
