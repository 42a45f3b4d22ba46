"""Snapshots of EC2: instances, launch templates, images, volumes, snapshots, network guards."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import ip_address
from typing import ClassVar

from vedette.resources.addresses import IPV4, IPV6
from vedette.resources.facts import (
    NOT_COLLECTED,
    Fact,
    UnreadableFactError,
    known,
    why_unreadable,
)
from vedette.resources.inventory import Inventory
from vedette.resources.network import AclEntry, Openings, Permission, group_openings
from vedette.resources.resource import Resource, Value


class Interface(Value):
    """One network interface of an instance: its public addresses and its security groups.

    `ipv4` holds the public addresses that AWS maps to the interface (public, Elastic and carrier
    addresses), `ipv6` every IPv6 address, `groups` ids.
    """

    id: str
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def public_families(self) -> frozenset[int]:
        """Name the families (4, 6) in which the interface has an address of the internet.

        IPv6 has no translation: a global address is public. Whether the subnet routes to an
        internet gateway is not looked at.
        """
        has_ipv6 = any(ip_address(one).is_global for one in self.ipv6)
        return frozenset({IPV4} if self.ipv4 else ()) | frozenset({IPV6} if has_ipv6 else ())


class Ec2Instance(Resource):
    """One instance that is not terminated; its id is the instance id."""

    type: ClassVar[str] = "AWS::EC2::Instance"
    service: ClassVar[str] = "ec2"

    interfaces: Fact[tuple[Interface, ...]] = NOT_COLLECTED
    metadata_endpoint: Fact[str] = NOT_COLLECTED
    metadata_tokens: Fact[str] = NOT_COLLECTED
    instance_profile: Fact[str | None] = NOT_COLLECTED


class TemplateVersion(Value):
    """One version of a launch template.

    `public_interfaces` holds the device indexes of the interfaces that get a public IPv4 address.
    """

    number: int
    is_default: bool
    public_interfaces: tuple[int, ...] = ()


class LaunchTemplate(Resource):
    """One launch template; `versions` are its default and its latest version."""

    type: ClassVar[str] = "AWS::EC2::LaunchTemplate"
    service: ClassVar[str] = "ec2"

    versions: Fact[tuple[TemplateVersion, ...]] = NOT_COLLECTED


class Sharing(Value):
    """Who, beside the owner, may use a snapshot or an image.

    `everyone` is AWS's group `all`; `accounts` are ids, `organisations` the ARNs of organisations
    and organisational units.
    """

    everyone: bool = False
    accounts: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()

    def strangers(self, trusted: frozenset[str]) -> tuple[str, ...]:
        """Name all who are not trusted, sorted.

        An organisation is trusted if its management account is, whose id stands in its ARN.
        """
        accounts = self.accounts - trusted
        organisations = {one for one in self.organisations if _account_in(one) not in trusted}
        return ("everyone",) * self.everyone + tuple(sorted(accounts | organisations))


class MachineImage(Resource):
    """One AMI that the account owns."""

    type: ClassVar[str] = "AWS::EC2::Image"
    service: ClassVar[str] = "ec2"

    public: Fact[bool] = NOT_COLLECTED
    sharing: Fact[Sharing] = NOT_COLLECTED


class EbsVolume(Resource):
    type: ClassVar[str] = "AWS::EC2::Volume"
    service: ClassVar[str] = "ec2"

    encrypted: Fact[bool] = NOT_COLLECTED


class EbsSnapshot(Resource):
    """One EBS snapshot that the account owns."""

    type: ClassVar[str] = "AWS::EC2::Snapshot"
    service: ClassVar[str] = "ec2"

    public: Fact[bool] = NOT_COLLECTED
    sharing: Fact[Sharing] = NOT_COLLECTED


class Ec2Region(Resource):
    """The EC2 settings of the account in one region; its id is the account's id."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "ec2"

    ebs_encryption_by_default: Fact[bool] = NOT_COLLECTED


