"""Account management, Access Analyzer, regions: what moto lacks."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from vedette.aws.stand_in.server import StandIn

CONTACT = {
    "FullName": "Ann Example",
    "AddressLine1": "1 High Street",
    "City": "Dublin",
    "CountryCode": "IE",
    "PhoneNumber": "+35312345678",
    "PostalCode": "D01 F5P2",
}


def code_of(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return str(refused.value.response["Error"]["Code"])


def test_contact_information_that_was_put_is_answered(stand_in: StandIn) -> None:
    """Source: AWS Account Management API Reference, GetContactInformation."""
    account = stand_in.client("account")
    assert code_of(account.get_contact_information) == "ResourceNotFoundException"

    account.put_contact_information(ContactInformation=CONTACT)

    assert account.get_contact_information()["ContactInformation"] == CONTACT


def test_an_analyzer_lives_in_its_region_until_it_is_deleted(stand_in: StandIn) -> None:
    """Source: IAM Access Analyzer API Reference."""
    analyzers = stand_in.client("accessanalyzer", "eu-west-1")
    made = analyzers.create_analyzer(analyzerName="mine", type="ACCOUNT", tags={"team": "sec"})

    (listed,) = analyzers.list_analyzers()["analyzers"]
    assert listed["arn"] == made["arn"]
    assert made["arn"] == "arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/mine"
    assert (listed["type"], listed["status"]) == ("ACCOUNT", "ACTIVE")
    assert listed["tags"] == {"team": "sec"}
    assert analyzers.get_analyzer(analyzerName="mine")["analyzer"]["name"] == "mine"
    assert stand_in.client("accessanalyzer", "us-east-1").list_analyzers()["analyzers"] == []

    analyzers.delete_analyzer(analyzerName="mine")
    assert analyzers.list_analyzers()["analyzers"] == []
    assert code_of(analyzers.get_analyzer, analyzerName="mine") == "ResourceNotFoundException"
    assert code_of(analyzers.delete_analyzer, analyzerName="mine") == "ResourceNotFoundException"


def test_analyzers_can_be_listed_by_type(stand_in: StandIn) -> None:
    analyzers = stand_in.client("accessanalyzer")
    analyzers.create_analyzer(analyzerName="external", type="ACCOUNT")
    analyzers.create_analyzer(analyzerName="unused", type="ACCOUNT_UNUSED_ACCESS")

    (listed,) = analyzers.list_analyzers(type="ACCOUNT_UNUSED_ACCESS")["analyzers"]

    assert listed["name"] == "unused"
    conflict = code_of(analyzers.create_analyzer, analyzerName="unused", type="ACCOUNT")
    assert conflict == "ConflictException"


def test_an_analyzer_of_any_state_can_be_set(stand_in: StandIn) -> None:
    failed = {
        "arn": "arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/broken",
        "name": "broken",
        "type": "ORGANIZATION",
        "status": "FAILED",
        "statusReason": {"code": "ORGANIZATION_DELETED"},
    }
    stand_in.gaps.set_analyzers("eu-west-1", [failed])

    listed = stand_in.client("accessanalyzer", "eu-west-1").list_analyzers()["analyzers"]

    assert listed == [failed]


def regions_of(answer: Any) -> set[str]:
    return {one["RegionName"] for one in answer["Regions"]}


def test_the_seventeen_oldest_regions_are_on(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, DescribeRegions: only enabled regions, unless asked for all."""
    ec2 = stand_in.client("ec2")

    on = ec2.describe_regions()["Regions"]
    everything = ec2.describe_regions(AllRegions=True)["Regions"]

    assert len(on) == 17
    assert {one["OptInStatus"] for one in on} == {"opt-in-not-required"}
    off = {one["RegionName"] for one in everything if one["OptInStatus"] == "not-opted-in"}
    assert {"af-south-1", "eu-south-1", "me-south-1"} <= off
    assert len(off) == len(everything) - 17
    assert not [one for one in everything if one["RegionName"].startswith(("cn-", "us-gov-"))]


@pytest.mark.parametrize("by", ["the account's own call", "the test"])
def test_a_region_can_be_switched_on(stand_in: StandIn, by: str) -> None:
    """Source: AWS Account Management API Reference, EnableRegion."""
    if by == "the test":
        stand_in.gaps.switch_on("eu-south-1")
    else:
        stand_in.client("account").enable_region(RegionName="eu-south-1")

    (listed,) = stand_in.client("ec2").describe_regions(RegionNames=["eu-south-1"])["Regions"]
    assert listed["OptInStatus"] == "opted-in"
    assert stand_in.client("sqs", "eu-south-1").list_queues()["ResponseMetadata"]

    stand_in.client("account").disable_region(RegionName="eu-south-1")
    assert "eu-south-1" not in regions_of(stand_in.client("ec2").describe_regions())


def test_the_account_lists_its_regions_by_status(stand_in: StandIn) -> None:
    """Source: AWS Account Management API Reference, ListRegions and GetRegionOptStatus."""
    account = stand_in.client("account")
    account.enable_region(RegionName="eu-south-1")

    by_default = account.list_regions(RegionOptStatusContains=["ENABLED_BY_DEFAULT"])

    assert len(by_default["Regions"]) == 17
    assert regions_of(account.list_regions(RegionOptStatusContains=["ENABLED"])) == {"eu-south-1"}
    assert "me-south-1" in regions_of(account.list_regions())
    status = account.get_region_opt_status(RegionName="me-south-1")["RegionOptStatus"]
    assert status == "DISABLED"


def test_a_region_that_is_off_refuses_every_service(stand_in: StandIn) -> None:
    """Credentials do not work in a region that the account has not enabled."""
    assert code_of(stand_in.client("ec2", "me-south-1").describe_vpcs) == "AuthFailure"
    assert code_of(stand_in.client("rds", "me-south-1").describe_db_instances) == (
        "InvalidClientTokenId"
    )
    assert code_of(stand_in.client("kms", "me-south-1").list_keys) == "UnrecognizedClientException"


def test_each_partition_has_its_own_regions(stand_in: StandIn) -> None:
    listed = stand_in.client("ec2", "cn-north-1").describe_regions()

    assert regions_of(listed) == {"cn-north-1", "cn-northwest-1"}
    assert stand_in.client("sqs", "cn-north-1").list_queues()["ResponseMetadata"]


def test_the_caller_is_a_user_of_iam(stand_in: StandIn) -> None:
    """Source: STS API Reference, GetCallerIdentity."""
    arn = stand_in.client("sts").get_caller_identity()["Arn"]

    assert arn == "arn:aws:iam::123456789012:user/moto"
