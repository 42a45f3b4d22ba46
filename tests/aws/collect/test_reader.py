from collections import Counter
from threading import Thread
from typing import Any

import pytest
from botocore.parsers import ResponseParserError

from tests.fakes.clients import Answer, FakeClients, raising, refused, unreachable
from vedette.aws.collect.reader import Once, Reader, Scope, UndeclaredCallError
from vedette.aws.errors import Problem, ReadError

SCOPE = Scope(account="111122223333", partition="aws-cn", regions=("eu-west-1",), home="us-east-1")


def reader(clients: FakeClients, region: str = "eu-west-1") -> Reader:
    return Reader(clients, SCOPE, region, Once())


def answering(answer: Answer) -> FakeClients:
    return FakeClients(answers={"get_bucket_acl": answer})


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("AccessDenied", Problem.DENIED),
        ("UnauthorizedOperation", Problem.DENIED),
        ("AccessDeniedException", Problem.DENIED),
        ("Throttling", Problem.THROTTLED),
        ("RequestLimitExceeded", Problem.THROTTLED),
        ("ExpiredToken", Problem.EXPIRED),
        ("OptInRequired", Problem.REGION_OFF),
        ("NoSuchBucketPolicy", Problem.NOT_FOUND),
        ("InvalidGroup.NotFound", Problem.NOT_FOUND),
        ("DBInstanceNotFound", Problem.NOT_FOUND),
        ("DBInstanceNotFoundFault", Problem.NOT_FOUND),
        ("AWS.SimpleQueueService.NonExistentQueue", Problem.NOT_FOUND),
        ("InternalError", Problem.FAILED),
        ("", Problem.FAILED),
    ],
)
def test_a_refusal_is_told_apart_by_its_code(code: str, problem: Problem) -> None:
    with pytest.raises(ReadError) as error:
        reader(answering(raising(refused(code)))).call("s3:GetBucketAcl", Bucket="b")

    assert error.value.problem is problem
    assert error.value.code == code
    assert "s3:GetBucketAcl" in error.value.reason


@pytest.mark.parametrize(
    "message",
    [
        "User: x is not authorized to perform: y with an explicit deny in a service control policy",
        "... with an explicit deny in a resource control policy",
    ],
)
def test_a_denial_by_the_organisation_is_told_apart(message: str) -> None:
    with pytest.raises(ReadError) as error:
        reader(answering(raising(refused("AccessDenied", message)))).call("s3:GetBucketAcl")

    assert error.value.problem is Problem.DENIED_BY_ORGANISATION


def test_an_endpoint_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(ReadError) as error:
        reader(answering(raising(unreachable()))).call("s3:GetBucketAcl")

    assert error.value.problem is Problem.UNREACHABLE


def test_a_page_that_is_not_aws_s_answer_is_a_failure_and_no_crash() -> None:
    page = ResponseParserError("invalid XML received: b'<!doctype html>'")

    with pytest.raises(ReadError) as error:
        reader(answering(raising(page))).call("s3:GetBucketAcl")

    assert error.value.problem is Problem.FAILED
    assert error.value.code == "ResponseParserError"


def test_what_aws_says_at_length_is_cut() -> None:
    with pytest.raises(ReadError) as error:
        reader(answering(raising(refused("InternalError", "x" * 64_000)))).call("s3:GetBucketAcl")

    assert len(error.value.reason) < 300


def test_an_answer_is_returned() -> None:
    assert reader(answering(lambda **_: {"Grants": []})).call("s3:GetBucketAcl") == {"Grants": []}


def test_an_absent_configuration_is_none() -> None:
    read = reader(answering(raising(refused("NoSuchThing"))))

    assert read.optional("s3:GetBucketAcl", "NoSuchThing") is None


def test_a_denial_is_not_an_absent_configuration() -> None:
    read = reader(answering(raising(refused("AccessDenied"))))

    with pytest.raises(ReadError):
        read.optional("s3:GetBucketAcl", "NoSuchThing")


def test_a_call_that_is_not_declared_is_refused() -> None:
    read = reader(answering(lambda **_: {})).declaring(["s3:ListBuckets"])

    with pytest.raises(UndeclaredCallError, match="s3:GetBucketAcl"):
        read.call("s3:GetBucketAcl")


def test_expired_credentials_are_renewed_once_and_the_call_made_again() -> None:
    calls: Counter[str] = Counter()

    def answer(**_: Any) -> dict[str, Any]:
        calls["made"] += 1
        if calls["made"] == 1:
            raise refused("ExpiredToken")
        return {"Grants": ["one"]}

    clients = answering(answer)

    assert reader(clients).call("s3:GetBucketAcl") == {"Grants": ["one"]}
    assert clients.renewals == 1


def test_credentials_that_stay_expired_are_told() -> None:
    clients = answering(raising(refused("ExpiredToken")))

    with pytest.raises(ReadError) as error:
        reader(clients).call("s3:GetBucketAcl")

    assert error.value.problem is Problem.EXPIRED
    assert clients.renewals == 1


def test_every_page_is_read() -> None:
    clients = FakeClients(
        pages={"list_keys": lambda **_: [{"Keys": [1, 2]}, {}, {"Keys": [3]}, {"Keys": None}]}
    )

    assert list(reader(clients).pages("kms:ListKeys", "Keys")) == [1, 2, 3]


def test_a_listing_without_pages_is_one_page() -> None:
    clients = FakeClients(answers={"list_detectors": lambda **_: {"DetectorIds": ["d"]}})

    assert list(reader(clients).pages("guardduty:ListDetectors", "DetectorIds")) == ["d"]


def test_expired_credentials_are_renewed_before_the_first_page() -> None:
    calls: Counter[str] = Counter()

    def pages(**_: Any) -> list[dict[str, Any]]:
        calls["made"] += 1
        if calls["made"] == 1:
            raise refused("ExpiredToken")
        return [{"Keys": [1]}]

    clients = FakeClients(pages={"list_keys": pages})

    assert list(reader(clients).pages("kms:ListKeys", "Keys")) == [1]


def test_global_services_answer_at_home() -> None:
    clients = FakeClients(answers={"get_account_summary": lambda **_: {}})

    reader(clients, "global").call("iam:GetAccountSummary")

    assert list(clients.made) == [("iam", "us-east-1")]


def test_arns_carry_the_partition() -> None:
    assert (
        reader(FakeClients()).arn("kms", "key/1") == "arn:aws-cn:kms:eu-west-1:111122223333:key/1"
    )
    assert reader(FakeClients(), "global").arn("iam", "user/u") == (
        "arn:aws-cn:iam::111122223333:user/u"
    )


def test_what_is_shared_is_read_once_even_by_many_threads() -> None:
    read = reader(FakeClients())
    calls: Counter[str] = Counter()

    def report(_: Reader) -> str:
        calls["made"] += 1
        return "report"

    threads = [Thread(target=lambda: read.once("report", report)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert calls["made"] == 1
    assert read.once("report", report) == "report"


def test_what_could_not_be_read_is_not_asked_for_again() -> None:
    calls: Counter[str] = Counter()
    clients = answering(raising(refused("AccessDenied")))
    read = reader(clients)

    def report(one: Reader) -> Any:
        calls["made"] += 1
        return one.call("s3:GetBucketAcl")

    for _ in range(2):
        with pytest.raises(ReadError):
            read.once("report", report)
    assert calls["made"] == 1
