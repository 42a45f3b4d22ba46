"""What changed is looked at as it is now, once, in the account that it is in."""

from itertools import permutations

import pytest

from tests.aws.reevaluating import BLOCKS, READABLE, Watch, make_bucket, make_public
from tests.aws.truth.world import ACCOUNT, REGION
from tests.aws.watching import call, every, only, reads, told
from vedette.aws.stand_in.server import StandIn
from vedette.findings.tracked import FindingStatus

BUCKET_READS = {"s3:GetBucketLocation", "s3:GetBucketPolicy", "s3:GetBucketAcl"}
OPEN, RESOLVED = FindingStatus.OPEN, FindingStatus.RESOLVED
PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


@pytest.fixture
def watch(stand_in: StandIn) -> Watch:
    return Watch(stand_in, only(BLOCKS, READABLE))


def test_a_bucket_that_becomes_public_has_a_finding(stand_in: StandIn, watch: Watch) -> None:
    make_public(make_bucket(stand_in, "invoices"), "invoices")

    result = watch.look(call("PutBucketPolicy", bucketName="invoices"))

    assert told(watch.store, READABLE) == {"invoices": OPEN}
    assert told(watch.store, BLOCKS) == {"invoices": OPEN}
    assert not result.retry
    finding = next(one for one in every(watch.store) if one.rule == READABLE)
    assert (finding.account, finding.region, finding.baseline) == (ACCOUNT, REGION, False)
    assert finding.transition is not None


def test_a_bucket_made_private_resolves_its_findings(stand_in: StandIn, watch: Watch) -> None:
    s3 = make_bucket(stand_in, "invoices")
    make_public(s3, "invoices")
    watch.look(call("PutBucketPolicy", bucketName="invoices"))

    s3.put_public_access_block(Bucket="invoices", PublicAccessBlockConfiguration=PRIVATE)
    watch.look(call("PutBucketPublicAccessBlock", bucketName="invoices"))

    assert told(watch.store, READABLE) == {"invoices": RESOLVED}
    assert told(watch.store, BLOCKS) == {"invoices": RESOLVED}


def test_a_deleted_bucket_closes_its_findings_and_no_others(
    stand_in: StandIn, watch: Watch
) -> None:
    for name in ("invoices", "letters"):
        make_public(make_bucket(stand_in, name), name)
    watch.look(*(call("PutBucketPolicy", bucketName=one) for one in ("invoices", "letters")))

    stand_in.client("s3", REGION).delete_bucket(Bucket="invoices")
    watch.look(call("DeleteBucket", bucketName="invoices"))

    assert told(watch.store, READABLE) == {"invoices": RESOLVED, "letters": OPEN}
    reasons = {one.resource.id: one.transition for one in every(watch.store) if one.resource}
    assert reasons["invoices"] is not None
    assert [one.value for one in reasons["invoices"].because] == ["resource_gone"]


def test_a_bucket_told_of_by_another_region_is_found_in_its_own(
    stand_in: StandIn, watch: Watch
) -> None:
    make_public(make_bucket(stand_in, "invoices", "eu-central-1"), "invoices")

    watch.look(call("PutBucketPolicy", bucketName="invoices", region="us-east-1"))

    assert {one.region for one in every(watch.store)} == {"eu-central-1"}


def test_ten_calls_that_create_one_bucket_cost_one_read(stand_in: StandIn, watch: Watch) -> None:
    make_bucket(stand_in, "invoices")
    names = [
        "CreateBucket",
        "PutBucketAcl",
        "PutBucketPolicy",
        "PutBucketEncryption",
        "PutBucketVersioning",
        "PutBucketLogging",
        "PutBucketPublicAccessBlock",
        "PutBucketOwnershipControls",
        "PutBucketLifecycle",
        "PutBucketTagging",
    ]
    stand_in.recorder.clear()

    result = watch.look(*(call(one, bucketName="invoices") for one in names))

    counted = reads(stand_in)
    assert {one: counted[one] for one in BUCKET_READS} == dict.fromkeys(BUCKET_READS, 1)
    assert max(counted.values()) == 1, counted
    assert result.resources == 1


def test_only_what_the_rules_read_is_asked_for(stand_in: StandIn) -> None:
    make_bucket(stand_in, "invoices")
    watch = Watch(stand_in, only("s3/bucket_keeps_versions"))
    stand_in.recorder.clear()

    watch.look(call("PutBucketVersioning", bucketName="invoices"))

    asked = {"ec2:DescribeRegions", "s3:GetBucketLocation", "s3:GetBucketVersioning"}
    # Findings carry tags, and suppressions may name them.
    assert set(reads(stand_in)) == asked | {"resourcegroupstaggingapi:GetResources"}


def test_the_same_batch_again_and_in_any_order_writes_nothing(
    stand_in: StandIn, watch: Watch
) -> None:
    for name in ("invoices", "letters"):
        make_public(make_bucket(stand_in, name), name)
    records = [
        call("CreateBucket", bucketName="invoices"),
        call("PutBucketPolicy", bucketName="letters"),
        call("DeleteBucketPolicy", bucketName="invoices"),
    ]
    watch.look(*records)
    states, writes = every(watch.store), watch.store.writes

    for order in permutations(records):
        watch.look(*order)

    assert watch.store.writes == writes
    assert every(watch.store) == states


def test_an_event_that_does_not_say_which_looks_at_all_of_the_type(
    stand_in: StandIn, watch: Watch
) -> None:
    for name in ("invoices", "letters", "plans"):
        make_public(make_bucket(stand_in, name), name)
    watch.look(*(call("PutBucketPolicy", bucketName=one) for one in ("invoices", "letters")))
    stand_in.client("s3", REGION).delete_bucket(Bucket="invoices")

    result = watch.look(call("DeleteBucket") | {"requestParameters": None})

    assert told(watch.store, READABLE) == {"invoices": RESOLVED, "letters": OPEN, "plans": OPEN}
    assert result.resources == 1


def test_users_are_asked_about_one_by_one_since_the_report_may_be_hours_old(
    stand_in: StandIn,
) -> None:
    iam = stand_in.client("iam")
    names = ["ada", "bob", "cleo", "dan", "eve"]
    for name in names:
        iam.create_user(UserName=name)
        iam.create_login_profile(UserName=name, Password="Secret-pass-1")  # noqa: S106 - moto's
    watch = Watch(stand_in, only("iam/user_with_password_has_mfa"))
    stand_in.recorder.clear()

    watch.look(*(call("CreateLoginProfile", "iam", userName=one) for one in names))

    assert told(watch.store, "iam/user_with_password_has_mfa") == dict.fromkeys(names, OPEN)
    assert not reads(stand_in)["iam:GetCredentialReport"]
