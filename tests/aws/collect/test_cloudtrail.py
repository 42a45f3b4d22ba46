"""How trails are found once each, and what is read of their buckets and log groups."""

from collections import Counter
from typing import Any

import pytest

from tests.aws.collecting import US
from tests.aws.truth import cloudwatch as monitored
from tests.aws.truth.world import REGION, Seeding
from tests.fakes.clients import Answer, FakeClients, raising, refused
from vedette.aws.collect.catalogue import collectors
from vedette.aws.collect.driver import Collected, Driver, Plan
from vedette.aws.collect.reader import Scope
from vedette.aws.session import SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.selection import Selection
from vedette.resources.cloudtrail import BucketExposure, CloudTrailRegion, Trail
from vedette.resources.facts import known, why_unreadable

ORGANISATION = "999988887777"


def trail(name: str, home: str, account: str = US, **fields: Any) -> dict[str, Any]:
    arn = f"arn:aws:cloudtrail:{home}:{account}:trail/{name}"
    return {
        "Name": name,
        "TrailARN": arn,
        "HomeRegion": home,
        "IsMultiRegionTrail": True,
        "LogFileValidationEnabled": True,
        "S3BucketName": "archive",
    } | fields


def collect(
    clients: FakeClients, *facts: str, regions: tuple[str, ...] = (REGION, "us-east-1")
) -> Collected:
    plan = Plan(facts={Trail: frozenset(facts), CloudTrailRegion: frozenset({"trails"})})
    scope = Scope(account=US, partition="aws", regions=regions, home="us-east-1")
    return Driver(collectors(), plan, scope, clients).run(workers=2)


def trails(collected: Collected) -> list[tuple[str, str]]:
    return sorted((one.id, one.region) for one in collected.resources if isinstance(one, Trail))


def listing(*listed: dict[str, Any]) -> Answer:
    return lambda **_: {"trailList": list(listed)}


def test_a_trail_that_every_region_lists_is_read_once_in_its_home() -> None:
    everywhere = trail("main", "us-east-1")
    local = trail("local", REGION, IsMultiRegionTrail=False)
    asked: Counter[str] = Counter()

    def status(*, Name: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        asked[Name] += 1
        return {"IsLogging": True}

    source = FakeClients(
        answers={"get_trail_status": status, "describe_trails": listing(everywhere)},
        by_region={REGION: {"describe_trails": listing(everywhere, local)}},
    )

    collected = collect(source, "is_logging")

    assert trails(collected) == [("local", REGION), ("main", "us-east-1")]
    assert asked == {everywhere["TrailARN"]: 1, local["TrailARN"]: 1}
    covered = {
        one.region: known(one.trails)
        for one in collected.resources
        if isinstance(one, CloudTrailRegion)
    }
    assert covered == {
        REGION: {everywhere["TrailARN"], local["TrailARN"]},
        "us-east-1": {everywhere["TrailARN"]},
    }


def test_a_trail_whose_home_is_not_audited_is_read_from_the_first_region() -> None:
    source = FakeClients(
        answers={
            "get_trail_status": lambda **_: {"IsLogging": True},
            "describe_trails": listing(trail("main", "ap-south-1")),
        }
    )

    collected = collect(source, "is_logging")

    assert trails(collected) == [("main", "ap-south-1")]
    assert source.made["cloudtrail", "ap-south-1"] > 0


def test_an_organisation_s_trail_is_told_from_an_own_one_of_the_same_name() -> None:
    foreign = trail("main", REGION, ORGANISATION)
    source = FakeClients(answers={"describe_trails": listing(trail("main", REGION), foreign)})

    collected = collect(source, regions=(REGION,))

    found = {one.id: one.is_own for one in collected.resources if isinstance(one, Trail)}
    assert found == {"main": True, foreign["TrailARN"]: False}


def test_an_organisation_s_trail_that_hides_its_status_is_unreadable_and_not_gone() -> None:
    source = FakeClients(
        answers={
            "describe_trails": listing(trail("orga", REGION, ORGANISATION)),
            "get_trail_status": raising(refused("TrailNotFoundException")),
        }
    )

    collected = collect(source, "is_logging", regions=(REGION,))

    (hidden,) = [one for one in collected.resources if isinstance(one, Trail)]
    assert "belongs to the organisation" in (why_unreadable(hidden.is_logging) or "")
    assert sum(one.gone for one in collected.coverage) == 0


def test_an_own_trail_deleted_while_it_is_read_is_gone() -> None:
    source = FakeClients(
        answers={
            "describe_trails": listing(trail("main", REGION)),
            "get_trail_status": raising(refused("TrailNotFoundException")),
        }
    )

    collected = collect(source, "is_logging", regions=(REGION,))

    assert trails(collected) == []
    assert sum(one.gone for one in collected.coverage) == 1


def bucket_answers(region: str | None, **answers: Answer) -> dict[str, Answer]:
    return {
        "describe_trails": listing(trail("main", REGION)),
        "get_bucket_location": lambda **_: {"LocationConstraint": region},
        "get_public_access_block": raising(refused("NoSuchPublicAccessBlockConfiguration")),
        "get_bucket_policy_status": raising(refused("NoSuchBucketPolicy")),
        "get_bucket_acl": lambda **_: {"Grants": []},
    } | answers


def exposure(answers: dict[str, Answer]) -> tuple[FakeClients, BucketExposure]:
    source = FakeClients(answers=answers)
    collected = collect(source, "bucket_exposure", regions=(REGION,))
    (found,) = [one for one in collected.resources if isinstance(one, Trail)]
    return source, known(found.bucket_exposure)


def block(**settings: bool) -> Answer:
    return lambda **_: {"PublicAccessBlockConfiguration": settings}


PUBLIC_POLICY: dict[str, Answer] = {
    "get_bucket_policy_status": lambda **_: {"PolicyStatus": {"IsPublic": True}}
}
PUBLIC_ACL: dict[str, Answer] = {
    "get_bucket_acl": lambda **_: {
        "Grants": [
            {"Grantee": {"Type": "CanonicalUser", "ID": "owner"}, "Permission": "FULL_CONTROL"},
            {
                "Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"},
                "Permission": "READ",
            },
        ]
    }
}


