"""The evaluator decides as IAM does, and stops at what it does not know."""

from typing import Any

import pytest

from tests.deployed.harness.iam.policies import (
    Access,
    UnknownPolicyError,
    allows,
    denies,
    glob,
)

SEND = Access(action="sqs:SendMessage", resource="arn:aws:sqs:us-east-1:123456789012:events")


RULE = "a:b:c:d:e:f"


def statement(**fields: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", **fields}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"Action": "SQS:sendmessage"}, True),
        ({"Action": ["sqs:Receive*"]}, False),
        ({"Resource": "arn:aws:sqs:us-east-1:123456789012:event?"}, True),
        ({"Resource": "arn:aws:sqs:us-east-1:123456789012:EVENTS"}, False),
        ({"Effect": "Deny"}, False),
    ],
)
def test_a_statement_allows_what_it_names(fields: dict[str, Any], expected: bool) -> None:
    assert allows([statement(**fields)], SEND, {}) is expected


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        ({"StringEquals": {"aws:SourceAccount": "1"}}, {"aws:sourceaccount": "1"}, True),
        ({"StringEquals": {"aws:SourceAccount": "1"}}, {}, False),
        ({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}, {}, True),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, {}, True),
        (
            {"ArnNotEquals": {"aws:SourceArn": ["a:b:c:d:e:f"]}},
            {"aws:sourcearn": "a:b:c:d:e:f"},
            False,
        ),
        ({"ArnNotEquals": {"aws:SourceArn": ["a:b:c:d:e:f"]}}, {}, True),
        ({"ArnLike": {"aws:SourceArn": "a:b:c:d:*:f"}}, {"aws:sourcearn": "a:b:c:d:e:x:f"}, False),
        ({"Null": {"aws:PrincipalArn": "false"}}, {"aws:principalarn": "x"}, True),
        ({"Null": {"aws:PrincipalArn": "false"}}, {}, False),
        ({"Bool": {"aws:SecureTransport": False}}, {"aws:securetransport": "true"}, False),
    ],
)
def test_a_denial_holds_on_its_conditions(
    condition: dict[str, Any], context: dict[str, str], expected: bool
) -> None:
    assert denies([statement(Effect="Deny", Condition=condition)], SEND, context) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"Condition": {"DateLessThan": {"aws:SourceArn": "x"}}},
        {"Condition": {"StringEquals": {"aws:NeverHeardOf": "x"}}},
        {"NotAction": "s3:*"},
    ],
)
def test_what_it_does_not_know_stops_it(fields: dict[str, Any]) -> None:
    with pytest.raises(UnknownPolicyError):
        allows([statement(**fields)], SEND, {})


def test_a_pattern_is_not_a_regular_expression() -> None:
    assert not glob("a.c", "abc")
    assert glob("a.c", "a.c")
