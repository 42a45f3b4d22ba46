"""EC2, Lambda, EFS, ECR: sharing, metadata options, function URLs and policies."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.stand_in.made import REGION, create_function, create_snapshots
from vedette.aws.stand_in.server import StandIn


def start_instance(stand_in: StandIn, **settings: Any) -> Any:
    ec2 = stand_in.client("ec2", REGION)
    started = ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, **settings)
    return started["Instances"][0]["InstanceId"]


def describe_instance(stand_in: StandIn, instance: str) -> Any:
    ec2 = stand_in.client("ec2", REGION)
    (reservation,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"]
    return reservation["Instances"][0]


def test_metadata_options_are_complete_after_a_change(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, InstanceMetadataOptionsResponse."""
    instance = start_instance(stand_in)
    ec2 = stand_in.client("ec2", REGION)
    ec2.modify_instance_metadata_options(InstanceId=instance, HttpTokens="required")

    options = describe_instance(stand_in, instance)["MetadataOptions"]

    assert options["HttpTokens"] == "required"
    assert options["HttpEndpoint"] == "enabled"


def test_metadata_options_chosen_at_the_start_stay(stand_in: StandIn) -> None:
    instance = start_instance(stand_in, MetadataOptions={"HttpEndpoint": "disabled"})

    options = describe_instance(stand_in, instance)["MetadataOptions"]

    assert (options["HttpEndpoint"], options["HttpTokens"]) == ("disabled", "optional")


def test_an_instance_without_a_named_group_is_in_the_default_group(stand_in: StandIn) -> None:
    """Source: EC2 User Guide: "If you don't specify a security group, EC2 uses the default"."""
    instance = describe_instance(stand_in, start_instance(stand_in))

    assert [one["GroupName"] for one in instance["SecurityGroups"]] == ["default"]


def test_an_instance_with_a_named_group_is_in_that_alone(stand_in: StandIn) -> None:
    ec2 = stand_in.client("ec2", REGION)
    group = ec2.create_security_group(GroupName="web", Description="web")["GroupId"]
    instance = start_instance(stand_in, SecurityGroupIds=[group])

    groups = describe_instance(stand_in, instance)["SecurityGroups"]

    assert [one["GroupId"] for one in groups] == [group]


def test_a_default_group_trusts_its_own_members(stand_in: StandIn) -> None:
    """Source: Amazon VPC User Guide, "Default security groups for your VPCs"."""
    ec2 = stand_in.client("ec2", REGION)
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    defaults = [{"Name": "group-name", "Values": ["default"]}]

    groups = ec2.describe_security_groups(Filters=defaults)["SecurityGroups"]

    assert len(groups) == 2
    for group in groups:
        (permission,) = group["IpPermissions"]
        assert permission["IpProtocol"] == "-1"
        assert [one["GroupId"] for one in permission["UserIdGroupPairs"]] == [group["GroupId"]]
        assert permission["IpRanges"] == []


def test_a_default_group_can_be_emptied(stand_in: StandIn) -> None:
    ec2 = stand_in.client("ec2", REGION)
    (group,) = ec2.describe_security_groups()["SecurityGroups"]
    ec2.revoke_security_group_ingress(
        GroupId=group["GroupId"], IpPermissions=group["IpPermissions"]
    )

    (group,) = ec2.describe_security_groups()["SecurityGroups"]

    assert group["IpPermissions"] == []


def test_every_network_acl_ends_with_a_denial(stand_in: StandIn) -> None:
    """Source: Amazon VPC User Guide, "Network ACL basics"; the asterisk is rule 32767."""
    ec2 = stand_in.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_network_acl(VpcId=vpc)

    for acl in ec2.describe_network_acls()["NetworkAcls"]:
        last = [one for one in acl["Entries"] if one["RuleNumber"] == 32767]
        assert sorted(one["Egress"] for one in last) == [False, True]
        assert {one["RuleAction"] for one in last} == {"deny"}


def share(stand_in: StandIn, snapshot: str, **whom: Any) -> None:
    stand_in.client("ec2", REGION).modify_snapshot_attribute(
        SnapshotId=snapshot,
        Attribute="createVolumePermission",
        OperationType="add",
        **whom,
    )


