import gzip
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest
from mmdb_writer import MMDBWriter

from tests.detection.derive.records import OTHER, OWN, PARTNER, call, derived
from vedette.detection.derive.fields import (
    FIELDS,
    dark_fields,
    dependences,
    derivations,
)
from vedette.detection.derive.geography import Geography, GeographyError, open_geography
from vedette.detection.derive.policy import may_set_a_policy
from vedette.detection.derive.settings import NO_SETTINGS, DerivationSettings
from vedette.detection.match.naive import holds

# What mmdb_writer takes; the library has no types.
IPSet: Any = import_module("netaddr").IPSet
SOURCE = tuple(f"vedette.source.{name}" for name in ("country", "asn", "latitude"))


def database(folder: Path, name: str, kind: str, content: dict[str, Any]) -> Path:
    writer = MMDBWriter(6, kind, ipv4_compatible=True, int_type="u32", float_type="f64")
    for network, entry in content.items():
        writer.insert_network(IPSet([network]), entry)
    path = folder / name
    writer.to_db_file(str(path))
    return path


@pytest.fixture
def geography(tmp_path: Path) -> Geography:
    places = {
        "81.2.69.0/24": {
            "country": {"iso_code": "GB"},
            "location": {"latitude": 51.5, "longitude": -0.1},
        },
        "2001:db8:1::/48": {"registered_country": {"iso_code": "FR"}},
        "203.0.113.0/24": {"country": "JP", "latitude": "35.7", "longitude": "139.7"},
        "198.51.100.0/24": {"country": {"iso_code": 7}, "location": {"latitude": 400.0}},
    }
    networks = {
        "81.2.69.0/24": {
            "autonomous_system_number": 20712,
            "autonomous_system_organization": "Example Networks",
        },
        "203.0.113.0/24": {"asn": "AS64500", "as_name": "Example"},
    }
    return open_geography(
        database(tmp_path, "city.mmdb", "Test-City", places),
        database(tmp_path, "asn.mmdb", "Test-ASN", networks),
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("81.2.69.142", ["GB", 20712, "Example Networks", 51.5]),
        ("203.0.113.9", ["JP", 64500, "Example", 35.7]),
        ("2001:db8:1::1", ["FR", None, None, None]),
        ("198.51.100.1", [None, None, None, None]),
        ("192.0.2.1", [None, None, None, None]),
        ("AWS Internal", [None, None, None, None]),
        ("225.01.00.16", [None, None, None, None]),
        (None, [None, None, None, None]),
    ],
)
def test_the_source_is_looked_up(geography: Geography, address: Any, expected: list[Any]) -> None:
    settings = DerivationSettings(geography=geography)
    names = ("source.country", "source.asn", "source.asn_name", "source.latitude")

    assert derived({"sourceIPAddress": address}, *names, settings=settings) == expected


def test_without_databases_the_fields_of_places_are_dark() -> None:
    assert dark_fields([*SOURCE, "vedette.principal"], NO_SETTINGS) == {
        "vedette.source.country": "no database of places is configured",
        "vedette.source.asn": "no database of networks is configured",
        "vedette.source.latitude": "no database of places is configured",
    }
    assert derivations(SOURCE, NO_SETTINGS) == {}


