"""What changed together is put together, so that it costs few calls and is judged rightly."""

from collections.abc import Iterable

from tests.fakes.clients import FakeClients
from tests.operations.sweeping import CONTENT, US
from vedette.aws.fleet import Member
from vedette.operations.reevaluate_groups import Group, coalesced, groups_of
from vedette.operations.reevaluate_reading import Request
from vedette.resources.ec2 import Ec2Instance
from vedette.resources.iam import IamUser
from vedette.resources.keys import ResourceKey
from vedette.resources.resource import GLOBAL_REGION
from vedette.resources.s3 import S3Account, S3Bucket

REGION = "eu-west-1"
MEMBER = Member(FakeClients(), US, "aws", (REGION, "us-east-1"))


def key(kind: str, one_id: str | None, region: str = REGION, service: str = "") -> ResourceKey:
    return ResourceKey(type=kind, id=one_id, account=US, region=region, service=service or None)


def groups(*keys: ResourceKey) -> list[Group]:
    return list(groups_of({one: frozenset({str(one)}) for one in keys}))


def request(group: Group) -> Request:
    return group.request(MEMBER, group.rules(CONTENT))


def regions(found: Iterable[Group]) -> list[tuple[str, str]]:
    return sorted((one.place.service, one.place.region) for one in found)


def test_messages_about_one_resource_are_joined() -> None:
    bucket = key("AWS::S3::Bucket", "a")

    assert coalesced({bucket: ["m1", "m2"]}) == {bucket: frozenset({"m1", "m2"})}


def test_one_that_means_all_of_a_type_takes_the_others_in() -> None:
    named, every = key("AWS::S3::Bucket", "a"), key("AWS::S3::Bucket", None)
    elsewhere = key("AWS::S3::Bucket", "b", "us-east-1")

    assert coalesced({named: ["m1"], every: ["m2"], elsewhere: ["m3"]}) == {
        every: frozenset({"m1", "m2"}),
        elsewhere: frozenset({"m3"}),
    }


def test_buckets_of_all_regions_are_read_together_and_queues_region_by_region() -> None:
    found = groups(
        key("AWS::S3::Bucket", "a"),
        key("AWS::S3::Bucket", "b", "us-east-1"),
        key("AWS::SQS::Queue", "c"),
        key("AWS::SQS::Queue", "d", "us-east-1"),
    )

    assert regions(found) == [("s3", GLOBAL_REGION), ("sqs", REGION), ("sqs", "us-east-1")]


def test_settings_of_an_account_are_those_of_the_service_that_is_meant() -> None:
    found = groups(
        key("AWS::::Account", US, GLOBAL_REGION, "s3"), key("AWS::::Account", US, REGION, "ec2")
    )

    kinds = [{one.kind.__name__ for one in group.collectors.values()} for group in found]
    assert kinds == [{"Ec2Region"}, {"S3Account"}]


def test_a_type_that_nobody_reads_is_in_no_group() -> None:
    assert groups(key("AWS::Braket::Job", "a")) == []


def test_a_named_resource_is_read_alone_with_what_its_rules_look_up() -> None:
    (group,) = groups(key("AWS::S3::Bucket", "invoices"))
    asked = request(group)

    assert asked.only.ids == {S3Bucket: frozenset({"invoices"})}
    assert [str(one) for one in asked.only.arns] == ["arn:aws:s3:::invoices"]
    assert any(kind is S3Account for rule in asked.rules for kind, _ in rule.rule.reads)
    assert {rule.rule.resource_type for rule in asked.rules} == {S3Bucket}


def test_what_is_looked_up_is_read_whole_though_some_of_it_changed_too() -> None:
    (group,) = groups(key("AWS::EC2::Instance", "i-1"), key("AWS::EC2::SecurityGroup", "sg-1"))
    asked = request(group)

    # Restricted to the group that changed, the instance's others would look absent.
    assert asked.only.ids == {Ec2Instance: frozenset({"i-1"})}
    judged = {one.rule.resource_type.__name__ for one in asked.rules}
    assert judged == {"SecurityGroup", "Ec2Instance"}


def test_few_users_are_read_at_a_time_since_of_many_only_an_old_report_tells() -> None:
    users = [key("AWS::IAM::User", f"u{number}", GLOBAL_REGION) for number in range(7)]

    found = groups(*users)

    assert [len(one.keys) for one in found] == [3, 3, 1]
    assert all(0 < len(request(one).only.arns) <= 3 for one in found)
    assert all(set(request(one).only.ids) == {IamUser} for one in found)


def test_all_of_a_type_are_not_mixed_with_single_ones() -> None:
    found = groups(key("AWS::S3::Bucket", None), key("AWS::::Account", US, GLOBAL_REGION, "s3"))

    assert [one.place.whole for one in found] == [False, True]
    assert not request(found[1]).only.ids


def test_an_id_that_is_an_arn_names_itself() -> None:
    arn = f"arn:aws:iam::{US}:policy/team/readers"
    (group,) = groups(
        key("AWS::IAM::ManagedPolicy", arn, GLOBAL_REGION),
        key("AWS::IAM::ManagedPolicy", "arn:nonsense", GLOBAL_REGION),
    )

    assert [str(one) for one in request(group).only.arns] == [arn]
