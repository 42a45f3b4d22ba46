from typing import Any

from tests.aws.describing import NEIGHBOUR, US, Described, collected, read
from tests.fakes.clients import FakeClients, raising, refused
from vedette.resources.facts import known, why_unreadable
from vedette.resources.vpc import Subnet, VpcPeeringConnection


def connection(status: str, **accepter: Any) -> dict[str, Any]:
    return {
        "VpcPeeringConnectionId": f"pcx-{status}",
        "Status": {"Code": status},
        "RequesterVpcInfo": {"VpcId": "vpc-a", "OwnerId": US, "CidrBlock": "10.1.0.0/16"},
        "AccepterVpcInfo": {"VpcId": "vpc-b", "OwnerId": NEIGHBOUR} | accepter,
    }


def peerings(*routes: dict[str, Any]) -> dict[str, VpcPeeringConnection]:
    blocks = {
        "CidrBlock": "10.2.0.0/16",
        "CidrBlockSet": [{"CidrBlock": "10.2.0.0/16"}, {"CidrBlock": "10.3.0.0/24"}],
        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2a05:d018::/56"}],
    }
    states = ("active", "deleted", "rejected", "expired", "failed")
    found = [connection(state, **blocks) for state in states]
    table = {"RouteTableId": "rtb-1", "VpcId": "vpc-a", "OwnerId": US, "Routes": list(routes)}
    clients = FakeClients(
        pages={
            "describe_vpc_peering_connections": Described(
                "VpcPeeringConnections", [*found, connection("pending-acceptance")]
            ),
            "describe_route_tables": Described("RouteTables", [table]),
            "get_managed_prefix_list_entries": raising(refused("UnauthorizedOperation")),
        }
    )
    read_back = collected(clients, VpcPeeringConnection, "peers", "routes")
    return {one.id: one for one in read_back.resources if isinstance(one, VpcPeeringConnection)}


def test_only_peering_connections_in_use_are_kept_with_all_their_blocks() -> None:
    found = peerings()

    assert sorted(found) == ["pcx-active", "pcx-pending-acceptance"]
    _, accepter = known(found["pcx-active"].peers)
    assert accepter.cidrs == ("10.2.0.0/16", "10.3.0.0/24", "2a05:d018::/56")
    assert "blocks of both" in (why_unreadable(found["pcx-pending-acceptance"].peers) or "")


def test_routes_are_those_over_the_connection() -> None:
    narrow = {"DestinationCidrBlock": "10.2.3.0/24", "VpcPeeringConnectionId": "pcx-active"}
    ipv6 = {"DestinationIpv6CidrBlock": "2a05:d018::/64", "VpcPeeringConnectionId": "pcx-active"}
    local = {"DestinationCidrBlock": "10.1.0.0/16", "GatewayId": "local"}

    found = peerings(narrow, ipv6, local)

    routes = known(found["pcx-active"].routes)
    assert [one.destinations for one in routes] == [("10.2.3.0/24",), ("2a05:d018::/64",)]
    assert {(one.table, one.vpc) for one in routes} == {("rtb-1", "vpc-a")}
    assert known(found["pcx-pending-acceptance"].routes) == ()


def test_a_prefix_list_that_cannot_be_read_hides_only_its_own_connections_routes() -> None:
    found = peerings(
        {"DestinationPrefixListId": "pl-1", "VpcPeeringConnectionId": "pcx-active"},
        {
            "DestinationCidrBlock": "10.2.3.0/24",
            "VpcPeeringConnectionId": "pcx-pending-acceptance",
        },
    )

    assert "denied" in (why_unreadable(found["pcx-active"].routes) or "")
    assert len(known(found["pcx-pending-acceptance"].routes)) == 1


def test_pages_are_read_to_the_end() -> None:
    pages = Described(
        "Subnets",
        [{"SubnetId": "subnet-1", "MapPublicIpOnLaunch": False}],
        [{"SubnetId": "subnet-2", "MapPublicIpOnLaunch": True}],
    )

    found = collected(FakeClients(pages={"describe_subnets": pages}), Subnet).resources

    assert {one.id: read(one, "assigns_public_ipv4") for one in found} == {
        "subnet-1": False,
        "subnet-2": True,
    }
