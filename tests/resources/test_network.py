from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.resources.addresses import IPV4, IPV6
from vedette.resources.facts import UnreadableFactError
from vedette.resources.network import (
    AclEntry,
    Opening,
    Permission,
    acl_openings,
    group_openings,
    on_ports,
    whole_range,
)

WORLD = "0.0.0.0/0"
HALVES = ("0.0.0.0/1", "128.0.0.0/1")


def permission(
    protocol: str, first: int | None, last: int | None, *cidrs: str, **more: Any
) -> Permission:
    return Permission(protocol=protocol, from_port=first, to_port=last, cidrs=cidrs, **more)


def ports(openings: tuple[Opening, ...]) -> list[str]:
    return [opening.ports for opening in openings]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (permission("tcp", 22, 22, WORLD), ["22"]),
        (permission("6", 22, 22, WORLD), ["22"]),
        (permission("TCP", 20, 25, "::/0"), ["20-25"]),
        (permission("-1", None, None, WORLD), ["0-65535"]),
        (permission("-1", 443, 443, WORLD), ["0-65535"]),
        (permission("tcp", None, None, WORLD), ["0-65535"]),
        (permission("tcp", -1, -1, WORLD), ["0-65535"]),
        (permission("udp", 22, 22, WORLD), []),
        (permission("17", 22, 22, WORLD), []),
        (permission("icmp", 8, -1, WORLD), []),
        (permission("58", -1, -1, "::/0"), []),
        (permission("50", None, None, WORLD), []),
        (permission("tcp", 22, 22, "10.0.0.0/8"), []),
        (permission("tcp", 22, 22, groups=("sg-1",)), []),
        (permission("tcp", 22, 22), []),
    ],
)
def test_protocols_and_ports_are_read_as_aws_writes_them(
    one: Permission, expected: list[str]
) -> None:
    assert ports(group_openings((one,), "tcp")) == expected


def test_udp_is_told_by_name_and_by_number() -> None:
    permissions = (permission("17", 53, 53, WORLD), permission("udp", 123, 123, WORLD))

    assert ports(group_openings(permissions, "udp")) == ["53", "123"]


def test_ranges_that_meet_are_one_opening() -> None:
    permissions = (permission("tcp", 0, 1023, WORLD), permission("tcp", 1024, 65535, WORLD))

    (opening,) = group_openings(permissions, "tcp")

    assert (opening.first, opening.last, opening.sources) == (0, 65535, (WORLD,))
    assert whole_range((opening,)) == (opening,)


def test_sources_of_several_permissions_add_up_where_their_ports_overlap() -> None:
    permissions = (permission("tcp", 1, 100, HALVES[0]), permission("tcp", 90, 200, HALVES[1]))
    narrow = (permission("tcp", 1, 100, "16.0.0.0/8"), permission("tcp", 90, 200, "17.0.0.0/8"))

    assert ports(group_openings(narrow, "tcp")) == ["90-100"]
    assert [(one.ports, one.sources) for one in group_openings(permissions, "tcp")] == [
        ("1-89", HALVES[:1]),
        ("90-100", HALVES),
        ("101-200", HALVES[1:]),
    ]


def test_only_the_sources_that_open_the_port_are_shown() -> None:
    one = permission("tcp", 22, 22, "203.0.113.0/24", WORLD)

    (opening,) = group_openings((one,), "tcp")

    assert opening.evidence() == {"protocol": "tcp", "ports": "22", "sources": (WORLD,)}


def test_families_can_be_told_apart() -> None:
    one = permission("tcp", 445, 445, "::/0", "203.0.113.0/24")

    assert group_openings((one,), "tcp", families=frozenset({IPV4})) == ()
    assert ports(group_openings((one,), "tcp", families=frozenset({IPV6}))) == ["445"]


def test_a_prefix_list_counts_by_its_entries_and_only_if_they_are_given() -> None:
    one = permission("tcp", 22, 22, prefix_lists=("pl-1",))

    assert group_openings((one,), "tcp") == ()
    assert group_openings((one,), "tcp", prefix_lists={"pl-1": ("10.0.0.0/8",)}) == ()
    (opening,) = group_openings((one,), "tcp", prefix_lists={"pl-1": HALVES})
    assert opening.sources == ("pl-1",)


