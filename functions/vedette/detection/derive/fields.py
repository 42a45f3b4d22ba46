"""The derived fields, by name: what each means, what it depends on, and how it is computed.

A field is computed only for rules that read it. It is absent from a record that does not tell, and
dark if the settings lack what it needs; a record's own member `vedette` never counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from vedette.detection.conditions import ALWAYS, Condition, Not, Text
from vedette.detection.derive.analyses import (
    Analyses,
    Binding,
    Derivation,
    of_caller,
    of_network,
    of_place,
    of_policy,
    plainly,
    source_kind,
)
from vedette.detection.derive.lookup import Lookup, parse_lookup
from vedette.detection.derive.network import INGRESS_CALLS
from vedette.detection.derive.policy import may_set_a_policy
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.event.principal import principal
from vedette.detection.event.record import outcome
from vedette.detection.match.reading import Dependence, Glance

NO_PLACES: Final = "no database of places is configured"
NO_COORDINATES: Final = "the database of places holds countries only"
NO_NETWORKS: Final = "no database of networks is configured"
Lacking = Callable[[DerivationSettings], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedField:
    """One derived field.

    `reads` names the members of the record on which it depends. Where `only_if` does not hold it
    is absent, and so it is where `glance` is false. `dark` says what the settings lack, or None.
    """

    name: str
    means: str
    reads: frozenset[str]
    bind: Binding
    only_if: Condition = ALWAYS
    glance: Glance | None = None
    dark: Lacking = lambda _: None


def derived_field(name: str) -> DerivedField | None:
    """Return the derived field of this name, or None if there is none."""
    if (lookup := parse_lookup(name)) is not None:
        return _looked_up(name, lookup)
    return FIELDS.get(name)


def dark_fields(names: Iterable[str], settings: DerivationSettings) -> dict[str, str]:
    """Return those of the fields that cannot be computed, each with the reason."""
    reasons = {name: field.dark(settings) for name in names if (field := derived_field(name))}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def derivations(names: Iterable[str], settings: DerivationSettings) -> dict[str, Derivation]:
    """Return how each of the fields is computed from a record; dark ones are left out.

    What is computed is None where the field is absent. A record must not be changed meanwhile.
    """
    analyses = Analyses(settings)
    return {
        name: field.bind(analyses)
        for name in names
        if (field := derived_field(name)) is not None and field.dark(settings) is None
    }


def dependences(names: Iterable[str]) -> dict[str, Dependence]:
    """Return what is known beforehand of each of the fields, for whoever matches many records."""
    return {
        name: Dependence(reads=field.reads, only_if=field.only_if, glance=field.glance)
        for name in names
        if (field := derived_field(name)) is not None
    }


def _looked_up(name: str, lookup: Lookup) -> DerivedField:
    inner = derived_field(lookup.field)

    def bind(analyses: Analyses) -> Derivation:
        below = {lookup.field: inner.bind(analyses)} if inner is not None else {}
        return lambda record: lookup.holds(record, analyses.settings, below)

    def dark(settings: DerivationSettings) -> str | None:
        return (inner.dark(settings) if inner is not None else None) or lookup.dark(settings)

    of_field = frozenset({lookup.field.split(".")[0]}) if inner is None else inner.reads
    return DerivedField(
        name=name,
        means=f"A value of {lookup.field} is {lookup.match.replace('_', ' ')} {lookup.list}.",
        reads=of_field | _ACCOUNT,
        bind=bind,
        only_if=inner.only_if if inner is not None else ALWAYS,
        glance=inner.glance if inner is not None else None,
        dark=dark,
    )


def _no_places(settings: DerivationSettings) -> str | None:
    return None if settings.geography.has_countries else NO_PLACES


def _no_coordinates(settings: DerivationSettings) -> str | None:
    if not settings.geography.has_countries:
        return NO_PLACES
    return None if settings.geography.has_coordinates else NO_COORDINATES


def _no_networks(settings: DerivationSettings) -> str | None:
    return None if settings.geography.has_networks else NO_NETWORKS


_ACCOUNT: Final = frozenset({"recipientAccountId", "userIdentity"})
_SOURCE: Final = frozenset({"sourceIPAddress"})
_REQUEST: Final = frozenset({"eventName", "requestParameters"})
_POLICY: Final = _REQUEST | _ACCOUNT | {"eventSource", "readOnly"}
_PRINCIPAL: Final = frozenset({"userIdentity", "awsRegion", "additionalEventData"})
_OUTCOME: Final = frozenset(
    {"errorCode", "errorMessage", "eventName", "responseElements", "serviceEventDetails"}
)


def _of_policy(name: str, means: str, member: str) -> DerivedField:
    return DerivedField(
        name=name,
        means=means,
        reads=_POLICY,
        bind=of_policy(member),
        only_if=Not(Text("readOnly", "is", ("true",))),
        glance=may_set_a_policy,
    )


def _of_network(name: str, means: str, member: str) -> DerivedField:
    bind = of_network(member)
    calls = Text("eventName", "is", tuple(sorted(INGRESS_CALLS)))
    return DerivedField(name=name, means=means, reads=_REQUEST, bind=bind, only_if=calls)


def _of_place(name: str, means: str, member: str, dark: Lacking) -> DerivedField:
    return DerivedField(name=name, means=means, reads=_SOURCE, bind=of_place(member), dark=dark)


_ALL: Final = (
    DerivedField(
        name="vedette.principal",
        means="The person or workload behind the identity, the same in every session.",
        reads=_PRINCIPAL,
        bind=plainly(principal),
    ),
    DerivedField(
        name="vedette.outcome",
        means="success, denied (the caller lacked permission) or failed (any other error).",
        reads=_OUTCOME,
        bind=plainly(outcome),
    ),
    DerivedField(
        name="vedette.source.kind",
        means="public or private for an address, service for the name of an AWS service.",
        reads=_SOURCE,
        bind=plainly(source_kind),
    ),
    _of_place(
        "vedette.source.country",
        "Country of the source address, in two capital letters (ISO 3166).",
        "country",
        _no_places,
    ),
    _of_place(
        "vedette.source.asn",
        "Number of the autonomous system of the source address.",
        "asn",
        _no_networks,
    ),
    _of_place(
        "vedette.source.asn_name",
        "Who runs the autonomous system of the source address.",
        "asn_name",
        _no_networks,
    ),
    _of_place(
        "vedette.source.latitude",
        "Latitude of the source address, in degrees.",
        "latitude",
        _no_coordinates,
    ),
    _of_place(
        "vedette.source.longitude",
        "Longitude of the source address, in degrees.",
        "longitude",
        _no_coordinates,
    ),
    DerivedField(
        name="vedette.caller.in_organisation",
        means="Whether the caller's account is the event's or one of the configured own ones.",
        reads=_ACCOUNT,
        bind=of_caller(trusted=False),
    ),
    DerivedField(
        name="vedette.caller.account_known",
        means="Whether the caller's account is the event's, an own or a trusted one.",
        reads=_ACCOUNT,
        bind=of_caller(trusted=True),
    ),
    _of_policy(
        "vedette.policy.opens_to_everyone",
        "Whether a policy that the call sets lets in anybody. Absent if it sets none.",
        "everyone",
    ),
    _of_policy(
        "vedette.policy.opens_to_foreign_account",
        "Whether a policy that the call sets lets in accounts that are neither own nor trusted.",
        "opens_to_foreign_account",
    ),
    _of_policy(
        "vedette.policy.foreign_accounts",
        "The accounts, unique ids and organizations that a policy lets in and nobody knows.",
        "foreign",
    ),
    _of_policy(
        "vedette.policy.grants_administrator",
        "Whether an identity policy that the call sets allows everything.",
        "administrator",
    ),
    _of_policy(
        "vedette.policy.escalation_paths",
        "The ways to more privileges that an identity policy opens which the call sets.",
        "escalations",
    ),
    _of_policy(
        "vedette.policy.unreadable",
        "Why a policy that the call sets could not be judged. Absent if it could.",
        "unreadable",
    ),
    _of_network(
        "vedette.network.opens_to_world",
        "Whether the call lets the internet reach ports: security groups and network ACLs.",
        "opens_to_world",
    ),
    _of_network(
        "vedette.network.world_ports",
        "Ports that the call opens to the internet; of ranges those that attackers look for.",
        "ports",
    ),
)
FIELDS: Final = {field.name: field for field in _ALL}
