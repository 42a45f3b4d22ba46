"""Computes derived fields from one record, and what several of them share only once."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, TypeAlias

from vedette.detection.derive.network import NetworkChange, network_change
from vedette.detection.derive.policy import PolicyChange, policy_change
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.event.record import Record, account, caller_account, source_ip

_INTERNAL: Final = "AWS Internal"
_SERVICE_ENDINGS: Final = (".amazonaws.com", ".amazonaws.com.cn")
Derivation: TypeAlias = Callable[[Record], Any]


class Analyses:
    """What the fields of a record are computed with; it remembers the last record."""

    def __init__(self, settings: DerivationSettings) -> None:
        self.settings = settings
        self._policy: tuple[Record, PolicyChange | None] | None = None
        self._network: tuple[Record, NetworkChange | None] | None = None

    def policy(self, record: Record) -> PolicyChange | None:
        """Return what the call does to policies."""
        if self._policy is None or self._policy[0] is not record:
            self._policy = (record, policy_change(record, self.settings))
        return self._policy[1]

    def network(self, record: Record) -> NetworkChange | None:
        """Return what the call opens to the internet."""
        if self._network is None or self._network[0] is not record:
            self._network = (record, network_change(record))
        return self._network[1]

    def caller_is_known(self, record: Record, *, trusted: bool) -> bool | None:
        """Tell whether the caller's account is one of ours, or of those that we trust."""
        caller = caller_account(record)
        if caller is None:
            return None
        return caller in self.settings.accounts_known_to(account(record), trusted=trusted)


Binding: TypeAlias = Callable[[Analyses], Derivation]


def plainly(compute: Derivation) -> Binding:
    """Compute a field from the record alone."""
    return lambda _: compute


def of_place(name: str) -> Binding:
    """Take a field from what is known of the source address."""

    def bind(analyses: Analyses) -> Derivation:
        def derive(record: Record) -> Any:
            source = source_ip(record)
            place = analyses.settings.geography.locate(source) if source else None
            return getattr(place, name, None)

        return derive

    return bind


def of_policy(name: str) -> Binding:
    """Take a field from what the call does to policies."""

    def bind(analyses: Analyses) -> Derivation:
        def derive(record: Record) -> Any:
            value = getattr(analyses.policy(record), name, None)
            return list(value) if isinstance(value, tuple) else value

        return derive

    return bind


def of_network(name: str) -> Binding:
    """Take a field from what the call opens to the internet."""

    def bind(analyses: Analyses) -> Derivation:
        def derive(record: Record) -> Any:
            value = getattr(analyses.network(record), name, None)
            return list(value) if isinstance(value, tuple) else value

        return derive

    return bind


def of_caller(*, trusted: bool) -> Binding:
    """Tell whether the caller's account is known."""
    return lambda analyses: lambda record: analyses.caller_is_known(record, trusted=trusted)


def source_kind(record: Record) -> str | None:
    """Tell what the source is: a `public` or `private` address, or an AWS `service`."""
    source = source_ip(record)
    if source is None:
        return None
    try:
        return "public" if ip_address(source).is_global else "private"
    except ValueError:
        return "service" if source == _INTERNAL or source.endswith(_SERVICE_ENDINGS) else None
