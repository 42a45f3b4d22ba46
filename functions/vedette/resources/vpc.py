"""Snapshots of VPCs, subnets and peering connections."""

from collections import defaultdict
from typing import ClassVar

from vedette.resources.addresses import AddressSet
from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value


class FlowLog(Value):
    """One flow log of a VPC, in AWS's words.

    `status` is ACTIVE or not; `delivery` SUCCESS, FAILED or None before the first delivery;
    `traffic` ACCEPT, REJECT or ALL.
    Source: EC2 API Reference, FlowLog.
    """

    id: str
    status: str
    traffic: str
    delivery: str | None = None
    problem: str | None = None


class Vpc(Resource):
    """One VPC that the account owns; flow logs of its subnets and interfaces are not held."""

    type: ClassVar[str] = "AWS::EC2::VPC"
    service: ClassVar[str] = "vpc"

    flow_logs: Fact[tuple[FlowLog, ...]] = NOT_COLLECTED


class Subnet(Resource):
    """One subnet that the account owns."""

    type: ClassVar[str] = "AWS::EC2::Subnet"
    service: ClassVar[str] = "vpc"

    assigns_public_ipv4: Fact[bool] = NOT_COLLECTED


class PeeredVpc(Value):
    """One side of a peering connection; `cidrs` are its IPv4 and IPv6 blocks."""

    vpc: str
    account: str
    cidrs: tuple[str, ...] = ()


class PeeringRoute(Value):
    """A route over a peering connection: the table, its VPC, and the CIDRs that it leads to."""

    table: str
    vpc: str
    destinations: tuple[str, ...]


class VpcPeeringConnection(Resource):
    """One peering connection that is in use, and this account's routes over it in this region."""

    type: ClassVar[str] = "AWS::EC2::VPCPeeringConnection"
    service: ClassVar[str] = "vpc"

    peers: Fact[tuple[PeeredVpc, ...]] = NOT_COLLECTED
    routes: Fact[tuple[PeeringRoute, ...]] = NOT_COLLECTED


def destinations_by_table(routes: tuple[PeeringRoute, ...]) -> dict[tuple[str, str], list[str]]:
    """Return the destinations per route table, keyed by the table's id and its VPC."""
    by_table: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for route in routes:
        by_table[route.table, route.vpc] += route.destinations
    return dict(by_table)


def blocks_reached_whole(
    vpc: str, destinations: list[str], peers: tuple[PeeredVpc, ...]
) -> tuple[str, ...]:
    """Name the address blocks of the VPC at the other end that the destinations cover whole."""
    reached = AddressSet.of(destinations)
    return tuple(
        cidr
        for peer in peers
        if peer.vpc != vpc
        for cidr in peer.cidrs
        if reached.covers(AddressSet.of((cidr,)))
    )
