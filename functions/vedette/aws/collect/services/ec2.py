"""Reads EC2 instances, launch templates, images and the region's EC2 settings."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import (
    Description,
    Listing,
    answered,
    described,
    identity,
)
from vedette.aws.collect.reader import Reader
from vedette.resources.arn import Arn
from vedette.resources.ec2 import (
    Ec2Instance,
    Ec2Region,
    Interface,
    LaunchTemplate,
    MachineImage,
    Sharing,
    TemplateVersion,
)
from vedette.resources.facts import Fact, transformed

INSTANCES = "ec2:DescribeInstances"
TEMPLATES = "ec2:DescribeLaunchTemplates"
VERSIONS = "ec2:DescribeLaunchTemplateVersions"
IMAGES = "ec2:DescribeImages"
IMAGE_ATTRIBUTE = "ec2:DescribeImageAttribute"
DEFAULT_ENCRYPTION = "ec2:GetEbsEncryptionByDefault"
VERSIONS_USED = ["$Default", "$Latest"]
TEMPLATE_PAGE = 200
NOT_TERMINATED = {
    "Name": "instance-state-name",
    "Values": ["pending", "running", "stopping", "stopped"],
}


def find_instances(reader: Reader, only: frozenset[str] | None) -> Iterator[Ec2Instance]:
    """Yield the instances that are not terminated."""
    listing = Listing(operation=INSTANCES, key="Reservations", id_filter="instance-id")
    for reservation in described(reader, listing, only, Filters=[NOT_TERMINATED]):
        for one in reservation["Instances"]:
            yield _instance(reader, one)


def _instance(reader: Reader, one: Description) -> Ec2Instance:
    profile = one.get("IamInstanceProfile") or {}
    return Ec2Instance(
        **identity(reader, "instance", one["InstanceId"], one),
        interfaces=transformed(answered(one, INSTANCES, "NetworkInterfaces"), _interfaces),
        metadata_endpoint=answered(one, INSTANCES, "MetadataOptions", "HttpEndpoint"),
        metadata_tokens=answered(one, INSTANCES, "MetadataOptions", "HttpTokens"),
        # Absent where no profile is associated (EC2 API Reference, Instance).
        instance_profile=Fact.of(profile.get("Arn")),
    )


def _interfaces(found: list[Description]) -> tuple[Interface, ...]:
    return tuple(
        Interface(
            id=one["NetworkInterfaceId"],
            ipv4=tuple(sorted(set(_public_ipv4(one)))),
            ipv6=tuple(address["Ipv6Address"] for address in one.get("Ipv6Addresses", [])),
            groups=tuple(group["GroupId"] for group in one.get("Groups", [])),
        )
        for one in found
    )


def _public_ipv4(interface: Description) -> Iterator[str]:
    """Every private address may have a public one; the first one's is repeated above them."""
    for holder in (interface, *interface.get("PrivateIpAddresses", [])):
        association = holder.get("Association") or {}
        for kind in ("PublicIp", "CarrierIp"):
            if association.get(kind):
                yield association[kind]


def find_launch_templates(reader: Reader, only: frozenset[str] | None) -> Iterator[LaunchTemplate]:
    """Yield the launch templates."""
    listing = Listing(operation=TEMPLATES, key="LaunchTemplates", page=TEMPLATE_PAGE)
    for one in described(reader, listing, only):
        yield LaunchTemplate(**identity(reader, "launch-template", one["LaunchTemplateId"], one))


def _versions(reader: Reader, template: LaunchTemplate) -> tuple[TemplateVersion, ...]:
    if reader.scope.only:
        return tuple(_described_versions(reader, LaunchTemplateId=template.id)[template.id])
    by_template = reader.once("launch template versions", _described_versions)
    return tuple(by_template[template.id])


