"""The operators of EventBridge as AWS documents them; moto's matcher is a second opinion."""

from typing import Any

import pytest
from moto.events.models import EventPattern as MotoPattern

from vedette.detection.patterns.matching import PatternError, matches_pattern

CASES = [
    ({"a": ["x"]}, {"a": "x"}, True),
    ({"a": ["x"]}, {"a": "X"}, False),
    ({"a": ["x"]}, {}, False),
    ({"a": ["x", "y"]}, {"a": "y"}, True),
    ({"a": ["x"]}, {"a": ["y", "x"]}, True),
    ({"a": ["x"], "b": ["y"]}, {"a": "x", "b": "z"}, False),
    ({"a": {"b": ["x"]}}, {"a": {"b": "x"}}, True),
    ({"a": {"b": ["x"]}}, {"a": "x"}, False),
    ({"a": [1]}, {"a": 1}, True),
    ({"a": [True]}, {"a": True}, True),
    ({"a": [True]}, {"a": "true"}, False),
    ({"a": [None]}, {"a": None}, True),
    ({"a": [None]}, {}, False),
    ({"a": [""]}, {"a": ""}, True),
    ({"a": [{"prefix": "aws."}]}, {"a": "aws.s3"}, True),
    ({"a": [{"prefix": "aws."}]}, {"a": "my.aws.s3"}, False),
    ({"a": [{"prefix": {"equals-ignore-case": "AWS."}}]}, {"a": "aws.s3"}, True),
    ({"a": [{"suffix": "CloudTrail"}]}, {"a": "via CloudTrail"}, True),
    ({"a": [{"suffix": {"equals-ignore-case": "TRAIL"}}]}, {"a": "via CloudTrail"}, True),
    ({"a": [{"equals-ignore-case": "CreateUser"}]}, {"a": "createuser"}, True),
    ({"a": [{"equals-ignore-case": "CreateUser"}]}, {"a": "createusers"}, False),
    ({"a": [{"wildcard": "*Denied*"}]}, {"a": "AccessDeniedException"}, True),
    ({"a": [{"wildcard": "*Denied"}]}, {"a": "AccessDeniedException"}, False),
    ({"a": [{"anything-but": "x"}]}, {"a": "y"}, True),
    ({"a": [{"anything-but": ["x", "y"]}]}, {"a": "y"}, False),
    ({"a": [{"anything-but": "x"}]}, {}, False),
    ({"a": [{"anything-but": {"prefix": "Get"}}]}, {"a": "ListUsers"}, True),
    ({"a": [{"anything-but": {"suffix": "Users"}}]}, {"a": "ListUsers"}, False),
    ({"a": [{"exists": True}]}, {"a": "x"}, True),
    ({"a": [{"exists": True}]}, {}, False),
    ({"a": [{"exists": False}]}, {}, True),
    ({"a": [{"exists": False}]}, {"a": "x"}, False),
    ({"a": [{"numeric": [">", 0, "<=", 5]}]}, {"a": 5}, True),
    ({"a": [{"numeric": ["=", 3]}]}, {"a": 4}, False),
    ({"a": [{"cidr": "10.0.0.0/8"}]}, {"a": "10.1.2.3"}, True),
    ({"a": [{"cidr": "10.0.0.0/8"}]}, {"a": "11.1.2.3"}, False),
    ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "y"}, True),
    ({"$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"b": "x"}, False),
    ({"d": {"$or": [{"a": ["x"]}, {"b": {"c": ["y"]}}]}}, {"d": {"b": {"c": "y"}}}, True),
    ({"c": ["z"], "$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"a": "x", "c": "z"}, True),
    ({"c": ["z"], "$or": [{"a": ["x"]}, {"b": ["y"]}]}, {"a": "x", "c": "x"}, False),
]


@pytest.mark.parametrize(("pattern", "event", "expected"), CASES)
def test_an_operator_means_what_aws_says(
    pattern: dict[str, Any], event: dict[str, Any], expected: bool
) -> None:
    assert matches_pattern(pattern, event) is expected


@pytest.mark.parametrize(("pattern", "event", "expected"), CASES)
def test_moto_agrees(pattern: dict[str, Any], event: dict[str, Any], expected: bool) -> None:
    opinion: Any = MotoPattern(None, pattern)

    assert bool(opinion.matches_event(event)) is expected


@pytest.mark.parametrize(
    ("pattern", "event", "expected"),
    [
        ({"a": {"b": ["x"]}}, {"a": [{"b": "y"}, {"b": "x"}]}, True),
        ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x"}, {"c": "y"}]}, False),
        ({"a": {"b": ["x"], "c": ["y"]}}, {"a": [{"b": "x", "c": "y"}]}, True),
        ({"a": {"b": [{"exists": False}]}}, {"a": [{"c": "y"}, {"b": "x"}]}, False),
        ({"a": {"b": [{"exists": False}]}}, {"a": [{"c": "y"}]}, True),
        ({"a": {"b": [{"exists": False}]}}, {"a": []}, True),
        ({"a": {"b": [{"exists": False}]}}, {}, True),
        ({"a": [{"exists": True}]}, {"a": {"b": "x"}}, False),
        ({"a": [{"exists": True}]}, {"a": []}, False),
        ({"a": [{"exists": False}, "x"]}, {"a": "x"}, True),
        ({"a": [{"exists": False}, "x"]}, {}, True),
        ({"a": [1]}, {"a": True}, False),
        ({"a": [{"wildcard": "a\\*b*"}]}, {"a": "a*bc"}, True),
        ({"a": [{"wildcard": "a\\*b*"}]}, {"a": "axbc"}, False),
        ({"a": [{"cidr": "10.0.0.0/8"}]}, {"a": "nowhere"}, False),
        ({"a": ["x"]}, ["a"], False),
    ],
)
def test_lists_of_objects_and_leaves_are_matched_as_aws_says(
    pattern: dict[str, Any], event: Any, expected: bool
) -> None:
    assert matches_pattern(pattern, event) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        {"a": "x"},
        {"a": []},
        {"a": {}},
        {"a": [{"like": "x"}]},
        {"a": [{"prefix": "x", "suffix": "y"}]},
        {"a": [{"prefix": 1}]},
        {"a": [{"wildcard": "x**"}]},
        {"a": [{"exists": "yes"}]},
        {"a": [{"numeric": ["~", 1]}]},
        {"$or": [{"a": ["x"]}]},
    ],
)
def test_a_pattern_that_eventbridge_would_refuse_is_refused(pattern: dict[str, Any]) -> None:
    with pytest.raises(PatternError):
        matches_pattern(pattern, {"a": "x"} if "numeric" not in str(pattern) else {"a": 1})