class SecurityGroup(Resource):
    """One security group, attached or not; `prefix_lists` are those that `ingress` refers to."""

    type: ClassVar[str] = "AWS::EC2::SecurityGroup"
    service: ClassVar[str] = "ec2"

    name: str
    ingress: Fact[tuple[Permission, ...]] = NOT_COLLECTED
    egress: Fact[tuple[Permission, ...]] = NOT_COLLECTED
    prefix_lists: Fact[Mapping[str, tuple[str, ...]]] = NOT_COLLECTED

    def is_default(self) -> bool:
        """Tell whether it is the one that its VPC came with: AWS reserves the name."""
        return self.name == "default"


class NetworkAcl(Resource):
    """One network ACL; `ingress` are its inbound entries."""

    type: ClassVar[str] = "AWS::EC2::NetworkAcl"
    service: ClassVar[str] = "ec2"

    ingress: Fact[tuple[AclEntry, ...]] = NOT_COLLECTED


class TransitGateway(Resource):
    type: ClassVar[str] = "AWS::EC2::TransitGateway"
    service: ClassVar[str] = "ec2"

    auto_accept_shared_attachments: Fact[str] = NOT_COLLECTED


Selection = Callable[[Openings], Openings]


def exposure(group: SecurityGroup, protocols: Sequence[str], select: Selection) -> Openings:
    """Return the selected openings of one security group to the internet.

    CIDRs are judged first, so that a group which they open is found open even where a prefix list
    cannot be read. Raises UnreadableFactError if it cannot be told.
    """
    ingress = known(group.ingress)
    certain = [select(group_openings(ingress, one)) for one in protocols]
    if not any(certain):
        lists = known(group.prefix_lists)
        certain = [select(group_openings(ingress, one, prefix_lists=lists)) for one in protocols]
    return tuple(opening for openings in certain for opening in openings)


def instance_exposure(
    instance: Ec2Instance, inventory: Inventory, protocol: str, select: Selection
) -> dict[str, Openings]:
    """Return the selected openings of an instance to the internet by public network interface.

    What is certain comes first: groups that cannot be read count only where the others open
    nothing. Raises UnreadableFactError if it cannot be told.
    """
    public = [one for one in known(instance.interfaces) if one.public_families()]
    found = {one.id: select(_certain(one, instance, inventory, protocol)) for one in public}
    if not any(found.values()):
        found = {one.id: select(_complete(one, instance, inventory, protocol)) for one in public}
    return {interface: openings for interface, openings in found.items() if openings}


def _certain(
    interface: Interface, instance: Ec2Instance, inventory: Inventory, protocol: str
) -> Openings:
    here = inventory.readable(SecurityGroup, region=instance.region)
    groups = [one for one in here if one.id in interface.groups]
    readable = [one for one in groups if why_unreadable(one.ingress) is None]
    families = interface.public_families()
    return group_openings(_ingress(readable), protocol, families=families)


def _complete(
    interface: Interface, instance: Ec2Instance, inventory: Inventory, protocol: str
) -> Openings:
    groups = [_group(one, instance.region, inventory) for one in interface.groups]
    return group_openings(
        _ingress(groups),
        protocol,
        families=interface.public_families(),
        prefix_lists={
            prefix_list: cidrs
            for group in groups
            for prefix_list, cidrs in known(group.prefix_lists).items()
        },
    )


def _ingress(groups: Iterable[SecurityGroup]) -> Sequence[Permission]:
    return [permission for group in groups for permission in known(group.ingress)]


def _group(group_id: str, region: str, inventory: Inventory) -> SecurityGroup:
    group = inventory.find(SecurityGroup, group_id, region=region)
    if group is None:
        raise UnreadableFactError(
            f"{group_id} is not among this account's security groups: another account shares it"
        )
    return group


def _account_in(arn: str) -> str:
    return arn.split(":")[4] if arn.count(":") >= 5 else ""  # noqa: PLR2004 - parts of an ARN
