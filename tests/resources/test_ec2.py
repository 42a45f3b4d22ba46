from collections.abc import Mapping

import pytest

from vedette.resources.coverage import Listing
from vedette.resources.ec2 import (
    Ec2Instance,
    Interface,
    SecurityGroup,
    Sharing,
    exposure,
    instance_exposure,
)
from vedette.resources.facts import Fact, UnreadableFactError
from vedette.resources.inventory import Inventory
from vedette.resources.network import Permission, for_ports, whole_range

US, PARTNER, STRANGER = "111122223333", "444455556666", "999988887777"
SSH = for_ports((22,))
NO_LISTS: Mapping[str, tuple[str, ...]] = {}
DENIED = Fact.unreadable("AccessDenied")


def organisation(account: str) -> str:
    return f"arn:aws:organizations::{account}:organization/o-exampleorgid"


@pytest.mark.parametrize(
    ("sharing", "strangers"),
    [
        (Sharing(), ()),
        (Sharing(accounts=frozenset({PARTNER})), ()),
        (Sharing(accounts=frozenset({PARTNER, STRANGER})), (STRANGER,)),
        (Sharing(everyone=True, accounts=frozenset({STRANGER})), ("everyone", STRANGER)),
        (Sharing(organisations=frozenset({organisation(PARTNER)})), ()),
        (
            Sharing(organisations=frozenset({organisation(STRANGER)})),
            (organisation(STRANGER),),
        ),
        (Sharing(organisations=frozenset({PARTNER})), (PARTNER,)),
    ],
)
def test_strangers_are_all_who_are_not_trusted(
    sharing: Sharing, strangers: tuple[str, ...]
) -> None:
    assert sharing.strangers(frozenset({US, PARTNER})) == strangers


@pytest.mark.parametrize(
    ("interface", "families"),
    [
        (Interface(id="eni-1"), frozenset()),
        (Interface(id="eni-1", ipv4=("198.51.100.7",)), frozenset({4})),
        (Interface(id="eni-1", ipv6=("2a05:d018::1",)), frozenset({6})),
        (Interface(id="eni-1", ipv6=("fd00::1",)), frozenset()),
        (Interface(id="eni-1", ipv4=("198.51.100.7",), ipv6=("2a05:d018::1",)), frozenset({4, 6})),
    ],
)
def test_an_interface_is_public_by_mapped_ipv4_and_by_global_ipv6(
    interface: Interface, families: frozenset[int]
) -> None:
    assert interface.public_families() == families


def group(group_id: str, *cidrs: str, **facts: object) -> SecurityGroup:
    permission = Permission(protocol="tcp", from_port=22, to_port=22, cidrs=cidrs)
    known: dict[str, object] = {"ingress": (permission,), "prefix_lists": NO_LISTS}
    return SecurityGroup.sample(id=group_id, name=group_id, **known | facts)


def test_a_group_that_cidrs_open_is_open_even_if_its_prefix_lists_are_unreadable() -> None:
    assert exposure(group("sg-1", "0.0.0.0/0", prefix_lists=DENIED), ("tcp",), SSH)


def test_a_group_that_may_be_open_by_a_prefix_list_cannot_be_judged_without_it() -> None:
    with pytest.raises(UnreadableFactError, match="AccessDenied"):
        exposure(group("sg-1", "10.0.0.0/8", prefix_lists=DENIED), ("tcp",), SSH)


def test_one_protocol_that_is_certainly_open_is_enough() -> None:
    both = (
        Permission(protocol="tcp", from_port=0, to_port=65535, prefix_lists=("pl-1",)),
        Permission(protocol="udp", from_port=0, to_port=65535, cidrs=("0.0.0.0/0",)),
    )
    one = SecurityGroup.sample(name="web", ingress=both, prefix_lists=DENIED)

    assert [found.protocol for found in exposure(one, ("tcp", "udp"), whole_range)] == ["udp"]


def instance(*interfaces: Interface) -> Ec2Instance:
    return Ec2Instance.sample(id="i-1", interfaces=interfaces)


def public(interface: str, *groups: str) -> Interface:
    return Interface(id=interface, ipv4=("198.51.100.7",), groups=groups)


def test_each_interface_is_judged_by_its_own_groups() -> None:
    inventory = Inventory([group("sg-open", "0.0.0.0/0"), group("sg-shut", "10.0.0.0/8")])
    private = Interface(id="eni-private", groups=("sg-open",))
    one = instance(public("eni-shut", "sg-shut"), public("eni-open", "sg-open"), private)

    assert set(instance_exposure(one, inventory, "tcp", SSH)) == {"eni-open"}


def test_groups_of_another_region_are_not_the_instances() -> None:
    elsewhere = group("sg-1", "0.0.0.0/0").model_copy(update={"region": "us-east-1"})
    inventory = Inventory([elsewhere, group("sg-2", "10.0.0.0/8")])

    with pytest.raises(UnreadableFactError, match="sg-1 is not among"):
        instance_exposure(instance(public("eni-1", "sg-1")), inventory, "tcp", SSH)


def test_groups_that_could_not_be_listed_leave_the_instance_unjudged() -> None:
    refused = Listing(kind="SecurityGroup", region="eu-west-1", problem="denied")
    inventory = Inventory([], [refused])

    with pytest.raises(UnreadableFactError, match="denied"):
        instance_exposure(instance(public("eni-1", "sg-1")), inventory, "tcp", SSH)


def test_a_certain_exposure_counts_though_another_interface_cannot_be_judged() -> None:
    inventory = Inventory([group("sg-open", "0.0.0.0/0"), group("sg-unread", ingress=DENIED)])
    one = instance(public("eni-unread", "sg-unread"), public("eni-open", "sg-open"))

    assert set(instance_exposure(one, inventory, "tcp", SSH)) == {"eni-open"}