def _described_versions(reader: Reader, **one: str) -> dict[str, list[TemplateVersion]]:
    """Without a template's id, one listing answers for all templates of the region."""
    found: defaultdict[str, list[TemplateVersion]] = defaultdict(list)
    listing = Listing(operation=VERSIONS, key="LaunchTemplateVersions", page=TEMPLATE_PAGE)
    for version in described(reader, listing, None, Versions=VERSIONS_USED, **one):
        known_versions = found[version["LaunchTemplateId"]]
        # A version that is both the default and the latest is described twice.
        if all(other.number != version["VersionNumber"] for other in known_versions):
            known_versions.append(_version(version))
    return dict(found)


def _version(one: Description) -> TemplateVersion:
    interfaces = one["LaunchTemplateData"].get("NetworkInterfaces", [])
    return TemplateVersion(
        number=one["VersionNumber"],
        is_default=one["DefaultVersion"],
        public_interfaces=tuple(
            interface.get("DeviceIndex", 0)
            for interface in interfaces
            if interface.get("AssociatePublicIpAddress")
        ),
    )


def find_images(reader: Reader, only: frozenset[str] | None) -> Iterator[MachineImage]:
    """Yield the account's own AMIs; disabled ones, which nobody can use, are not described."""
    listing = Listing(operation=IMAGES, key="Images", id_filter="image-id")
    for one in described(reader, listing, only, Owners=["self"]):
        names = identity(reader, "image", one["ImageId"], one)
        names["arn"] = reader.arn("ec2", f"image/{one['ImageId']}", account="")
        yield MachineImage(**names, public=answered(one, IMAGES, "Public"))


def parse_sharing(permissions: list[dict[str, Any]]) -> Sharing:
    """Read launch permissions or create-volume permissions."""
    return Sharing(
        everyone=any(one.get("Group") == "all" for one in permissions),
        accounts=frozenset(one["UserId"] for one in permissions if one.get("UserId")),
        organisations=frozenset(
            one[name]
            for one in permissions
            for name in ("OrganizationArn", "OrganizationalUnitArn")
            if one.get(name)
        ),
    )


def _image_sharing(reader: Reader, image: MachineImage) -> Sharing:
    answer = reader.call(IMAGE_ATTRIBUTE, ImageId=image.id, Attribute="launchPermission")
    return parse_sharing(answer["LaunchPermissions"])


def find_region(reader: Reader, _only: frozenset[str] | None) -> Iterator[Ec2Region]:
    """Yield the settings of the region."""
    answer = reader.call(DEFAULT_ENCRYPTION)
    yield Ec2Region(
        id=reader.account,
        arn=account_arn(reader),
        account=reader.account,
        region=reader.region,
        tags=Fact.of({}),
        ebs_encryption_by_default=answered(answer, DEFAULT_ENCRYPTION, "EbsEncryptionByDefault"),
    )


def account_arn(reader: Reader) -> str:
    """Return the ARN that stands for the account itself."""
    return str(
        Arn(
            partition=reader.partition,
            service="iam",
            region="",
            account=reader.account,
            resource="root",
        )
    )


COLLECTORS = (
    Collector(
        kind=Ec2Instance,
        calls=(INSTANCES,),
        find=find_instances,
        arn_service="ec2",
        arn_prefix="instance/",
    ),
    Collector(
        kind=LaunchTemplate,
        calls=(TEMPLATES,),
        find=find_launch_templates,
        details=(fact("versions", VERSIONS, read=_versions),),
        arn_service="ec2",
        arn_prefix="launch-template/",
        gone=frozenset({"InvalidLaunchTemplateId.NotFound"}),
    ),
    Collector(
        kind=MachineImage,
        calls=(IMAGES,),
        find=find_images,
        details=(fact("sharing", IMAGE_ATTRIBUTE, read=_image_sharing),),
        arn_service="ec2",
        arn_prefix="image/",
        gone=frozenset({"InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"}),
    ),
    Collector(kind=Ec2Region, calls=(DEFAULT_ENCRYPTION,), find=find_region),
)
