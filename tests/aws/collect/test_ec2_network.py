from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.aws.describing import NEIGHBOUR, US, Described, collected, read, reader
from tests.fakes.clients import FakeClients, refused
from vedette.aws.collect.services import ec2_network, vpc
from vedette.resources.ec2 import NetworkAcl, SecurityGroup, TransitGateway
from vedette.resources.facts import why_unreadable
from vedette.resources.resource import Resource


@pytest.mark.parametrize(
    ("find", "method", "key", "description"),
    [
        (vpc.find_vpcs, "describe_vpcs", "Vpcs", {"VpcId": "theirs"}),
        (vpc.find_subnets, "describe_subnets", "Subnets", {"SubnetId": "theirs"}),
        (
            ec2_network.find_groups,
            "describe_security_groups",
            "SecurityGroups",
            {"GroupId": "theirs", "GroupName": "web"},
        ),
        (
            ec2_network.find_transit_gateways,
            "describe_transit_gateways",
            "TransitGateways",
            {"TransitGatewayId": "theirs"},
        ),
        (
            ec2_network.find_acls,
            "describe_network_acls",
            "NetworkAcls",
            {"NetworkAclId": "theirs", "Entries": []},
        ),
    ],
)
def test_what_another_account_shares_is_left_to_its_owner(
    find: Callable[..., Iterable[Resource]], method: str, key: str, description: dict[str, Any]
) -> None:
    ours = {name: "ours" for name in description if name.endswith("Id")}
    page = [description | {"OwnerId": NEIGHBOUR}, description | ours | {"OwnerId": US}]

    found = list(find(reader(**{method: Described(key, page)}), None))

    assert [one.id for one in found] == ["ours"]


def group(group_id: str, *lists: str) -> dict[str, Any]:
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "PrefixListIds": [{"PrefixListId": one} for one in lists],
    }
    return {
        "GroupId": group_id,
        "GroupName": group_id,
        "IpPermissions": [permission],
        "IpPermissionsEgress": [],
    }


def test_a_prefix_list_is_read_once_and_only_its_users_depend_on_it() -> None:
    asked: list[str] = []

    def entries(PrefixListId: str, **_: Any) -> Iterable[dict[str, Any]]:  # noqa: N803 - AWS's name
        asked.append(PrefixListId)
        if PrefixListId == "pl-shut":
            raise refused("UnauthorizedOperation")
        return [{"Entries": [{"Cidr": "10.0.0.0/8"}]}, {"Entries": [{"Cidr": "::/0"}]}]

    groups = [
        group("sg-1", "pl-open"),
        group("sg-2", "pl-open", "pl-shut"),
        group("sg-3"),
        group("sg-4", "pl-open"),
    ]
    clients = FakeClients(
        pages={
            "describe_security_groups": Described("SecurityGroups", groups),
            "get_managed_prefix_list_entries": entries,
        }
    )

    found = {one.id: one for one in collected(clients, SecurityGroup, "prefix_lists").resources}

    assert sorted(asked) == ["pl-open", "pl-shut"]
    for user in ("sg-1", "sg-4"):
        assert read(found[user], "prefix_lists") == {"pl-open": ("10.0.0.0/8", "::/0")}
    assert read(found["sg-3"], "prefix_lists") == {}
    assert "denied" in (why_unreadable(found["sg-2"].fact("prefix_lists")) or "")


def test_only_inbound_entries_of_an_acl_are_kept() -> None:
    inbound = {
        "RuleNumber": 90,
        "RuleAction": "deny",
        "Egress": False,
        "Protocol": "6",
        "Ipv6CidrBlock": "::/0",
        "PortRange": {"From": 22, "To": 23},
    }
    outbound = inbound | {"Egress": True, "RuleAction": "allow"}
    page = [{"NetworkAclId": "acl-1", "Entries": [inbound, outbound]}]
    clients = FakeClients(pages={"describe_network_acls": Described("NetworkAcls", page)})

    (acl,) = collected(clients, NetworkAcl, "ingress").resources

    (entry,) = read(acl, "ingress")
    assert (entry.allows, entry.cidr, entry.from_port, entry.to_port) == (False, "::/0", 22, 23)


def test_deleted_transit_gateways_are_left_out() -> None:
    page = [
        {"TransitGatewayId": f"tgw-{state}", "State": state}
        for state in ("available", "deleting", "deleted")
    ]
    clients = FakeClients(pages={"describe_transit_gateways": Described("TransitGateways", page)})

    found = collected(clients, TransitGateway).resources

    assert [one.id for one in found] == ["tgw-available"]
    assert why_unreadable(found[0].fact("auto_accept_shared_attachments"))