def test_a_database_of_countries_leaves_coordinates_dark(tmp_path: Path) -> None:
    path = database(
        tmp_path, "c.mmdb", "Test-Country", {"81.2.69.0/24": {"country": {"iso_code": "GB"}}}
    )
    settings = DerivationSettings(geography=open_geography(path, None))

    assert list(dark_fields(SOURCE, settings)) == ["vedette.source.asn", "vedette.source.latitude"]
    assert derived({"sourceIPAddress": "81.2.69.1"}, "source.country", settings=settings) == "GB"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "not.mmdb"
    path.write_text("nothing")
    for named in (path, tmp_path / "absent.mmdb"):
        with pytest.raises(GeographyError, match="cannot be opened"):
            open_geography(named, None)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("8.8.8.8", "public"),
        ("10.1.2.3", "private"),
        ("config.amazonaws.com", "service"),
        ("AWS Internal", "service"),
        ("225.01.00.16", None),
        (None, None),
    ],
)
def test_the_kind_of_source_is_told(address: str | None, kind: str | None) -> None:
    assert derived({"sourceIPAddress": address}, "source.kind") == kind


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (OWN, [True, True]),
        (OTHER, [True, True]),
        (PARTNER, [False, True]),
        ("000000000000", [False, False]),
    ],
)
def test_the_callers_account_is_own_trusted_or_neither(caller: str, expected: list[bool]) -> None:
    record = call("ListUsers") | {"userIdentity": {"accountId": caller}}
    settings = DerivationSettings(
        own_accounts=frozenset({OTHER}), trusted_accounts=frozenset({PARTNER})
    )

    names = ("caller.in_organisation", "caller.account_known")
    assert derived(record, *names, settings=settings) == expected


def test_a_service_has_no_callers_account() -> None:
    record = call("ListUsers") | {"userIdentity": {"type": "AWSService"}}

    assert derived(record, "caller.in_organisation") is None


def test_a_member_vedette_in_the_record_never_counts() -> None:
    record = call("ListUsers", vedette={"principal": "forged"}) | {"vedette.principal": "forged"}

    assert derived(record, "principal") != "forged"


def test_every_field_names_the_members_that_it_depends_on(recorded: Path) -> None:
    """Drop every member that a field does not name: its value must stay."""
    computed = derivations(FIELDS, NO_SETTINGS)
    compared = 0
    for path in sorted(recorded.rglob("*.gz")):
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"][:40]:
            for name, derive in computed.items():
                less = {key: record[key] for key in FIELDS[name].reads if key in record}
                assert derive(less) == derive(record), (name, record["eventID"])
                compared += 1
    assert compared > 500


def test_a_field_is_absent_wherever_that_is_known_beforehand(recorded: Path) -> None:
    computed = derivations(FIELDS, NO_SETTINGS)
    absent = 0
    for path in sorted(recorded.rglob("*.gz")):
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]:
            parameters = orjson.dumps(record.get("requestParameters"))
            for name, known in dependences(computed).items():
                may_be_there = holds(known.only_if, record, {}) and (
                    known.glance is None or known.glance(record["eventName"], parameters)
                )
                absent += not may_be_there
                assert may_be_there or computed[name](record) is None
    assert absent > len(computed)


def test_a_policy_that_hides_from_a_glance_is_seen() -> None:
    escaped = rb'{"policyDocument": "{\"\u0053tatement\": []}"}'
    many = orjson.dumps({"tags": [str(number) for number in range(600)]})
    assert may_set_a_policy("PutBucketPolicy", escaped)
    assert may_set_a_policy("TagResource", many)
    assert may_set_a_policy("AddPermission20150331v2", b"{}")
    assert not may_set_a_policy("TagResource", b'{"tags": ["a", "b"]}')


def test_recorded_attacks_are_understood(recorded: Path) -> None:
    def of(technique: str, *names: str) -> Any:
        packed = (recorded / f"stratus/aws.{technique}.json.gz").read_bytes()
        return derived(json.loads(gzip.decompress(packed))["Records"][-1], *names)

    opened = of("exfiltration.ec2-security-group-open-port-22-ingress", "network.world_ports")
    assert opened == [22]
    assert of("persistence.lambda-backdoor-function", "policy.opens_to_everyone") is True
    shared = (
        "lookup.not_in.trusted_accounts.requestParameters.createVolumePermission.add.items.userId"
    )
    assert of("exfiltration.ec2-share-ebs-snapshot", shared) is True
    assert of("credential-access.ec2-get-password-data", "outcome") == "denied"


def test_every_field_says_what_it_means() -> None:
    for field in FIELDS.values():
        assert field.means.endswith(".")
        assert len(field.means) > 30
