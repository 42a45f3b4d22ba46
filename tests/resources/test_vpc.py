import pytest

from vedette.resources.vpc import (
    PeeredVpc,
    PeeringRoute,
    blocks_reached_whole,
    destinations_by_table,
)

PEERS = (
    PeeredVpc(vpc="vpc-a", account="111122223333", cidrs=("10.1.0.0/16",)),
    PeeredVpc(vpc="vpc-b", account="444455556666", cidrs=("10.2.0.0/16", "10.3.0.0/24")),
)


@pytest.mark.parametrize(
    ("destinations", "blocks"),
    [
        ([], ()),
        (["10.2.3.0/24"], ()),
        (["10.2.0.0/16"], ("10.2.0.0/16",)),
        (["10.3.0.0/24"], ("10.3.0.0/24",)),
        (["10.2.0.0/15"], ("10.2.0.0/16", "10.3.0.0/24")),
        (["10.2.0.0/17", "10.2.128.0/17"], ("10.2.0.0/16",)),
        (["0.0.0.0/0"], ("10.2.0.0/16", "10.3.0.0/24")),
        (["::/0"], ()),
        (["10.1.0.0/16"], ()),
    ],
)
def test_only_whole_blocks_of_the_other_side_count(
    destinations: list[str], blocks: tuple[str, ...]
) -> None:
    assert blocks_reached_whole("vpc-a", destinations, PEERS) == blocks


def test_destinations_are_gathered_by_route_table() -> None:
    routes = (
        PeeringRoute(table="rtb-1", vpc="vpc-a", destinations=("10.2.0.0/17",)),
        PeeringRoute(table="rtb-2", vpc="vpc-a", destinations=("10.3.0.0/24",)),
        PeeringRoute(table="rtb-1", vpc="vpc-a", destinations=("10.2.128.0/17",)),
    )

    assert destinations_by_table(routes) == {
        ("rtb-1", "vpc-a"): ["10.2.0.0/17", "10.2.128.0/17"],
        ("rtb-2", "vpc-a"): ["10.3.0.0/24"],
    }
