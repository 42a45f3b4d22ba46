"""What cannot be read or recorded closes nothing, and comes again only if that may help."""

from collections import Counter
from typing import Any

import pytest

from tests.aws.reevaluating import BLOCKS, READABLE, Watch, make_bucket, make_public
from tests.aws.watching import call, every, only, reads, told
from vedette.aws.stand_in.server import StandIn
from vedette.findings.store import StoreBusyError
from vedette.findings.tracked import FindingStatus
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate import Left

OPEN = FindingStatus.OPEN


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


@pytest.fixture
def watch(stand_in: StandIn) -> Watch:
    return Watch(stand_in, only(BLOCKS, READABLE))


def test_what_cannot_be_read_for_lack_of_permission_is_unknown_and_closes_nothing(
    stand_in: StandIn, watch: Watch
) -> None:
    make_public(make_bucket(stand_in, "invoices"), "invoices")
    watch.look(call("PutBucketPolicy", bucketName="invoices"))
    before = every(watch.store)
    stand_in.faults.deny("s3:GetBucketPolicy")
    stand_in.faults.deny("s3:GetPublicAccessBlock")

    result = watch.look(call("PutBucketPolicy", bucketName="invoices"))

    assert result.verdicts == Counter({Verdict.UNKNOWN: 2})
    assert result.left[Left.UNREADABLE] == 1
    assert not result.retry
    assert any("was denied" in one for one in result.reasons)
    assert every(watch.store) == before


def test_a_throttled_read_gives_back_the_message_concerned_alone(
    stand_in: StandIn, watch: Watch
) -> None:
    for name in ("invoices", "letters"):
        make_public(make_bucket(stand_in, name), name)
    stand_in.faults.throttle("s3:GetBucketPolicy", containing="invoices", times=1)
    told_of = [call("PutBucketPolicy", bucketName=one) for one in ("letters", "invoices")]

    first = watch.look(*told_of)
    assert first.retry == {"m1"}
    assert told(watch.store, READABLE) == {"letters": OPEN}

    assert not watch.look(told_of[1]).retry
    assert told(watch.store, READABLE) == {"letters": OPEN, "invoices": OPEN}


def test_a_bucket_whose_place_is_not_told_is_not_taken_for_deleted(
    stand_in: StandIn, watch: Watch
) -> None:
    make_public(make_bucket(stand_in, "invoices"), "invoices")
    watch.look(call("PutBucketPolicy", bucketName="invoices"))
    stand_in.faults.throttle("s3:GetBucketLocation")

    result = watch.look(call("DeleteBucket", bucketName="invoices"))

    assert result.retry == {"m0"}
    assert told(watch.store, READABLE) == {"invoices": OPEN}


def test_an_account_whose_role_cannot_be_assumed_gives_its_messages_back(
    stand_in: StandIn, watch: Watch
) -> None:
    make_bucket(stand_in, "invoices")
    stand_in.faults.deny("sts:AssumeRole")

    result = watch.look(call("PutBucketPolicy", bucketName="invoices"))

    assert result.retry == {"m0"}
    assert list(result.reasons) == ["sts:AssumeRole was denied (AccessDenied)"]
    assert not reads(stand_in)["s3:GetBucketLocation"]


def test_a_resource_of_another_account_is_counted_and_not_read(
    stand_in: StandIn, watch: Watch
) -> None:
    stand_in.recorder.clear()
    foreign = call("PutBucketPolicy", bucketName="invoices") | {
        "recipientAccountId": "999988887777"
    }

    result = watch.look(foreign)

    assert result.left[Left.FOREIGN] == 1
    assert stand_in.recorder.total == 0
    assert not result.retry


def test_a_region_that_the_account_does_not_have_is_counted_and_never_tried_again(
    stand_in: StandIn,
) -> None:
    watch = Watch(stand_in, only("sqs/queue_policy_is_not_public"))

    result = watch.look(
        call("DeleteQueue", "sqs", region="xx-nowhere-1", queueUrl="https://sqs/1/letters")
    )

    assert result.left[Left.NO_REGION] == 1
    assert not result.retry


@pytest.mark.parametrize(
    "record", [None, [], "text", {}, {"eventSource": 1}, {"eventSource": "s3.amazonaws.com"}]
)
def test_what_is_no_record_is_counted(watch: Watch, record: Any) -> None:
    result = watch.operation.run([("m0", record)])

    assert result.unchanged.total() == 1
    assert not result.retry


def test_a_finding_that_is_not_written_gives_its_message_back(
    stand_in: StandIn, watch: Watch
) -> None:
    for name in ("invoices", "letters"):
        make_public(make_bucket(stand_in, name), name)
    told_of = [call("PutBucketPolicy", bucketName=one) for one in ("letters", "invoices")]
    watch.look(*told_of)
    (of_letters,) = (
        one.id
        for one in every(watch.store)
        if one.rule == READABLE and one.resource and one.resource.id == "letters"
    )
    watch.store.failing[of_letters] = StoreBusyError("busy")

    assert watch.look(*told_of).retry == {"m0"}


def test_a_list_that_fails_closes_nothing_of_the_type(stand_in: StandIn, watch: Watch) -> None:
    make_public(make_bucket(stand_in, "invoices"), "invoices")
    watch.look(call("PutBucketPolicy", bucketName="invoices"))
    stand_in.faults.throttle("s3:ListBuckets")

    result = watch.look(call("DeleteBucket") | {"requestParameters": None})

    assert result.retry == {"m0"}
    assert told(watch.store, READABLE) == {"invoices": OPEN}