def test_a_prefix_list_that_was_not_read_cannot_be_judged() -> None:
    one = permission("tcp", 22, 22, prefix_lists=("pl-1",))

    with pytest.raises(UnreadableFactError, match="pl-1"):
        group_openings((one,), "tcp", prefix_lists={})


def test_openings_are_narrowed_down_to_the_ports_asked_for() -> None:
    opening = Opening("tcp", 20, 25, (WORLD,))

    assert ports(on_ports((opening,), (443, 22, 20))) == ["20", "22"]
    assert on_ports((opening,), ()) == ()


@pytest.mark.parametrize(
    ("spans", "is_whole"),
    [
        ([(0, 65535)], True),
        ([(1, 65535)], True),
        ([(1024, 65535), (0, 1023)], True),
        ([(0, 2000), (1000, 65535)], True),
        ([(0, 21), (23, 65535)], False),
        ([(2, 65535)], False),
        ([(0, 65534)], False),
        ([], False),
    ],
)
def test_the_whole_range_is_open_only_without_a_gap(
    spans: list[tuple[int, int]], *, is_whole: bool
) -> None:
    openings = tuple(Opening("tcp", first, last, (WORLD,)) for first, last in spans)

    assert whole_range(openings) == (openings if is_whole else ())


def entry(number: int, action: str, cidr: str = WORLD, **more: Any) -> AclEntry:
    return AclEntry(number=number, allows=action == "allow", cidr=cidr, **{"protocol": "-1"} | more)


def port(number: int) -> dict[str, Any]:
    return {"protocol": "6", "from_port": number, "to_port": number}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        ([entry(100, "allow")], ["0-65535"]),
        ([entry(100, "allow"), entry(90, "deny")], []),
        ([entry(90, "allow"), entry(100, "deny")], ["0-65535"]),
        ([entry(90, "deny", **port(22)), entry(100, "allow")], ["0-21", "23-65535"]),
        ([entry(110, "deny", **port(22)), entry(100, "allow")], ["0-65535"]),
        ([entry(90, "deny", protocol="17"), entry(100, "allow")], ["0-65535"]),
        ([entry(90, "deny", "::/0"), entry(100, "allow")], ["0-65535"]),
        ([entry(90, "deny", "0.0.0.0/1"), entry(100, "allow")], ["0-65535"]),
        (
            [entry(90, "deny", "0.0.0.0/1"), entry(91, "deny", "128.0.0.0/1"), entry(100, "allow")],
            [],
        ),
        ([entry(100, "allow", "10.0.0.0/8")], []),
        ([entry(100, "allow", protocol="1")], []),
        ([entry(100, "allow", **port(22))], ["22"]),
    ],
)
def test_the_first_matching_entry_of_an_acl_decides(
    entries: list[AclEntry], expected: list[str]
) -> None:
    assert ports(acl_openings(entries, "tcp")) == expected


def test_an_acl_opening_names_the_entries_that_let_the_internet_in() -> None:
    entries = [
        entry(110, "allow", HALVES[1]),
        entry(100, "allow", HALVES[0]),
        entry(90, "allow", "203.0.113.0/24"),
        entry(120, "allow", WORLD),
    ]

    (opening,) = acl_openings(entries, "tcp")

    assert opening.sources == (
        "203.0.113.0/24 (entry 90)",
        "0.0.0.0/1 (entry 100)",
        "128.0.0.0/1 (entry 110)",
    )


@given(
    st.lists(
        st.builds(
            entry,
            st.integers(1, 50),
            st.sampled_from(["allow", "deny"]),
            protocol=st.sampled_from(["-1", "6", "17"]),
            from_port=st.integers(0, 9),
            to_port=st.integers(5, 15),
        ),
        max_size=6,
        unique_by=lambda one: one.number,
    ),
    st.integers(0, 20),
)
def test_an_acl_opens_a_port_exactly_if_a_naive_walk_does(
    entries: list[AclEntry], asked: int
) -> None:
    def naive() -> bool:
        for one in sorted(entries, key=lambda one: one.number):
            everything = one.protocol == "-1"
            if not everything and one.protocol != "6":
                continue
            if everything or (one.from_port or 0) <= asked <= (one.to_port or 0):
                return one.allows
        return False

    assert bool(on_ports(acl_openings(entries, "tcp"), (asked,))) is naive()