def test_snapshots_can_be_listed_by_who_may_restore_them(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, DescribeSnapshots, RestorableByUserIds."""
    ec2 = stand_in.client("ec2", REGION)
    private, public, shared = create_snapshots(stand_in, 3)
    share(stand_in, public, GroupNames=["all"])
    share(stand_in, shared, UserIds=["111122223333"])

    def restorable(by: str) -> set[str]:
        found = ec2.describe_snapshots(OwnerIds=["self"], RestorableByUserIds=[by])
        return {one["SnapshotId"] for one in found["Snapshots"]}

    assert restorable("all") == {public}
    assert restorable("111122223333") == {shared}
    assert restorable("self") == {private, public, shared}


def test_the_permissions_of_a_snapshot_are_told(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, DescribeSnapshotAttribute. moto is right here."""
    ec2 = stand_in.client("ec2", REGION)
    (snapshot,) = create_snapshots(stand_in, 1)
    share(stand_in, snapshot, GroupNames=["all"])
    share(stand_in, snapshot, UserIds=["111122223333"])

    told = ec2.describe_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission")

    assert told["CreateVolumePermissions"] == [{"Group": "all"}, {"UserId": "111122223333"}]


def test_sharing_of_snapshots_can_be_blocked(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, GetSnapshotBlockPublicAccessState."""
    ec2 = stand_in.client("ec2", REGION)
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"

    ec2.enable_snapshot_block_public_access(State="block-all-sharing")

    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    elsewhere = stand_in.client("ec2", "us-east-1").get_snapshot_block_public_access_state()
    assert elsewhere["State"] == "unblocked"
    ec2.disable_snapshot_block_public_access()
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"


def test_sharing_of_images_can_be_blocked(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, GetImageBlockPublicAccessState."""
    ec2 = stand_in.client("ec2", REGION)

    def state() -> str:
        return str(ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"])

    assert state() == "unblocked"
    ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
    assert state() == "block-new-sharing"
    ec2.disable_image_block_public_access()
    assert state() == "unblocked"


def test_metadata_defaults_of_the_account_can_be_set(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, GetInstanceMetadataDefaults: absent means no preference."""
    ec2 = stand_in.client("ec2", REGION)
    assert "HttpTokens" not in ec2.get_instance_metadata_defaults()["AccountLevel"]

    ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=2)
    defaults = ec2.get_instance_metadata_defaults()["AccountLevel"]
    assert (defaults["HttpTokens"], defaults["HttpPutResponseHopLimit"]) == ("required", 2)

    ec2.modify_instance_metadata_defaults(HttpTokens="no-preference")
    assert "HttpTokens" not in ec2.get_instance_metadata_defaults()["AccountLevel"]


def test_encryption_by_default_belongs_to_the_region(stand_in: StandIn) -> None:
    """Source: EC2 API Reference, GetEbsEncryptionByDefault. moto is right here."""
    stand_in.client("ec2", REGION).enable_ebs_encryption_by_default()

    here = stand_in.client("ec2", REGION).get_ebs_encryption_by_default()
    elsewhere = stand_in.client("ec2", "us-east-1").get_ebs_encryption_by_default()

    assert (here["EbsEncryptionByDefault"], elsewhere["EbsEncryptionByDefault"]) == (True, False)


def test_a_function_url_is_listed(stand_in: StandIn) -> None:
    """Source: Lambda API Reference, ListFunctionUrlConfigs."""
    functions = create_function(stand_in, "greeter")
    assert functions.list_function_url_configs(FunctionName="greeter")["FunctionUrlConfigs"] == []

    made = functions.create_function_url_config(FunctionName="greeter", AuthType="NONE")

    (listed,) = functions.list_function_url_configs(FunctionName="greeter")["FunctionUrlConfigs"]
    assert listed["FunctionUrl"] == made["FunctionUrl"]
    assert listed["AuthType"] == "NONE"
    by_arn = functions.list_function_url_configs(FunctionName=made["FunctionArn"])
    assert by_arn["FunctionUrlConfigs"] == [listed]


def test_the_urls_of_a_function_that_is_not_there_are_an_error(stand_in: StandIn) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        stand_in.client("lambda", REGION).list_function_url_configs(FunctionName="nowhere")


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (
            {
                "Action": "lambda:InvokeFunctionUrl",
                "Principal": "*",
                "FunctionUrlAuthType": "NONE",
            },
            {
                "Principal": "*",
                "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
            },
        ),
        (
            {"Action": "lambda:InvokeFunction", "Principal": "111122223333"},
            {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        ),
        (
            {
                "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com",
                "SourceAccount": "123456789012",
            },
            {
                "Principal": {"Service": "s3.amazonaws.com"},
                "Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}},
            },
        ),
    ],
)
def test_a_permission_becomes_a_statement(
    stand_in: StandIn, permission: dict[str, str], expected: dict[str, Any]
) -> None:
    """Source: Lambda Developer Guide, "Using resource-based policies" (policy examples)."""
    functions = create_function(stand_in, "greeter")
    functions.add_permission(FunctionName="greeter", StatementId="one", **permission)

    policy = json.loads(functions.get_policy(FunctionName="greeter")["Policy"])

    (statement,) = policy["Statement"]
    shown = {key: statement[key] for key in ("Principal", "Condition") if key in statement}
    assert shown == expected
    assert "FunctionUrlAuthType" not in statement


def test_a_file_system_that_is_not_there_is_missed(stand_in: StandIn) -> None:
    """Source: EFS API Reference, DescribeFileSystemPolicy: FileSystemNotFound."""
    efs = stand_in.client("efs", REGION)
    made = efs.create_file_system(CreationToken="one")["FileSystemId"]

    with pytest.raises(efs.exceptions.FileSystemNotFound):
        efs.describe_file_system_policy(FileSystemId="fs-0123456789abcdef0")
    with pytest.raises(efs.exceptions.PolicyNotFound):
        efs.describe_file_system_policy(FileSystemId=made)
