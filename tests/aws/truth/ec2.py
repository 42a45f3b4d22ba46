"""The truth about EC2 instances, templates, images, disks, and the region's settings."""

from typing import Any

from tests.aws.named import world_by_name
from tests.aws.truth.world import ACCOUNT, Aws

STRANGER = "999988887777"
ORGANISATION = f"arn:aws:organizations::{STRANGER}:organization/o-exampleorgid"


def create(aws: Aws) -> dict[str, str]:
    ec2 = aws("ec2")
    image = ec2.register_image(Name="base", RootDeviceName="/dev/xvda")["ImageId"]
    return (
        {"private image": image}
        | shared_images(ec2)
        | instances(aws, image)
        | disks(ec2)
        | launch_templates(ec2)
        | transit_gateways(ec2)
    )


def shared_images(ec2: Any) -> dict[str, str]:
    names = ("public image", "image of a stranger", "image of an organisation")
    ids = {
        name: ec2.register_image(Name=name, RootDeviceName="/dev/xvda")["ImageId"] for name in names
    }
    receivers = ({"Group": "all"}, {"UserId": STRANGER}, {"OrganizationArn": ORGANISATION})
    for image, receiver in zip(ids.values(), receivers, strict=True):
        ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [receiver]})
    return ids


def instances(aws: Aws, image: str) -> dict[str, str]:
    ec2, iam = aws("ec2"), aws("iam")
    iam.create_instance_profile(InstanceProfileName="web")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    closed, share, ranged = (
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("closed", "file share", "low ports")
    )
    allow(ec2, share, 445, 445)
    allow(ec2, ranged, 1, 1023)

    def run(group: str, *, public: bool, **more: Any) -> str:
        interface = {
            "DeviceIndex": 0,
            "SubnetId": subnet,
            "Groups": [group],
            "AssociatePublicIpAddress": public,
        }
        started = ec2.run_instances(
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.micro",
            NetworkInterfaces=[interface],
            **more,
        )
        instance: str = started["Instances"][0]["InstanceId"]
        return instance

    terminated = run(share, public=True)
    ec2.terminate_instances(InstanceIds=[terminated])
    return {
        "hardened": run(
            share,
            public=False,
            MetadataOptions={"HttpTokens": "required"},
            IamInstanceProfile={"Name": "web"},
        ),
        "without metadata": run(closed, public=True, MetadataOptions={"HttpEndpoint": "disabled"}),
        "careless": run(share, public=True, MetadataOptions={"HttpTokens": "optional"}),
        "low ports open": run(ranged, public=True),
    }


def allow(ec2: Any, group: str, first: int, last: int) -> None:
    permission = {
        "IpProtocol": "tcp",
        "FromPort": first,
        "ToPort": last,
        "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
    }
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


def disks(ec2: Any) -> dict[str, str]:
    def volume(*, encrypted: bool) -> str:
        made = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=8, Encrypted=encrypted)
        volume_id: str = made["VolumeId"]
        return volume_id

    ids = {"plain volume": volume(encrypted=False), "encrypted volume": volume(encrypted=True)}
    for name in ("own snapshot", "public snapshot", "snapshot of a stranger"):
        ids[name] = ec2.create_snapshot(VolumeId=ids["plain volume"])["SnapshotId"]
    for name, receiver in (
        ("public snapshot", {"GroupNames": ["all"]}),
        ("snapshot of a stranger", {"UserIds": [STRANGER]}),
    ):
        ec2.modify_snapshot_attribute(
            SnapshotId=ids[name],
            Attribute="createVolumePermission",
            OperationType="add",
            **receiver,
        )
    return ids


def launch_templates(ec2: Any) -> dict[str, str]:
    def template(name: str, *, public: bool) -> str:
        made = ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=like(public))
        template_id: str = made["LaunchTemplate"]["LaunchTemplateId"]
        return template_id

    ids = {
        "private template": template("private", public=False),
        "public template": template("public", public=True),
        "template made public": template("made-public", public=False),
        "template mended": template("mended", public=True),
    }
    for name, public in (("template made public", True), ("template mended", False)):
        ec2.create_launch_template_version(
            LaunchTemplateId=ids[name], LaunchTemplateData=like(public)
        )
    ec2.modify_launch_template(LaunchTemplateId=ids["template mended"], DefaultVersion="2")
    return ids


def like(public: bool) -> dict[str, Any]:
    return {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}]}


def transit_gateways(ec2: Any) -> dict[str, str]:
    return {
        name: ec2.create_transit_gateway(Options={"AutoAcceptSharedAttachments": setting})[
            "TransitGateway"
        ]["TransitGatewayId"]
        for name, setting in (("strict gateway", "disable"), ("lax gateway", "enable"))
    }


def encrypt_by_default(aws: Aws) -> dict[str, str]:
    for region in ("eu-west-1", "us-east-1"):
        aws("ec2", region).enable_ebs_encryption_by_default()
    return {}


WORLDS = (
    world_by_name(
        "company",
        create,
        {
            "ec2/ebs_encrypts_new_volumes_by_default": {ACCOUNT: "FAILED"},
            "ec2/image_is_not_public": {
                "private image": "PASSED",
                "image of a stranger": "PASSED",
                "public image": "FAILED",
            },
            "ec2/image_is_shared_with_trusted_accounts_only": {
                "private image": "PASSED",
                "image of a stranger": "FAILED",
                "image of an organisation": "FAILED",
                "public image": "FAILED",
            },
            "ec2/instance_does_not_expose_cifs": {
                "hardened": "PASSED",
                "without metadata": "PASSED",
                "careless": "FAILED",
                "low ports open": "FAILED",
            },
            "ec2/instance_has_instance_profile": {"hardened": "PASSED", "careless": "FAILED"},
            "ec2/instance_has_no_public_ip": {"hardened": "PASSED", "careless": "FAILED"},
            "ec2/instance_requires_imdsv2": {
                "hardened": "PASSED",
                "without metadata": "PASSED",
                "careless": "FAILED",
            },
            "ec2/launch_template_assigns_no_public_ip": {
                "private template": "PASSED",
                "template mended": "PASSED",
                "public template": "FAILED",
                "template made public": "FAILED",
            },
            "ec2/snapshot_is_not_public": {
                "own snapshot": "PASSED",
                "snapshot of a stranger": "PASSED",
                "public snapshot": "FAILED",
            },
            "ec2/snapshot_is_shared_with_trusted_accounts_only": {
                "own snapshot": "PASSED",
                "snapshot of a stranger": "FAILED",
                "public snapshot": "FAILED",
            },
            "ec2/transit_gateway_accepts_attachments_by_hand": {
                "strict gateway": "PASSED",
                "lax gateway": "FAILED",
            },
            "ec2/volume_is_encrypted": {"encrypted volume": "PASSED", "plain volume": "FAILED"},
        },
    ),
    world_by_name(
        "encrypted",
        encrypt_by_default,
        {"ec2/ebs_encrypts_new_volumes_by_default": {ACCOUNT: "PASSED"}},
    ),
)
