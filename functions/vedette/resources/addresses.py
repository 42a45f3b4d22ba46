"""Sets of IP addresses, and how much of them amounts to the internet.

"The internet" is more than `0.0.0.0/0` and `::/0`: two halves (`0.0.0.0/1` and `128.0.0.0/1`) let
just as many people in. A set of sources counts as the internet if, once private and reserved
addresses are left out and neighbours are joined, it holds

- more adjacent addresses than one /8 of IPv4 or one /16 of IPv6, or
- more than half of all public addresses of the family.

Sources: /8 is where Amazon S3 draws the line for `aws:SourceIp` (S3 User Guide, "The meaning of
public"). For IPv6 it draws it at /32, which is less than single networks hold (CloudFront's own
range is a /28), so ours is /16, which is more than any network but a registry has. Private and
reserved ranges: IANA's special-purpose address registries (RFC 6890); public IPv6 is 2000::/3
(RFC 4291).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from typing import Final

from vedette.resources.facts import UnreadableFactError

Span = tuple[int, int]
Spans = tuple[Span, ...]

IPV4: Final = 4
IPV6: Final = 6
FAMILIES: Final = frozenset({IPV4, IPV6})
BROAD: Final = {IPV4: 2**24, IPV6: 2**112}
HALF: Final = {IPV4: 2**31, IPV6: 2**124}
NOT_PUBLIC: Final = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
    "::/3",
    "4000::/2",
    "8000::/1",
)


@dataclass(frozen=True, slots=True)
class AddressSet:
    """Addresses of both families as sorted, disjoint spans of their numbers (ends included)."""

    v4: Spans = ()
    v6: Spans = ()

    @classmethod
    def of(cls, cidrs: Iterable[str]) -> "AddressSet":
        """Join CIDRs. Raises UnreadableFactError for a text that is not a CIDR."""
        found: dict[int, list[Span]] = {IPV4: [], IPV6: []}
        for cidr in cidrs:
            family, span = _parsed(cidr)
            found[family].append(span)
        return cls(_merged(found[IPV4]), _merged(found[IPV6]))

    def __bool__(self) -> bool:
        """Tell whether there is any address in the set."""
        return bool(self.v4 or self.v6)

    def within(self, families: frozenset[int]) -> "AddressSet":
        """Return the addresses of these families only."""
        return AddressSet(self.v4 if IPV4 in families else (), self.v6 if IPV6 in families else ())

    def joined(self, other: "AddressSet") -> "AddressSet":
        """Return the addresses of both sets."""
        return AddressSet(_merged((*self.v4, *other.v4)), _merged((*self.v6, *other.v6)))

    def without(self, other: "AddressSet") -> "AddressSet":
        """Return the addresses of this set that are not in the other."""
        return AddressSet(_cut(self.v4, other.v4), _cut(self.v6, other.v6))

    def covers(self, other: "AddressSet") -> bool:
        """Tell whether every address of the other set is in this one."""
        return not other.without(self)

    def internet_families(self) -> frozenset[int]:
        """Name the families (4, 6) of which this set holds so much that it is the internet."""
        public = self.without(_not_public())
        spans = {IPV4: public.v4, IPV6: public.v6}
        return frozenset(family for family in FAMILIES if _is_internet(spans[family], family))


def _is_internet(spans: Spans, family: int) -> bool:
    sizes = [last - first + 1 for first, last in spans]
    return max(sizes, default=0) > BROAD[family] or sum(sizes) > HALF[family]


@lru_cache(maxsize=4096)
def _parsed(cidr: str) -> tuple[int, Span]:
    try:
        network = ip_network(cidr, strict=False)
    except ValueError as error:
        raise UnreadableFactError(f"{cidr[:50]!r} is not a range of addresses") from error
    return network.version, (int(network.network_address), int(network.broadcast_address))


@lru_cache(maxsize=1)
def _not_public() -> AddressSet:
    return AddressSet.of(NOT_PUBLIC)


def _merged(spans: Iterable[Span]) -> Spans:
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def _cut(spans: Spans, holes: Spans) -> Spans:
    return tuple(piece for span in spans for piece in _pieces(span, holes))


def _pieces(span: Span, holes: Spans) -> Iterator[Span]:
    first, last = span
    for hole_first, hole_last in holes:
        if hole_last < first or hole_first > last:
            continue
        if hole_first > first:
            yield first, hole_first - 1
        first = hole_last + 1
    if first <= last:
        yield first, last
