from typing import Any

import pytest

from tests.resources.policy.policies import allow, deny, policy
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.privileges import (
    has_full_access,
    is_administrator,
    permits,
    wildcard_services,
)

EVERYTHING = allow("*", "*")


def but(*actions: str, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "NotAction": list(actions), "Resource": "*", **elements}


@pytest.mark.parametrize(
    "statement",
    [
        EVERYTHING,
        allow("*:*", "*"),
        allow(["s3:GetObject", "**"], ["arn:aws:s3:::x", "*"]),
        allow("*", "arn:aws:*"),
        allow("*", "arn:*:*:*:*:*"),
        allow("*", "*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::ledger"},
        but(),
        but("aws-portal:*", "organizations:*"),
        but("iam:DeleteUser"),
        but("s3:*"),
    ],
    ids=str,
)
def test_everything_on_everything_is_an_administrator(statement: dict[str, Any]) -> None:
    assert is_administrator(policy(statement))


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:*", "*"),
        allow("iam:*", "*"),
        allow("*", "arn:aws:s3:::ledger"),
        allow("*", "arn:aws:iam::*"),
        allow("*", []),
        but("iam:*", "organizations:*", "account:*"),
        but("iam:*Policy*", "iam:Put*"),
        {"Effect": "Allow", "Action": "*", "NotResource": "*"},
        {"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:iam::*"},
        allow("*", "*", Condition={"StringEquals": {"aws:ResourceTag/team": "data"}}),
        deny("*", ["*"]),
    ],
    ids=str,
)
def test_less_is_not(statement: dict[str, Any]) -> None:
    assert not is_administrator(policy(statement))


@pytest.mark.parametrize(
    "denial",
    [deny("*", ["*"]), deny("iam:*", ["*"]), deny(["iam:*"], ["arn:aws:iam::*:*"])],
    ids=str,
)
def test_a_deny_that_takes_the_weight_away_cancels(denial: dict[str, Any]) -> None:
    assert not is_administrator(policy(EVERYTHING, denial))


@pytest.mark.parametrize(
    "denial",
    [
        deny("s3:*", ["*"]),
        deny("iam:DeleteUser", ["*"]),
        deny("iam:*", ["arn:aws:iam::111122223333:role/guard"]),
        deny("*", ["*"], Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
        deny("*", ["*"], Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
    ],
    ids=str,
)
def test_a_lesser_deny_does_not(denial: dict[str, Any]) -> None:
    assert is_administrator(policy(EVERYTHING, denial))


def test_the_policies_of_one_principal_are_judged_together() -> None:
    assert not is_administrator(policy(EVERYTHING), policy(deny("iam:*", ["*"])))
    assert not is_administrator()


def test_full_access_to_a_service_is_found_in_every_spelling() -> None:
    assert has_full_access(policy(allow("kms:*", "*")), "kms")
    assert has_full_access(policy(allow("KMS:*", "arn:aws:*")), "kms")
    assert has_full_access(policy(EVERYTHING), "kms")
    assert has_full_access(policy(but("iam:*")), "kms")
    assert not has_full_access(policy(allow("kms:Decrypt", "*")), "kms")
    assert not has_full_access(policy(allow("kms:*", "arn:aws:kms:*:*:key/one")), "kms")
    assert not has_full_access(policy(allow("kms:*", "arn:aws")), "kms")
    assert not has_full_access(policy(but("kms:ScheduleKeyDeletion")), "kms")
    assert not has_full_access(policy(EVERYTHING, deny("kms:*", ["*"])), "kms")
    assert has_full_access(policy(EVERYTHING, deny("kms:Delete*", ["*"])), "kms")


def test_services_given_by_wildcard_are_named() -> None:
    document = policy(
        allow(["s3:*", "SQS:**", "sns:Get*", "*", "*:*", "ec2:Describe*"], "*"),
        allow("kms:*", "arn:aws:kms:eu-west-1:111122223333:key/one"),
        allow("rds:*", "*"),
        deny("rds:*", ["*"]),
        but("glue:*"),
    )

    assert wildcard_services(document) == ("s3", "sqs")


def decrypts(*statements: dict[str, Any]) -> bool:
    return permits([policy(*statements)], "kms:Decrypt", target="kms:key/*")


def test_permission_on_every_resource_of_a_kind_is_told_from_named_ones() -> None:
    assert decrypts(allow("kms:Decrypt", "*"))
    assert decrypts(allow("kms:De*", "arn:aws:kms:*:111122223333:key/*"))
    assert decrypts(
        {"Effect": "Allow", "Action": "kms:*", "NotResource": "arn:aws:kms:*:*:key/one"}
    )
    assert not decrypts(allow("kms:Decrypt", "arn:aws:kms:*:111122223333:key/one"))
    assert not decrypts(allow("kms:Decrypt", "arn:aws:s3:::*"))
    assert not decrypts(
        {"Effect": "Allow", "Action": "kms:*", "NotResource": "arn:aws:kms:*:*:key/*"}
    )
    assert not decrypts(allow("kms:Decrypt", "*"), deny("kms:*", ["arn:aws:kms:*:*:key/*"]))
    assert decrypts(allow("kms:Decrypt", "*"), deny("kms:*", ["arn:aws:kms:*:*:key/one"]))
    assert not decrypts(
        allow("kms:Decrypt", "*"),
        {"Effect": "Deny", "Action": "kms:*", "NotResource": "arn:aws:kms:*:*:key/one"},
    )


def test_without_a_kind_any_resource_of_the_service_will_do() -> None:
    document: PolicyDocument = policy(allow("lambda:*", "arn:aws:lambda:*:*:function:build-*"))

    assert permits([document], "lambda:CreateFunction")
    assert not permits([document], "lambda:UpdateFunctionCode", target="lambda:function:*")
    assert not permits([policy(allow("*", "arn:aws:s3:::x"))], "lambda:CreateFunction")
