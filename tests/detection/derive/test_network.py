from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection.derive.records import call, derived

OPENS, PORTS = "network.opens_to_world", "network.world_ports"


def permission(
    cidr: str, first: int | None, last: int | None, protocol: str = "tcp"
) -> dict[str, Any]:
    key = "cidrIpv6" if ":" in cidr else "cidrIp"
    ranges = {"items": [{key: cidr}]}
    return {
        "ipProtocol": protocol,
        "fromPort": first,
        "toPort": last,
        "groups": {},
        "ipRanges": ranges if key == "cidrIp" else {},
        "ipv6Ranges": ranges if key == "cidrIpv6" else {},
        "prefixListIds": {},
    }


def ingress(*permissions: dict[str, Any], **flat: Any) -> dict[str, Any]:
    listed = {"items": list(permissions)} if permissions else {}
    parameters = {"groupId": "sg-1", "ipPermissions": listed} | flat
    return call("AuthorizeSecurityGroupIngress", parameters, source="ec2")


def modified(*rules: dict[str, Any]) -> dict[str, Any]:
    inner = [{"SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": rule} for rule in rules]
    request = {"GroupId": "sg-1", "SecurityGroupRule": inner if len(inner) > 1 else inner[0]}
    return call("ModifySecurityGroupRules", {"ModifySecurityGroupRulesRequest": request})


def acl(name: str = "CreateNetworkAclEntry", **parameters: Any) -> dict[str, Any]:
    usual = {"aclProtocol": "6", "cidrBlock": "0.0.0.0/0", "egress": False, "ruleAction": "allow"}
    return call(name, usual | {"portRange": {"from": 22, "to": 22}} | parameters, source="ec2")


WORLD = {"CidrIpv4": "0.0.0.0/0", "FromPort": 22, "ToPort": 22, "IpProtocol": "tcp"}
INSIDE = {"CidrIpv4": "10.0.0.0/8", "FromPort": 3389, "ToPort": 3389, "IpProtocol": "tcp"}


@pytest.mark.parametrize(
    ("record", "ports"),
    [
        (ingress(permission("0.0.0.0/0", 22, 22)), [22]),
        (ingress(permission("::/0", 9999, 9999)), [9999]),
        (ingress(permission("10.0.0.0/8", 22, 22), permission("0.0.0.0/0", 443, 443)), [443]),
        (ingress(permission("0.0.0.0/1", 22, 22)), [22]),
        (ingress(permission("0.0.0.0/0", 3380, 3400)), [3389]),
        (ingress(permission("0.0.0.0/0", 53, 53, "udp")), [53]),
        (ingress(cidrIp="208.236.235.254/0", fromPort=22, toPort=22, ipProtocol="tcp"), [22]),
        (modified(WORLD), [22]),
        (modified(INSIDE, WORLD), [22]),
        (acl(), [22]),
        (acl("ReplaceNetworkAclEntry", cidrBlock=None, ipv6CidrBlock="::/0"), [22]),
        (
            call(
                "OpenInstancePublicPorts",
                {"portInfo": {"fromPort": 22, "toPort": 22, "protocol": "tcp"}},
            ),
            [22],
        ),
    ],
)
def test_ports_that_are_opened_to_the_world_are_told(
    record: dict[str, Any], ports: list[int]
) -> None:
    assert derived(record, OPENS, PORTS) == [True, ports]


def test_of_all_ports_those_are_told_that_attackers_look_for() -> None:
    for record in (
        ingress(permission("0.0.0.0/0", None, None, "-1")),
        acl(aclProtocol="-1", portRange={}),
        call("AuthorizeDBSecurityGroupIngress", {"cIDRIP": "0.0.0.0/0"}, source="rds"),
    ):
        opens, ports = derived(record, OPENS, PORTS)
        assert opens is True
        assert {22, 3306, 3389} <= set(ports) < set(range(65_536))


@pytest.mark.parametrize(
    "record",
    [
        ingress(permission("10.0.0.0/8", 22, 22)),
        ingress(permission("198.51.100.0/24", 22, 22)),
        ingress(
            {
                "ipProtocol": "tcp",
                "fromPort": 22,
                "toPort": 22,
                "groups": {"items": [{"groupId": "sg-2"}]},
            }
        ),
        ingress(permission("0.0.0.0/0", -1, -1, "icmp")),
        ingress(permission("not an address", 22, 22)),
        ingress(),
        modified(INSIDE),
        acl(ruleAction="deny"),
        acl(egress=True),
        call(
            "OpenInstancePublicPorts",
            {
                "portInfo": {
                    "fromPort": 22,
                    "toPort": 22,
                    "protocol": "tcp",
                    "cidrs": ["198.51.100.0/24"],
                }
            },
        ),
    ],
)
def test_what_stays_closed_to_the_world_is_told_as_well(record: dict[str, Any]) -> None:
    assert derived(record, OPENS, PORTS) == [False, []]


@pytest.mark.parametrize("name", ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress"])
def test_other_calls_have_none_of_the_fields(name: str) -> None:
    record = call(name, {"ipPermissions": {"items": [permission("0.0.0.0/0", 22, 22)]}})

    assert derived(record, OPENS, PORTS) == [None, None]


def test_port_and_address_of_different_permissions_do_not_combine() -> None:
    record = ingress(permission("10.0.0.0/8", 22, 22), permission("0.0.0.0/0", 80, 80))

    assert derived(record, PORTS) == [80]


def test_thousands_of_permissions_are_read_in_bounded_number() -> None:
    record = ingress(*[permission("10.0.0.0/8", 22, 22)] * 5_000)

    assert derived(record, OPENS) is False


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(["0.0.0.0/0"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "items",
                    "ipPermissions",
                    "cidrIp",
                    "ipRanges",
                    "fromPort",
                    "portRange",
                    "portInfo",
                    "ModifySecurityGroupRulesRequest",
                    "SecurityGroupRule",
                    "ruleAction",
                    "ipProtocol",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(
    st.sampled_from(
        [
            "AuthorizeSecurityGroupIngress",
            "ModifySecurityGroupRules",
            "CreateNetworkAclEntry",
            "OpenInstancePublicPorts",
        ]
    ),
    anything,
)
def test_wrong_types_never_raise(name: str, parameters: Any) -> None:
    assert derived(call(name, parameters), OPENS) in (True, False, None)
