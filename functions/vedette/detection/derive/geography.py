"""Where addresses are, by databases in MaxMind's format that the user supplies.

None is shipped. Without one, the fields that need it are dark, and whoever runs rules says so.
Both layouts are understood: MaxMind's (`country.iso_code`, `autonomous_system_number`) and the flat
one of other vendors (`country`, `asn: AS64500`). What a database holds is not trusted to have the
right types.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from vedette.resources.errors import UserError

_CACHED: Final = 65_536
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_LONGEST_NAME: Final = 200
_WITHOUT_COORDINATES: Final = "country"


class GeographyError(UserError):
    """A database cannot be used; the message says which and why."""


class Reader(Protocol):
    """What of `maxminddb.Reader` is used."""

    def get(self, ip_address: str, /) -> Any:
        """Return what the database holds of an address, or None."""
        ...


class Place(NamedTuple):
    """What is known of an address; coordinates are in degrees."""

    country: str | None = None
    asn: int | None = None
    asn_name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


NOWHERE: Final = Place()


class Geography:
    """Looks addresses up in a database of places and one of networks (autonomous systems)."""

    def __init__(
        self,
        places: Reader | None = None,
        networks: Reader | None = None,
        *,
        has_coordinates: bool = True,
    ) -> None:
        self._places = places
        self._networks = networks
        self.has_countries = places is not None
        self.has_coordinates = places is not None and has_coordinates
        self.has_networks = networks is not None
        self.locate = lru_cache(maxsize=_CACHED)(self._locate)

    def _locate(self, address: str) -> Place:
        try:
            ip_address(address)
        except ValueError:
            return NOWHERE
        place, network = _found(self._places, address), _found(self._networks, address)
        location = _mapping(place.get("location"))
        latitude, longitude = _coordinates(location) or _coordinates(place) or (None, None)
        return Place(
            country=_country(place),
            asn=_asn(network),
            asn_name=_asn_name(network),
            latitude=latitude,
            longitude=longitude,
        )


def open_geography(places: Path | None, networks: Path | None) -> Geography:
    """Open database files. Raises GeographyError if one cannot be opened."""
    opened, named = _open(places), _open(networks)
    kind = getattr(opened.metadata(), "database_type", "") if opened else ""
    return Geography(opened, named, has_coordinates=_WITHOUT_COORDINATES not in kind.lower())


def _open(path: Path | None) -> Any:
    if path is None:
        return None
    # Only whoever names a database needs the library.
    import maxminddb  # noqa: PLC0415

    try:
        return maxminddb.open_database(path)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
        message = f"{path}: this database of addresses cannot be opened ({str(error)[:200]})"
        raise GeographyError(message) from error


def _found(reader: Reader | None, address: str) -> Mapping[str, Any]:
    if reader is None:
        return {}
    try:
        return _mapping(reader.get(address))
    except (ValueError, LookupError, TypeError, RecursionError):
        # An IPv6 address in a database of IPv4, or a damaged record.
        return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _country(place: Mapping[str, Any]) -> str | None:
    named = place.get("country")
    registered = _mapping(place.get("registered_country")).get("iso_code")
    flat = named if isinstance(named, str) else place.get("country_code")
    for code in (_mapping(named).get("iso_code"), flat, registered):
        if isinstance(code, str) and _COUNTRY.fullmatch(code):
            return code
    return None


def _asn(network: Mapping[str, Any]) -> int | None:
    number = network.get("autonomous_system_number", network.get("asn"))
    if isinstance(number, str):
        digits = number.upper().removeprefix("AS")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 10 else None  # noqa: PLR2004
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _asn_name(network: Mapping[str, Any]) -> str | None:
    for key in ("autonomous_system_organization", "as_name", "name"):
        if isinstance(name := network.get(key), str):
            return name[:_LONGEST_NAME]
    return None


def _coordinates(place: Mapping[str, Any]) -> tuple[float, float] | None:
    latitude = _number(place.get("latitude", place.get("lat")))
    longitude = _number(place.get("longitude", place.get("lng")))
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) else None
