"""The hub reads every account as the audit role of that account, and none that is not ours."""

import pytest

from tests.aws.truth.world import ACCOUNT, REGION
from tests.aws.watching import fleet
from vedette.aws.fleet import UnreachableAccountError
from vedette.aws.stand_in.server import StandIn

MEMBER = "111122223333"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def test_each_account_is_read_with_a_role_of_its_own(stand_in: StandIn) -> None:
    ours = fleet(stand_in, ACCOUNT, MEMBER)
    ours.member(ACCOUNT).clients.client("sqs", REGION).create_queue(QueueName="of-the-hub")
    ours.member(MEMBER).clients.client("sqs", REGION).create_queue(QueueName="of-the-member")

    for account, name in ((ACCOUNT, "of-the-hub"), (MEMBER, "of-the-member")):
        urls = ours.member(account).clients.client("sqs", REGION).list_queues()["QueueUrls"]
        assert [one.rpartition("/")[2] for one in urls] == [name]


@pytest.mark.parametrize(
    "told",
    ["ExternalId=example-external-id", f"{ACCOUNT}%3Arole%2Fvedette%2Fvedette-audit"],
    ids=["external id", "role"],
)
def test_the_role_is_asked_for_by_name_and_with_the_external_id(
    stand_in: StandIn, told: str
) -> None:
    fault = stand_in.faults.deny("sts:AssumeRole", containing=told)

    with pytest.raises(UnreachableAccountError, match="sts:AssumeRole was denied"):
        fleet(stand_in).member(ACCOUNT)
    assert fault.hits == 1


def test_a_role_is_assumed_once_and_the_regions_are_asked_for_once(stand_in: StandIn) -> None:
    ours = fleet(stand_in)
    stand_in.recorder.clear()

    for _ in range(3):
        assert REGION in ours.member(ACCOUNT).regions()

    assert stand_in.recorder.by_operation() == {
        "sts:AssumeRole": 1,
        "sts:GetCallerIdentity": 1,
        "ec2:DescribeRegions": 1,
    }


def test_an_account_that_failed_is_tried_anew(stand_in: StandIn) -> None:
    ours = fleet(stand_in)
    stand_in.faults.throttle("sts:AssumeRole", times=1)
    with pytest.raises(UnreachableAccountError, match="throttled"):
        ours.member(ACCOUNT)

    assert ours.member(ACCOUNT).account == ACCOUNT


def test_an_account_that_is_not_ours_is_never_reached_for(stand_in: StandIn) -> None:
    stand_in.recorder.clear()

    with pytest.raises(UnreachableAccountError, match="none of the accounts"):
        fleet(stand_in).member("999988887777")
    assert stand_in.recorder.total == 0


def test_regions_that_are_not_told_make_the_account_unreachable(stand_in: StandIn) -> None:
    stand_in.faults.deny("ec2:DescribeRegions")

    with pytest.raises(UnreachableAccountError, match="ec2:DescribeRegions was denied"):
        fleet(stand_in).member(ACCOUNT).regions()
