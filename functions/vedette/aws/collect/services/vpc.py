"""Reads VPCs, subnets and VPC peering connections."""

from collections import defaultdict
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
from vedette.aws.collect.services.ec2_network import PREFIX_LIST, prefix_list_entries
from vedette.resources.facts import Fact
from vedette.resources.vpc import (
    FlowLog,
    PeeredVpc,
    PeeringRoute,
    Subnet,
    Vpc,
    VpcPeeringConnection,
)

VPCS = "ec2:DescribeVpcs"
FLOW_LOGS = "ec2:DescribeFlowLogs"
SUBNETS = "ec2:DescribeSubnets"
PEERINGS = "ec2:DescribeVpcPeeringConnections"
ROUTE_TABLES = "ec2:DescribeRouteTables"
ROUTE_TABLE_PAGE = 100
IN_USE = frozenset({"initiating-request", "pending-acceptance", "provisioning", "active"})
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")
Route = tuple[str, str, Description]


def find_vpcs(reader: Reader, only: frozenset[str] | None) -> Iterator[Vpc]:
    """Yield the account's own VPCs."""
    listing = Listing(operation=VPCS, key="Vpcs", id_filter="vpc-id")
    for one in described(reader, listing, only):
        yield Vpc(**identity(reader, "vpc", one["VpcId"], one))


def _flow_logs(reader: Reader, vpc: Vpc) -> tuple[FlowLog, ...]:
    return tuple(reader.once("flow logs", _flow_logs_by_resource).get(vpc.id, ()))


def _flow_logs_by_resource(reader: Reader) -> dict[str, list[FlowLog]]:
    found: defaultdict[str, list[FlowLog]] = defaultdict(list)
    for one in described(reader, Listing(operation=FLOW_LOGS, key="FlowLogs"), None):
        found[one["ResourceId"]].append(
            FlowLog(
                id=one["FlowLogId"],
                status=one["FlowLogStatus"],
                traffic=one["TrafficType"],
                delivery=one.get("DeliverLogsStatus"),
                problem=one.get("DeliverLogsErrorMessage"),
            )
        )
    return dict(found)


def find_subnets(reader: Reader, only: frozenset[str] | None) -> Iterator[Subnet]:
    """Yield the account's own subnets."""
    listing = Listing(operation=SUBNETS, key="Subnets", id_filter="subnet-id")
    for one in described(reader, listing, only):
        yield Subnet(
            **identity(reader, "subnet", one["SubnetId"], one),
            assigns_public_ipv4=answered(one, SUBNETS, "MapPublicIpOnLaunch"),
        )


def find_peerings(reader: Reader, only: frozenset[str] | None) -> Iterator[VpcPeeringConnection]:
    """Yield the peering connections that are neither deleted, rejected, expired nor failed."""
    listing = Listing(operation=PEERINGS, key="VpcPeeringConnections")
    for one in described(reader, listing, only):
        if one["Status"]["Code"] in IN_USE:
            yield VpcPeeringConnection(
                **identity(reader, "vpc-peering-connection", one["VpcPeeringConnectionId"], one),
                peers=_peers(one),
            )


def _peers(one: Description) -> Fact[tuple[PeeredVpc, ...]]:
    sides = [one["RequesterVpcInfo"], one["AccepterVpcInfo"]]
    if not all(side.get("CidrBlock") or side.get("Ipv6CidrBlockSet") for side in sides):
        # AWS withholds the other side's blocks until the request is accepted.
        return Fact.unreadable(f"{PEERINGS} did not answer the address blocks of both VPCs")
    return Fact.of(tuple(map(_peer, sides)))


def _peer(side: Description) -> PeeredVpc:
    blocks = {side.get("CidrBlock")}
    blocks |= {block["CidrBlock"] for block in side.get("CidrBlockSet", [])}
    blocks |= {block["Ipv6CidrBlock"] for block in side.get("Ipv6CidrBlockSet", [])}
    return PeeredVpc(
        vpc=side["VpcId"],
        account=side["OwnerId"],
        cidrs=tuple(sorted(block for block in blocks if block)),
    )


def _routes(reader: Reader, connection: VpcPeeringConnection) -> tuple[PeeringRoute, ...]:
    found = reader.once("peering routes", _routes_by_connection).get(connection.id, ())
    return tuple(
        PeeringRoute(table=table, vpc=vpc, destinations=_destinations(reader, route))
        for table, vpc, route in found
    )


def _routes_by_connection(reader: Reader) -> dict[str, list[Route]]:
    found: defaultdict[str, list[Route]] = defaultdict(list)
    listing = Listing(operation=ROUTE_TABLES, key="RouteTables", page=ROUTE_TABLE_PAGE)
    for table in described(reader, listing, None):
        for route in table["Routes"]:
            if connection := route.get("VpcPeeringConnectionId"):
                found[connection].append((table["RouteTableId"], table["VpcId"], route))
    return dict(found)


def _destinations(reader: Reader, route: Description) -> tuple[str, ...]:
    if prefix_list := route.get("DestinationPrefixListId"):
        return prefix_list_entries(reader, prefix_list)
    return tuple(route[name] for name in DESTINATIONS if route.get(name))


COLLECTORS = (
    Collector(
        kind=Vpc,
        calls=(VPCS,),
        find=find_vpcs,
        details=(fact("flow_logs", FLOW_LOGS, read=_flow_logs),),
        arn_service="ec2",
        arn_prefix="vpc/",
    ),
    Collector(
        kind=Subnet,
        calls=(SUBNETS,),
        find=find_subnets,
        arn_service="ec2",
        arn_prefix="subnet/",
    ),
    Collector(
        kind=VpcPeeringConnection,
        calls=(PEERINGS,),
        find=find_peerings,
        details=(fact("routes", ROUTE_TABLES, PREFIX_LIST, read=_routes),),
        arn_service="ec2",
        arn_prefix="vpc-peering-connection/",
    ),
)
