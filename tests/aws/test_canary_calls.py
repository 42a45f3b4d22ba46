"""The canary's calls, and where a stack tells its API."""

from typing import Any

import pytest

from tests.fakes.clients import refused, unreachable
from vedette.aws.api import ApiError, api_address
from vedette.aws.canary import BucketCanary, CanaryCallError


class Bucket:
    """Answers as S3 does; `answers` tells how each call ends."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[dict[str, Any]] = []

    def put_bucket_ownership_controls(self, **asked: Any) -> Any:
        return self._answer("write", asked)

    def get_bucket_tagging(self, **asked: Any) -> Any:
        return self._answer("read", asked)

    def _answer(self, call: str, asked: dict[str, Any]) -> Any:
        self.asked.append(asked)
        answer = self.answers[call]
        if isinstance(answer, Exception):
            raise answer
        return answer


def denied(request: str) -> Exception:
    error = refused("AccessDenied")
    error.response["ResponseMetadata"] = {"RequestId": request}  # type: ignore[typeddict-item]
    return error


def test_calls_give_the_id_of_their_request() -> None:
    bucket = Bucket(write={"ResponseMetadata": {"RequestId": "W1"}}, read=denied("R1"))
    canary = BucketCanary(bucket, "hub-canary")

    assert (canary.call("write"), canary.call("denied_read")) == ("W1", "R1")
    assert {one["Bucket"] for one in bucket.asked} == {"hub-canary"}


@pytest.mark.parametrize(
    ("kind", "answers", "said"),
    [
        ("write", {"write": refused("AccessDenied")}, "s3:PutBucketOwnershipControls was denied"),
        ("write", {"write": unreachable()}, "is unreachable"),
        ("denied_read", {"read": {}}, "was allowed, but should have been denied"),
        ("denied_read", {"read": refused("NoSuchBucket")}, "but should have been denied"),
        ("denied_read", {"read": unreachable()}, "s3:GetBucketTagging is unreachable"),
    ],
)
def test_a_call_that_ends_otherwise_is_told(kind: str, answers: dict[str, Any], said: str) -> None:
    with pytest.raises(CanaryCallError, match=said):
        BucketCanary(Bucket(**answers), "hub-canary").call(kind)


class Stacks:
    """A session whose CloudFormation answers so."""

    region = "eu-west-1"

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def client(self, _service: str, _region: str) -> Any:
        return self

    def describe_stacks(self, **_: Any) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return {"Stacks": [{"Outputs": self._answer}]}


def test_a_stack_tells_where_its_api_is() -> None:
    outputs = [
        {"OutputKey": "AlertTopic", "OutputValue": "arn"},
        {"OutputKey": "ApiUrl", "OutputValue": "https://x.execute-api.eu-west-1.amazonaws.com"},
    ]

    found = api_address(Stacks(outputs), "Vedette")  # type: ignore[arg-type]

    assert found == "https://x.execute-api.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("answer", "said"),
    [([], "has no API"), (refused("ValidationError", "no such stack"), "--region")],
)
def test_a_stack_that_does_not_is_told_with_the_remedy(answer: Any, said: str) -> None:
    with pytest.raises(ApiError, match=said):
        api_address(Stacks(answer), "Vedette")  # type: ignore[arg-type]
