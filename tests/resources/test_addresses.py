import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.resources.addresses import IPV4, IPV6, AddressSet
from vedette.resources.facts import UnreadableFactError

BOTH = frozenset({IPV4, IPV6})
NEITHER: frozenset[int] = frozenset()


def families(*cidrs: str) -> frozenset[int]:
    return AddressSet.of(cidrs).internet_families()


@pytest.mark.parametrize(
    "cidrs",
    [
        ("0.0.0.0/0",),
        ("0.0.0.0/1", "128.0.0.0/1"),
        ("128.0.0.0/1",),
        ("0.0.0.0/2", "64.0.0.0/2"),
        ("8.0.0.0/7",),
        ("16.0.0.0/8", "17.0.0.0/8"),
        tuple(f"{first}.0.0.0/6" for first in range(0, 224, 4)),
    ],
)
def test_ranges_that_let_in_as_many_as_everybody_are_the_internet(cidrs: tuple[str, ...]) -> None:
    assert families(*cidrs) == {IPV4}


def test_many_scattered_ranges_are_the_internet_once_they_hold_half_of_it() -> None:
    scattered = [f"{first}.{second}.0.0/16" for first in range(224) for second in range(0, 256, 2)]
    plenty = [*scattered, *(f"{first}.1.0.0/16" for first in range(224))]
    more = [*plenty, *(f"{first}.{second}.0.0/16" for first in range(224) for second in (3, 5, 7))]
    most = [
        f"{first}.{second}.0.0/16" for first in range(224) for second in range(256) if second % 4
    ]

    assert families(*scattered) == NEITHER
    assert families(*more) == NEITHER
    assert families(*most) == {IPV4}


@pytest.mark.parametrize(
    "cidrs",
    [
        (),
        ("203.0.113.7/32",),
        ("11.0.0.0/8",),
        ("3.0.0.0/8", "52.0.0.0/8"),
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        ("10.0.0.0/7",),
        ("224.0.0.0/3",),
        ("fc00::/7",),
        ("fe80::/10",),
        ("2600:9000::/28",),
        ("2400:cb00::/32", "2606:4700::/32", "2a06:98c0::/29"),
    ],
)
def test_private_ranges_and_single_networks_are_not_the_internet(cidrs: tuple[str, ...]) -> None:
    assert families(*cidrs) == NEITHER


@pytest.mark.parametrize("cidrs", [("::/0",), ("::/1", "8000::/1"), ("2000::/3",), ("2600::/12",)])
def test_ipv6_is_judged_as_ipv4(cidrs: tuple[str, ...]) -> None:
    assert families(*cidrs) == {IPV6}


def test_both_families_are_told_apart() -> None:
    everybody = AddressSet.of(("0.0.0.0/0", "::/0"))

    assert everybody.internet_families() == BOTH
    assert everybody.within(frozenset({IPV6})).internet_families() == {IPV6}


def test_an_address_with_host_bits_is_taken_as_its_network() -> None:
    assert AddressSet.of(("10.1.2.3/8",)) == AddressSet.of(("10.0.0.0/8",))


def test_a_text_that_is_no_range_cannot_be_judged() -> None:
    with pytest.raises(UnreadableFactError, match="not a range of addresses"):
        AddressSet.of(("everywhere",))


def test_a_set_covers_what_its_pieces_make_up_together() -> None:
    halves = AddressSet.of(("10.2.0.0/17", "10.2.128.0/17"))

    assert halves.covers(AddressSet.of(("10.2.0.0/16",)))
    assert not halves.covers(AddressSet.of(("10.2.0.0/15",)))
    assert not halves.covers(AddressSet.of(("2a05:d018::/56",)))


SMALL_RANGES = st.lists(
    st.tuples(st.integers(0, 255), st.integers(24, 32)).map(
        lambda pair: f"10.0.0.{pair[0]}/{pair[1]}"
    ),
    max_size=6,
)
BASE = 10 << 24


def numbers(addresses: AddressSet) -> set[int]:
    return {number for first, last in addresses.v4 for number in range(first, last + 1)}


@given(SMALL_RANGES, SMALL_RANGES)
def test_sets_behave_as_sets_of_single_addresses(ours: list[str], theirs: list[str]) -> None:
    one, other = AddressSet.of(ours), AddressSet.of(theirs)

    assert numbers(one.joined(other)) == numbers(one) | numbers(other)
    assert numbers(one.without(other)) == numbers(one) - numbers(other)
    assert one.covers(other) == (numbers(one) >= numbers(other))
    assert bool(one) == bool(numbers(one))
    assert numbers(one) <= set(range(BASE, BASE + 256))