def test_a_bucket_is_read_in_its_own_region() -> None:
    source, found = exposure(bucket_answers(None))

    assert found == BucketExposure()
    assert source.made["s3", "us-east-1"] > 0


def test_a_bucket_is_public_by_policy_or_by_acl_unless_that_is_blocked() -> None:
    answers = bucket_answers(REGION) | PUBLIC_POLICY | PUBLIC_ACL

    _, both = exposure(answers)
    _, by_acl = exposure(answers | {"get_public_access_block": block(RestrictPublicBuckets=True)})
    _, by_policy = exposure(answers | {"get_public_access_block": block(IgnorePublicAcls=True)})

    assert both.public_by == ("its policy", "its ACL (READ for every AWS customer)")
    assert by_acl.public_by == ("its ACL (READ for every AWS customer)",)
    assert by_policy.public_by == ("its policy",)


def test_nothing_more_is_asked_of_a_bucket_that_is_blocked() -> None:
    unasked = raising(AssertionError("asked"))
    answers = bucket_answers(
        REGION,
        get_public_access_block=block(IgnorePublicAcls=True, RestrictPublicBuckets=True),
        get_bucket_policy_status=unasked,
        get_bucket_acl=unasked,
    )

    source, found = exposure(answers)

    assert found == BucketExposure()
    assert not [made for made in source.made if made[0] == "s3control"]


def test_a_bucket_that_is_gone_is_told_so() -> None:
    _, found = exposure(bucket_answers(None, get_bucket_location=raising(refused("NoSuchBucket"))))

    assert found == BucketExposure(exists=False)


def test_a_log_group_of_another_account_is_not_asked_for() -> None:
    group = f"arn:aws:logs:{REGION}:{ORGANISATION}:log-group:orga:*"
    listed = trail("main", REGION, CloudWatchLogsLogGroupArn=group)
    source = FakeClients(answers={"describe_trails": listing(listed)})

    collected = collect(source, "metric_filters", regions=(REGION,))

    (found,) = [one for one in collected.resources if isinstance(one, Trail)]
    assert "belongs to another account" in (why_unreadable(found.metric_filters) or "")
    assert source.made["logs", REGION] == 0


def test_monitoring_takes_few_calls(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monitored.seed_watched(Seeding(stand_in))
    stand_in.recorder.clear()

    audit(
        AuditRequest(
            selection=Selection(services=["cloudwatch"]),
            reading=ReadingOptions(
                session=SessionOptions(endpoint_url=stand_in.endpoint_url, region=REGION),
                regions=(REGION, "us-east-1"),
            ),
        )
    )

    counts = stand_in.recorder.by_operation()
    ours = ("cloudtrail:", "logs:", "cloudwatch:", "sns:", "s3:", "resourcegroupstaggingapi:")
    assert {name: count for name, count in counts.items() if name.startswith(ours)} == {
        "cloudtrail:DescribeTrails": 2,
        "cloudtrail:GetTrailStatus": 1,
        "cloudtrail:GetEventSelectors": 1,
        "logs:DescribeMetricFilters": 1,
        "cloudwatch:DescribeAlarms": 1,
        "sns:GetTopicAttributes": 1,
    }
