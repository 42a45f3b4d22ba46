"""Which ports a call opens to the internet: security groups, network ACLs, and their older kin.

A port and an address belong together only if they stand in the same permission, which Sigma's
traversal of lists cannot ask. Sources: Amazon EC2 API Reference for the parameters; how CloudTrail
writes them is taken from records.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from vedette.detection.event.record import Record, event_name
from vedette.resources.facts import UnreadableFactError
from vedette.resources.network import Opening, Permission, group_openings, protocol_name

_MOST_PERMISSIONS: Final = 500
# What attackers look for: remote administration, databases, caches, orchestration, consoles.
NOTABLE_PORTS: Final = (
    *(20, 21, 22, 23, 25, 110, 135, 137, 138, 139, 143, 389, 445, 512, 513, 514, 636, 873),
    *(1433, 1434, 1521, 2049, 2375, 2376, 2379, 2380, 3000, 3306, 3389, 4333, 5000, 5432),
    *(5439, 5500, 5601, 5900, 5984, 5985, 5986, 6379, 6443, 7001, 8080, 8088, 8443, 8888, 9000),
    *(9042, 9090, 9092, 9200, 9300, 10250, 11211, 27017, 27018, 50070),
)
INGRESS_CALLS: Final = frozenset(
    {
        *("AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"),
        *("CreateNetworkAclEntry", "ReplaceNetworkAclEntry"),
        *("AuthorizeDBSecurityGroupIngress", "AuthorizeClusterSecurityGroupIngress"),
        *("OpenInstancePublicPorts", "PutInstancePublicPorts"),
    }
)
_WITHOUT_PORTS: Final = ("AuthorizeDBSecurityGroupIngress", "AuthorizeClusterSecurityGroupIngress")


@dataclass(frozen=True, slots=True)
class NetworkChange:
    """The openings to the internet that one call makes."""

    openings: tuple[Opening, ...]

    @property
    def opens_to_world(self) -> bool:
        """Tell whether there is any opening."""
        return bool(self.openings)

    @property
    def ports(self) -> tuple[int, ...]:
        """Return each port that is opened by itself, and of wider ranges those worth noting."""
        alone = {one.first for one in self.openings if one.first == one.last}
        notable = {
            port for port in NOTABLE_PORTS for one in self.openings if one.first <= port <= one.last
        }
        return tuple(sorted(alone | notable))


def network_change(record: Record) -> NetworkChange | None:
    """Judge a call that lets traffic in, or return None for any other."""
    call, parameters = event_name(record), record.get("requestParameters")
    if call not in INGRESS_CALLS or not isinstance(parameters, Mapping):
        return None
    openings: list[Opening] = []
    for place, written in enumerate(_permissions(call, parameters)):
        if place == _MOST_PERMISSIONS:
            break
        openings += _openings(written, without_ports=call in _WITHOUT_PORTS)
    return NetworkChange(tuple(openings))


def _openings(written: Mapping[str, Any], *, without_ports: bool) -> Iterator[Opening]:
    permission = _permission(written)
    if permission is None:
        return
    if without_ports:
        permission = permission.model_copy(update={"protocol": "-1"})
    for protocol in ("tcp", "udp"):
        try:
            yield from group_openings([permission], protocol)
        except UnreadableFactError:
            # A text that is no range of addresses opens nothing: AWS refuses it.
            return


def _permission(written: Mapping[str, Any]) -> Permission | None:
    """Read one permission, whose members are named as the call names them, in any case."""
    members = {key.lower(): value for key, value in written.items()}
    ports = members.get("portrange")
    span = ports if isinstance(ports, Mapping) else {}
    try:
        return Permission(
            protocol=protocol_name(
                str(members.get("ipprotocol", members.get("aclprotocol", "-1")))
            ),
            from_port=members.get("fromport", span.get("from")),
            to_port=members.get("toport", span.get("to")),
            cidrs=tuple(_cidrs(members)),
        )
    except ValidationError:
        return None


def _cidrs(members: Mapping[str, Any]) -> Iterator[str]:
    for key, value in members.items():
        if key in _CIDR_MEMBERS and isinstance(value, str) and value:
            yield value
        elif key in ("ipranges", "ipv6ranges"):
            for entry in _objects(value):
                yield from _cidrs({name.lower(): one for name, one in entry.items()})
        elif key in ("cidrs", "ipv6cidrs") and isinstance(value, list):
            yield from (one for one in value if isinstance(one, str))


_CIDR_MEMBERS: Final = frozenset(
    {"cidrip", "cidripv4", "cidripv6", "cidrblock", "ipv6cidrblock", "cidr"}
)


def _permissions(call: str | None, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the permissions of a call, each with its ports beside its sources."""
    if call == "ModifySecurityGroupRules":
        request = parameters.get("ModifySecurityGroupRulesRequest")
        for rule in _objects(request, "SecurityGroupRule"):
            yield from _objects(rule, "SecurityGroupRule")
    elif call in ("CreateNetworkAclEntry", "ReplaceNetworkAclEntry"):
        if parameters.get("ruleAction") == "allow" and parameters.get("egress") is not True:
            yield parameters
    elif call in ("OpenInstancePublicPorts", "PutInstancePublicPorts"):
        for ports in (*_objects(parameters, "portInfo"), *_objects(parameters, "portInfos")):
            yield _lightsail(ports)
    else:
        yield parameters
        yield from _objects(parameters.get("ipPermissions"))


def _lightsail(ports: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read Lightsail's port information, in which no address means all of them."""
    protocol = {"ipProtocol": "-1" if ports.get("protocol") == "all" else ports.get("protocol")}
    if any(ports.get(key) for key in ("cidrs", "ipv6Cidrs", "cidrListAliases")):
        return {**ports, **protocol}
    return {**ports, **protocol, "cidrs": ["0.0.0.0/0"]}


def _objects(value: Any, name: str = "items") -> list[Mapping[str, Any]]:
    """Return the objects of a list, be it wrapped in a member, alone, or a single object."""
    inner = value.get(name) if isinstance(value, Mapping) else value
    listed = inner if isinstance(inner, list) else [inner]
    return [one for one in listed if isinstance(one, Mapping)]
