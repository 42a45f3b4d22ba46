from typing import Any

import pytest

from tests.resources.policy.policies import OWNER, PARTNER, deny, public, statement
from vedette.resources.policy.callers import ANYONE, Callers
from vedette.resources.policy.conditions import callers, narrows, spared


def _name(value: object) -> str:
    """Name a case; sets have no order that two processes share."""
    return repr(sorted(value)) if isinstance(value, frozenset) else _written(value)


def _written(value: object) -> str:
    return "callers" if isinstance(value, Callers) else str(value)


def of_allow(condition: dict[str, Any]) -> Callers:
    return callers(statement(public(Condition=condition)).conditions)


def of_deny(condition: dict[str, Any]) -> Callers:
    return spared(statement(deny(Principal="*", Condition=condition)).conditions)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringLike": {"aws:SourceVpc": "vpc-*"}},
        {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-?"]}},
        {"StringEquals": {"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}},
        {"StringEquals": {"aws:SourceVpc": ""}},
        {"StringEquals": {"aws:PrincipalOrgID": []}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "*/ou-1/*"}},
        {"StringNotEquals": {"aws:PrincipalAccount": OWNER}},
        {"StringLike": {"aws:PrincipalAccount": "1111*"}},
        {"ArnLike": {"aws:PrincipalArn": "*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:*"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::ledger*"}},
        {"StringLike": {"aws:SourceArn": f"arn:aws:*:{OWNER}:*"}},
        {"StringLike": {"aws:SourceArn": f"arn:aws:states:*:{OWNER}:*"}},
        {"NumericEquals": {"aws:SourceArn": "arn:aws:s3:::ledger"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"IpAddress": {"aws:SourceIp": "::/0"}},
        {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        {"IpAddress": {"aws:SourceIp": [f"{first}.0.0.0/8" for first in range(256)]}},
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}},
        {"IpAddress": {"aws:SourceIp": "2000::/31"}},
        {"IpAddress": {"aws:SourceIp": "office"}},
        {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
        {"StringEquals": {"aws:SourceIp": "203.0.113.7"}},
        {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        {"StringLike": {"aws:userid": "AROAEXAMPLE:*"}},
        {"StringEquals": {"aws:username": "ada"}},
        {"StringEquals": {"aws:PrincipalTag/team": "data"}},
        {"StringEquals": {"aws:UserAgent": "Amazon CloudFront"}},
        {"StringLike": {"aws:Referer": "https://example.com/*"}},
        {"StringEquals": {"aws:ResourceOrgID": "o-1"}},
        {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}},
        {"StringEquals": {"sts:ExternalId": "secret"}},
        {"Bool": {"aws:SecureTransport": True}},
        {"Bool": {"aws:MultiFactorAuthPresent": True}},
        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": False}},
        {"Null": {"aws:PrincipalOrgID": False}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}},
        {"FutureOperator": {"aws:PrincipalOrgID": "o-1"}},
    ],
    ids=_name,
)
def test_a_condition_that_a_stranger_can_meet_does_not_narrow(condition: dict[str, Any]) -> None:
    assert of_allow(condition) == ANYONE


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:SourceAccount": OWNER}}, Callers(accounts=frozenset({OWNER}))),
        (
            {"StringEquals": {"AWS:SourceOwner": [OWNER, PARTNER]}},
            Callers(accounts=frozenset({OWNER, PARTNER})),
        ),
        ({"StringEquals": {"kms:CallerAccount": OWNER}}, Callers(accounts=frozenset({OWNER}))),
        (
            {"StringEqualsIfExists": {"kms:CallerAccount": OWNER}},
            Callers(accounts=frozenset({OWNER})),
        ),
        (
            {"StringEquals": {"s3:DataAccessPointAccount": PARTNER}},
            Callers(accounts=frozenset({PARTNER})),
        ),
        (
            {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/*"}},
            Callers(accounts=frozenset({OWNER})),
        ),
        (
            {"ArnEquals": {"aws:SourceArn": f"arn:*:*:*:{OWNER}:*"}},
            Callers(accounts=frozenset({OWNER})),
        ),
        (
            {"StringLike": {"aws:SourceArn": f"arn:aws:sns:*:{OWNER}:*"}},
            Callers(accounts=frozenset({OWNER})),
        ),
        (
            {
                "StringLike": {
                    "s3:DataAccessPointArn": f"arn:aws:s3:eu-west-1:{OWNER}:accesspoint/*"
                }
            },
            Callers(accounts=frozenset({OWNER})),
        ),
        (
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:ledger"}},
            Callers(sources=frozenset({"arn:aws:s3:*:*:ledger"})),
        ),
        (
            {"StringEquals": {"aws:SourceArn": "arn:aws:s3:::ledger"}},
            Callers(sources=frozenset({"arn:aws:s3:::ledger"})),
        ),
        (
            {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
            Callers(organizations=frozenset({"o-1"})),
        ),
        (
            {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/*"}},
            Callers(organizations=frozenset({"o-1"})),
        ),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1"}}, Callers(networks=frozenset({"vpc-1"}))),
        ({"StringEquals": {"aws:VpceAccount": OWNER}}, Callers(networks=frozenset({OWNER}))),
        (
            {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32", "10.0.0.0/8"]}},
            Callers(networks=frozenset({"203.0.113.0/24", "2001:db8::/32", "10.0.0.0/8"})),
        ),
        (
            {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
            Callers(networks=frozenset({"mount targets"})),
        ),
        (
            {"StringEquals": {"aws:userid": "AIDAEXAMPLE"}},
            Callers(sources=frozenset({"AIDAEXAMPLE"})),
        ),
        (
            {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.1"}},
            Callers(sources=frozenset({"amzn1.ask.skill.1"})),
        ),
    ],
    ids=_name,
)
def test_a_condition_with_fixed_values_names_the_callers(
    condition: dict[str, Any], expected: Callers
) -> None:
    assert of_allow(condition) == expected


@pytest.mark.parametrize(
    "operator", ["StringEqualsIfExists", "ForAllValues:StringEquals", "ForAllValues:StringLike"]
)
def test_a_key_that_may_lack_narrows_once_its_presence_is_demanded(operator: str) -> None:
    organization = {operator: {"aws:PrincipalOrgID": "o-1"}}

    assert of_allow(organization | {"Null": {"aws:PrincipalOrgID": "true"}}) == ANYONE
    assert of_allow(organization | {"Null": {"aws:PrincipalOrgID": "false"}}) == Callers(
        organizations=frozenset({"o-1"})
    )


def test_one_narrowing_condition_among_others_is_enough() -> None:
    conditions = {
        "StringEquals": {"kms:ViaService": "ec2.amazonaws.com", "kms:CallerAccount": OWNER},
        "Bool": {"aws:SecureTransport": "true"},
    }

    assert narrows(statement(public(Condition=conditions)).conditions)


def test_the_condition_that_says_most_of_the_caller_counts() -> None:
    both = {"StringEquals": {"aws:SourceVpce": "vpce-1", "aws:PrincipalAccount": PARTNER}}

    assert of_allow(both) == Callers(accounts=frozenset({PARTNER}))


def test_accounts_named_in_different_ways_are_all_kept() -> None:
    through_own_access_point = {
        "StringEquals": {"s3:DataAccessPointAccount": OWNER, "aws:PrincipalAccount": PARTNER}
    }

    assert of_allow(through_own_access_point) == Callers(accounts=frozenset({OWNER, PARTNER}))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, Callers()),
        (
            {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
            Callers(organizations=frozenset({"o-1"})),
        ),
        (
            {"StringNotEqualsIfExists": {"aws:PrincipalAccount": [OWNER, PARTNER]}},
            Callers(accounts=frozenset({OWNER, PARTNER})),
        ),
        (
            {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWNER}:role/*"}},
            Callers(accounts=frozenset({OWNER})),
        ),
        (
            {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            Callers(networks=frozenset({"203.0.113.0/24"})),
        ),
        (
            {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
            Callers(organizations=frozenset({"o-1"}), services=True),
        ),
    ],
    ids=_name,
)
def test_a_deny_spares_whom_its_conditions_leave_out(
    condition: dict[str, Any], expected: Callers
) -> None:
    assert of_deny(condition) == expected


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"Bool": {"aws:PrincipalIsAWSService": "false"}},
        {"BoolIfExists": {"aws:ViaAWSService": "false"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-2"}},
        {"Null": {"aws:PrincipalOrgID": "true"}},
        {"StringNotLike": {"aws:PrincipalOrgID": "o-*"}},
        {"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        {
            "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
            "Null": {"aws:PrincipalOrgID": "false"},
        },
    ],
    ids=_name,
)
def test_a_deny_that_strangers_may_escape_is_not_counted_on(condition: dict[str, Any]) -> None:
    assert of_deny(condition) == ANYONE
