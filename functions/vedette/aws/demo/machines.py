"""Servers, their disks, and the copies of both."""

from typing import Any

from vedette.aws.demo.account import DUBLIN, PARTNER, STRANGER, VIRGINIA, Account, tagged
from vedette.aws.demo.network import Network
from vedette.aws.demo.roles import SHOP_ROLE

SESSION_TOKENS_ONLY = {"HttpTokens": "required", "HttpEndpoint": "enabled"}


def start_machines(account: Account, network: Network) -> None:
    """Create images, launch templates, instances, volumes and snapshots."""
    ec2 = account.client("ec2")
    ec2.enable_ebs_encryption_by_default()
    image = _image(ec2, "hlb-shop-2026-09")
    _shop_servers(ec2, image, network)
    _debug_server(ec2, image, network)
    _launch_template(ec2, "hlb-shop", image, public=False)
    _disks(ec2)
    _experiment(account.client("ec2", VIRGINIA))


def _image(ec2: Any, name: str, *, public: bool = False) -> str:
    image = ec2.register_image(
        Name=name,
        Architecture="x86_64",
        RootDeviceName="/dev/xvda",
        TagSpecifications=tagged("image", name),
    )["ImageId"]
    if public:
        ec2.modify_image_attribute(ImageId=image, LaunchPermission={"Add": [{"Group": "all"}]})
    return str(image)


def _disk(*, encrypted: bool) -> list[dict[str, object]]:
    """Describe an instance's own disk."""
    disk = {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": encrypted}
    return [{"DeviceName": "/dev/xvda", "Ebs": disk}]


def _named(name: str, **others: str) -> list[dict[str, object]]:
    """Tag an instance and its disk."""
    return [*tagged("instance", name, **others), *tagged("volume", name, **others)]


def _shop_servers(ec2: Any, image: str, network: Network) -> None:
    for number, subnet in enumerate(network.private_subnets, start=1):
        ec2.run_instances(
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.medium",
            SubnetId=subnet,
            SecurityGroupIds=[network.web_group],
            IamInstanceProfile={"Name": SHOP_ROLE},
            MetadataOptions=SESSION_TOKENS_ONLY,
            BlockDeviceMappings=_disk(encrypted=True),
            TagSpecifications=_named(f"hlb-shop-{number}", environment="production", team="shop"),
        )


def _debug_server(ec2: Any, image: str, network: Network) -> None:
    ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.small",
        SubnetId=network.public_subnet,
        SecurityGroupIds=[network.debug_group],
        BlockDeviceMappings=_disk(encrypted=True),
        TagSpecifications=_named("hlb-debug-checkout", owner="priya.nair"),
    )


def _launch_template(ec2: Any, name: str, image: str, *, public: bool) -> None:
    ec2.create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": image,
            "InstanceType": "t3.medium",
            "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": public}],
        },
        TagSpecifications=tagged("launch-template", name),
    )


def _disks(ec2: Any) -> None:
    orders = _volume(ec2, "hlb-orders-export", f"{DUBLIN}a", encrypted=True)
    _share(ec2, _snapshot(ec2, orders, "hlb-labels-for-pelican"), UserIds=[PARTNER])
    _share(ec2, _snapshot(ec2, orders, "hlb-orders-before-migration"), UserIds=[STRANGER])
    _snapshot(ec2, orders, "hlb-orders-weekly")
    _volume(ec2, "hlb-old-catalogue", f"{DUBLIN}b", encrypted=False)


def _experiment(ec2: Any) -> None:
    image = _image(ec2, "bookworm-notebook", public=True)
    _launch_template(ec2, "bookworm-notebook", image, public=True)
    ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="g4dn.xlarge",
        BlockDeviceMappings=_disk(encrypted=False),
        TagSpecifications=_named("bookworm-notebook", team="research"),
    )
    disk = _volume(ec2, "bookworm-training", f"{VIRGINIA}a", encrypted=False)
    for name in ("bookworm-training-set", "bookworm-reader-profiles"):
        _share(ec2, _snapshot(ec2, disk, name), GroupNames=["all"])


def _volume(ec2: Any, name: str, zone: str, *, encrypted: bool) -> str:
    answer = ec2.create_volume(
        Size=100,
        AvailabilityZone=zone,
        Encrypted=encrypted,
        TagSpecifications=tagged("volume", name),
    )
    return str(answer["VolumeId"])


def _snapshot(ec2: Any, volume: str, name: str) -> str:
    answer = ec2.create_snapshot(
        VolumeId=volume, Description=name, TagSpecifications=tagged("snapshot", name)
    )
    return str(answer["SnapshotId"])


def _share(ec2: Any, snapshot: str, **whom: list[str]) -> None:
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot,
        Attribute="createVolumePermission",
        OperationType="add",
        **whom,
    )
