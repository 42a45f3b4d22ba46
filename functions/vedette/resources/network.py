"""Which ports the internet may reach, by security group permissions and by network ACL entries.

Pure analysis: posture rules use it on snapshots, detection on the requests that change them.
Sources: EC2 API Reference (IpPermission, NetworkAclEntry); Amazon VPC User Guide, "Security group
rules" and "Control subnet traffic with network access control lists".
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Final

from vedette.resources.addresses import FAMILIES, AddressSet
from vedette.resources.facts import UnreadableFactError
from vedette.resources.resource import Value

ALL_PROTOCOLS: Final = "all"
PROTOCOL_NAMES: Final = {
    "-1": ALL_PROTOCOLS,
    "1": "icmp",
    "6": "tcp",
    "17": "udp",
    "58": "icmpv6",
}
LAST_PORT: Final = 65_535
PortSpan = tuple[int, int]
ALL_PORTS: Final[PortSpan] = (0, LAST_PORT)


class Permission(Value):
    """What one permission of a security group lets in, and from where.

    `protocol` is as AWS writes it: a name, a number or -1. For TCP and UDP the ports are the ends
    of a range; None or -1 means all of them. `cidrs` holds IPv4 and IPv6 ranges alike,
    `prefix_lists` and `groups` ids.
    """

    protocol: str
    from_port: int | None = None
    to_port: int | None = None
    cidrs: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class AclEntry(Value):
    """One numbered entry of a network ACL for inbound traffic."""

    number: int
    allows: bool
    protocol: str
    cidr: str
    from_port: int | None = None
    to_port: int | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A range of TCP or UDP ports (ends included) that the internet may reach, and by what."""

    protocol: str
    first: int
    last: int
    sources: tuple[str, ...]

    @property
    def ports(self) -> str:
        """Return the range as people write it."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def evidence(self) -> dict[str, object]:
        """Return what a finding shows of the opening."""
        return {"protocol": self.protocol, "ports": self.ports, "sources": self.sources}


Openings = tuple[Opening, ...]


def protocol_name(protocol: str) -> str:
    """Return `tcp`, `udp`, `icmp`, `icmpv6`, `all` or the number, however AWS wrote it."""
    return PROTOCOL_NAMES.get(protocol, protocol.lower())


def group_openings(
    permissions: Sequence[Permission],
    protocol: str,
    *,
    families: frozenset[int] = FAMILIES,
    prefix_lists: Mapping[str, Sequence[str]] | None = None,
) -> Openings:
    """Return the ports of `tcp` or `udp` that these permissions open to the internet.

    Permissions add up, also over several groups, so their sources are joined per port. References
    to other groups are never the internet. `prefix_lists` gives the CIDRs of each prefix list;
    without it prefix lists are left out of account. Raises UnreadableFactError if a list is
    missing.
    """
    relevant = [one for one in permissions if _concerns(one.protocol, protocol)]
    # Most groups let in nobody from the internet on any port, which is quickly told.
    if not _internet_sources(relevant, families, prefix_lists):
        return ()

    spans = [(*_span(one), one) for one in relevant]

    def sources_at(port: int) -> tuple[str, ...]:
        here = [one for first, last, one in spans if first <= port <= last]
        return _internet_sources(here, families, prefix_lists)

    return _sweep(protocol, map(_span, relevant), sources_at)


def acl_openings(entries: Iterable[AclEntry], protocol: str) -> Openings:
    """Return the ports of `tcp` or `udp` that a network ACL opens to the internet.

    Entries are taken in the order of their numbers, and for each address the first that matches
    decides; what no entry matches is denied.
    """
    ordered = sorted(
        (one for one in entries if _concerns(one.protocol, protocol)), key=lambda one: one.number
    )

    def sources_at(port: int) -> tuple[str, ...]:
        return _let_in([one for one in ordered if _is_in(port, _span(one))])

    return _sweep(protocol, map(_span, ordered), sources_at)


def on_ports(openings: Openings, ports: Collection[int]) -> Openings:
    """Return those of the openings that contain any of these ports, narrowed down to them."""
    return tuple(
        replace(opening, first=port, last=port)
        for port in sorted(ports)
        for opening in openings
        if opening.first <= port <= opening.last
    )


def whole_range(openings: Openings) -> Openings:
    """Return the openings if together they leave no port from 1 to 65535 closed, else nothing."""
    reached = 1
    for opening in sorted(openings, key=lambda one: one.first):
        if opening.first > reached:
            return ()
        reached = max(reached, opening.last + 1)
    return openings if reached > LAST_PORT else ()


def for_ports(ports: Collection[int]) -> Callable[[Openings], Openings]:
    """Return the selection of the openings on these ports."""
    return partial(on_ports, ports=ports)


def _concerns(written: str, protocol: str) -> bool:
    return protocol_name(written) in (protocol, ALL_PROTOCOLS)


def _span(one: Permission | AclEntry) -> PortSpan:
    first, last = one.from_port, one.to_port
    if protocol_name(one.protocol) == ALL_PROTOCOLS or first is None or last is None:
        return ALL_PORTS
    return (first, last) if first >= 0 and last >= 0 else ALL_PORTS


def _is_in(port: int, span: PortSpan) -> bool:
    return span[0] <= port <= span[1]


def _sweep(
    protocol: str, spans: Iterable[PortSpan], sources_at: Callable[[int], tuple[str, ...]]
) -> Openings:
    """Ask once per range within which no permission begins or ends, and join equal neighbours."""
    starts = sorted({start for first, last in spans for start in (first, last + 1)})
    openings: list[Opening] = []
    for first, following in pairwise(starts):
        sources = sources_at(first)
        if not sources:
            continue
        if openings and openings[-1].last == first - 1 and openings[-1].sources == sources:
            first = openings.pop().first  # noqa: PLW2901 - the neighbour grows
        openings.append(Opening(protocol, first, following - 1, sources))
    return tuple(openings)


def _internet_sources(
    permissions: Iterable[Permission],
    families: frozenset[int],
    prefix_lists: Mapping[str, Sequence[str]] | None,
) -> tuple[str, ...]:
    """Return the sources that make up the internet: those that do alone, else all of them."""
    sources = dict(_sources(permissions, prefix_lists))
    together = AddressSet.of(cidr for cidrs in sources.values() for cidr in cidrs)
    reached = together.internet_families() & families
    if not reached:
        return ()
    each = {text: AddressSet.of(cidrs).within(reached) for text, cidrs in sources.items()}
    alone = tuple(text for text, one in each.items() if one.internet_families())
    return alone or tuple(text for text, one in each.items() if one)


def _sources(
    permissions: Iterable[Permission], prefix_lists: Mapping[str, Sequence[str]] | None
) -> Iterable[tuple[str, Sequence[str]]]:
    for permission in permissions:
        for cidr in permission.cidrs:
            yield cidr, (cidr,)
        for one in permission.prefix_lists if prefix_lists is not None else ():
            yield one, _entries_of(one, prefix_lists or {})


def _entries_of(prefix_list: str, prefix_lists: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if prefix_list not in prefix_lists:
        raise UnreadableFactError(f"the entries of {prefix_list} were not read")
    return prefix_lists[prefix_list]


def _let_in(matching: Sequence[AclEntry]) -> tuple[str, ...]:
    allowed, decided = AddressSet(), AddressSet()
    by: list[str] = []
    for entry in matching:
        addresses = AddressSet.of((entry.cidr,))
        admitted = addresses.without(decided)
        if entry.allows and admitted:
            allowed = allowed.joined(admitted)
            by.append(f"{entry.cidr} (entry {entry.number})")
        decided = decided.joined(addresses)
    return tuple(by) if allowed.internet_families() else ()
