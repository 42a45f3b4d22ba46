from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection.derive.records import OWN, PARTNER, call, derived
from vedette.detection.derive.fields import (
    dark_fields,
    derived_field,
)
from vedette.detection.derive.lookup import parse_lookup
from vedette.detection.derive.settings import NO_SETTINGS, DerivationSettings, Indicators


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lookup.in.own_accounts.requestParameters.roleArn", True),
        ("lookup.not_in.own_accounts.requestParameters.roleArn", True),
        ("lookup.in.trusted_accounts.requestParameters.roleArn", True),
        ("lookup.not_in.trusted_accounts.requestParameters.roleArn", False),
        ("lookup.in.own_accounts.requestParameters.group", None),
        ("lookup.in.own_accounts.absent", None),
        ("lookup.in.indicators.bad.sourceIPAddress", True),
        ("lookup.not_in.indicators.bad.sourceIPAddress", False),
        ("lookup.in.indicators.bad.userAgent", True),
        ("lookup.in.indicators.bad.eventName", False),
        ("lookup.in.indicators.bad.vedette.principal", True),
    ],
)
def test_a_lookup_asks_whether_a_value_is_in_a_list(name: str, expected: bool | None) -> None:
    record = call(
        "AssumeRole",
        {
            "roleArn": [f"arn:aws:iam::{OWN}:role/a", f"arn:aws:iam::{PARTNER}:role/b"],
            "group": "all",
        },
        sourceIPAddress="198.51.100.77",
        userAgent="EVIL/1.0",
        userIdentity={"arn": f"arn:aws:iam::{OWN}:user/mallory"},
    )
    settings = DerivationSettings(
        trusted_accounts=frozenset({PARTNER}),
        indicators={
            "bad": Indicators(
                ["198.51.100.0/25", "evil/1.0", f"arn:aws:iam::{OWN}:user/mallory", "2001:db8::/32"]
            )
        },
    )

    assert derived(record, name, settings=settings) == expected


def test_a_lookup_in_a_list_that_is_not_configured_is_dark() -> None:
    name = "vedette.lookup.in.indicators.tor.sourceIPAddress"

    assert dark_fields([name], NO_SETTINGS) == {
        name: "no list of indicators named tor is configured"
    }


def test_a_lookup_of_a_dark_field_is_dark() -> None:
    name = "vedette.lookup.in.indicators.bad.vedette.source.asn"
    settings = DerivationSettings(indicators={"bad": Indicators(["64500"])})

    assert dark_fields([name], settings) == {name: "no database of networks is configured"}


@pytest.mark.parametrize(
    "name",
    [
        "vedette.lookup.in.own_accounts",
        "vedette.lookup.in.own_accounts.",
        "vedette.lookup.maybe.own_accounts.a",
        "vedette.lookup.in.friends.a",
        "vedette.lookup.in.indicators.a",
        "vedette.lookup.in.own_accounts.vedette.lookup.in.own_accounts.a",
        "vedette.unheard_of",
        "eventName",
    ],
)
def test_a_field_that_does_not_exist_is_none(name: str) -> None:
    assert parse_lookup(name) is None
    assert derived_field(name) is None


@settings(deadline=None)
@given(
    st.ip_addresses(),
    st.lists(st.ip_addresses(v=4) | st.ip_addresses(v=6), max_size=5),
    st.integers(0, 32),
)
def test_an_address_is_in_a_list_if_it_is_in_one_of_its_ranges(
    address: Any, listed: list[Any], length: int
) -> None:
    ranges = [f"{one}/{length}" for one in listed]
    expected = any(
        address in network
        for network in (ip_network(text, strict=False) for text in ranges)
        if network.version == address.version
    )

    assert (str(address) in Indicators(ranges)) is expected
