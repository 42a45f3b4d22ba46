"""How buckets and access points are found and read."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.aws.truth import s3 as truth
from tests.aws.truth.world import ACCOUNT, REGION, Seeding
from tests.fakes.clients import FakeClients, refused
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.collect.services.s3 import find_access_points, find_buckets
from vedette.aws.session import SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.selection import Selection

REQUESTS_FOR_ONE_BUCKET = 10
SCOPE = Scope(
    account=ACCOUNT,
    partition="aws-us-gov",
    regions=(REGION, "us-east-1"),
    home=REGION,
)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")


def seed(stand_in: StandIn) -> None:
    truth.seed_open_account(Seeding(stand_in))
    stand_in.recorder.clear()


def report(
    stand_in: StandIn, *resources: str, regions: Sequence[str] = (REGION, "us-east-1")
) -> Any:
    request = AuditRequest(
        selection=Selection(services=["s3"], resources=resources),
        reading=ReadingOptions(
            session=SessionOptions(endpoint_url=stand_in.endpoint_url, region=REGION),
            regions=regions,
        ),
        include_passed=True,
    )
    return audit(request).report


def judged(found: Any, kind: str = "AWS::S3::Bucket") -> set[str]:
    return {one.resource.id for one in found.findings if one.resource.type == kind}


def test_one_bucket_by_its_arn_takes_few_requests(stand_in: StandIn) -> None:
    seed(stand_in)

    found = report(stand_in, "arn:aws:s3:::website")

    assert judged(found) == {"website"}
    assert stand_in.recorder.total <= REQUESTS_FOR_ONE_BUCKET
    assert stand_in.recorder.by_operation()["s3:ListBuckets"] == 0


def test_a_named_bucket_that_does_not_exist_hides_no_other() -> None:
    def locate(*, Bucket: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - boto3's name
        if Bucket == "absent":
            raise refused("NoSuchBucket")
        return {"LocationConstraint": {"old": "EU", "older": None}.get(Bucket, REGION)}

    reader = Reader(FakeClients({"get_bucket_location": locate}), SCOPE, "global", Once())

    named = list(find_buckets(reader, frozenset({"absent", "new", "old", "older"})))

    assert [(one.id, one.region) for one in named] == [
        ("new", REGION),
        ("old", "eu-west-1"),
        ("older", "us-east-1"),
    ]
    assert named[0].arn == "arn:aws-us-gov:s3:::new"


def test_a_bucket_takes_at_most_four_requests(stand_in: StandIn) -> None:
    seed(stand_in)

    report(stand_in)

    counts = stand_in.recorder.by_operation()
    of_buckets = {name: n for name, n in counts.items() if name.startswith("s3:GetBucket")}
    buckets = len(stand_in.client("s3").list_buckets()["Buckets"])
    assert len(of_buckets) + 1 <= 4
    assert set(of_buckets.values()) == {buckets}
    assert counts["s3:GetPublicAccessBlock"] == buckets


def test_buckets_of_regions_that_were_not_chosen_are_left_out(stand_in: StandIn) -> None:
    seed(stand_in)

    found = report(stand_in, regions=["us-east-1"])

    assert judged(found) == {"elsewhere", "dropbox"}


def test_a_bucket_deleted_while_it_is_read_is_gone(stand_in: StandIn) -> None:
    seed(stand_in)
    stand_in.faults.refuse("s3:Get*", "NoSuchBucket", status=404, containing="website")

    found = report(stand_in)

    assert "website" not in judged(found)
    assert "guarded" in judged(found)
    assert sum(one.gone for one in found.coverage) == 1


def test_access_points_are_read_to_the_last_page() -> None:
    def page(**asked: Any) -> dict[str, Any]:
        number = int(asked.get("NextToken", "1"))
        more = {"NextToken": str(number + 1)} if number < 3 else {}
        return {"AccessPointList": [{"Name": f"point-{number}"}], **more}

    reader = Reader(FakeClients({"list_access_points": page}), SCOPE, REGION, Once())

    assert [one.id for one in find_access_points(reader, None)] == [
        "point-1",
        "point-2",
        "point-3",
    ]


def test_an_access_point_by_its_arn_needs_no_listing(stand_in: StandIn) -> None:
    seed(stand_in)

    found = report(stand_in, f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/open")

    assert judged(found, "AWS::S3::AccessPoint") == {"open"}
    assert stand_in.recorder.by_operation()["s3control:ListAccessPoints"] == 0
