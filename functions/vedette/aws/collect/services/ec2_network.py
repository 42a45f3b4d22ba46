"""Reads security groups, network ACLs and transit gateways."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import (
    Description,
    Listing,
    answered,
    described,
    identity,
)
from vedette.aws.collect.reader import Reader
from vedette.resources.ec2 import NetworkAcl, SecurityGroup, TransitGateway
from vedette.resources.facts import known, transformed
from vedette.resources.network import AclEntry, Permission

GROUPS = "ec2:DescribeSecurityGroups"
PREFIX_LIST = "ec2:GetManagedPrefixListEntries"
ACLS = "ec2:DescribeNetworkAcls"
TRANSIT_GATEWAYS = "ec2:DescribeTransitGateways"
PREFIX_LIST_PAGE = 100
DELETED = ("deleting", "deleted")


def find_groups(reader: Reader, only: frozenset[str] | None) -> Iterator[SecurityGroup]:
    """Yield the security groups, attached or not."""
    listing = Listing(operation=GROUPS, key="SecurityGroups", id_filter="group-id")
    for one in described(reader, listing, only):
        yield SecurityGroup(
            **identity(reader, "security-group", one["GroupId"], one),
            name=one["GroupName"],
            ingress=transformed(answered(one, GROUPS, "IpPermissions"), parse_permissions),
            egress=transformed(answered(one, GROUPS, "IpPermissionsEgress"), parse_permissions),
        )


def parse_permissions(found: list[Description]) -> tuple[Permission, ...]:
    """Read permissions as DescribeSecurityGroups answers them."""
    return tuple(
        Permission(
            protocol=one["IpProtocol"],
            from_port=one.get("FromPort"),
            to_port=one.get("ToPort"),
            cidrs=(
                *(source["CidrIp"] for source in one.get("IpRanges", [])),
                *(source["CidrIpv6"] for source in one.get("Ipv6Ranges", [])),
            ),
            prefix_lists=tuple(source["PrefixListId"] for source in one.get("PrefixListIds", [])),
            groups=tuple(source["GroupId"] for source in one.get("UserIdGroupPairs", [])),
        )
        for one in found
    )


def _prefix_lists(reader: Reader, group: SecurityGroup) -> dict[str, tuple[str, ...]]:
    named = {one for permission in known(group.ingress) for one in permission.prefix_lists}
    return {one: prefix_list_entries(reader, one) for one in sorted(named)}


def prefix_list_entries(reader: Reader, prefix_list: str) -> tuple[str, ...]:
    """Return the CIDRs of a prefix list, AWS's own lists included; each is read once a region."""

    def read(reader: Reader) -> tuple[str, ...]:
        entries = reader.pages(
            PREFIX_LIST, "Entries", PrefixListId=prefix_list, MaxResults=PREFIX_LIST_PAGE
        )
        return tuple(entry["Cidr"] for entry in entries)

    return reader.once(f"prefix list {prefix_list}", read)


def find_acls(reader: Reader, only: frozenset[str] | None) -> Iterator[NetworkAcl]:
    """Yield the network ACLs, associated with subnets or not."""
    listing = Listing(operation=ACLS, key="NetworkAcls")
    for one in described(reader, listing, only):
        yield NetworkAcl(
            **identity(reader, "network-acl", one["NetworkAclId"], one),
            ingress=transformed(answered(one, ACLS, "Entries"), parse_entries),
        )


def parse_entries(found: list[Description]) -> tuple[AclEntry, ...]:
    """Read the inbound entries as DescribeNetworkAcls answers them."""
    return tuple(
        AclEntry(
            number=one["RuleNumber"],
            allows=one["RuleAction"] == "allow",
            protocol=one["Protocol"],
            cidr=one.get("CidrBlock") or one["Ipv6CidrBlock"],
            from_port=one.get("PortRange", {}).get("From"),
            to_port=one.get("PortRange", {}).get("To"),
        )
        for one in found
        if not one["Egress"]
    )


def find_transit_gateways(reader: Reader, only: frozenset[str] | None) -> Iterator[TransitGateway]:
    """Yield the transit gateways that are not deleted."""
    listing = Listing(
        operation=TRANSIT_GATEWAYS, key="TransitGateways", id_filter="transit-gateway-id"
    )
    for one in described(reader, listing, only):
        if one.get("State") not in DELETED:
            yield TransitGateway(
                **identity(reader, "transit-gateway", one["TransitGatewayId"], one),
                auto_accept_shared_attachments=answered(
                    one, TRANSIT_GATEWAYS, "Options", "AutoAcceptSharedAttachments"
                ),
            )


COLLECTORS = (
    Collector(
        kind=SecurityGroup,
        calls=(GROUPS,),
        find=find_groups,
        details=(fact("prefix_lists", PREFIX_LIST, read=_prefix_lists),),
        arn_service="ec2",
        arn_prefix="security-group/",
    ),
    Collector(
        kind=NetworkAcl,
        calls=(ACLS,),
        find=find_acls,
        arn_service="ec2",
        arn_prefix="network-acl/",
    ),
    Collector(
        kind=TransitGateway,
        calls=(TRANSIT_GATEWAYS,),
        find=find_transit_gateways,
        arn_service="ec2",
        arn_prefix="transit-gateway/",
    ),
)
