"""What the derived fields know besides the record: accounts, indicators and geography."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from vedette.detection.derive.geography import Geography
from vedette.detection.text import folded

_BITS = {4: 32, 6: 128}


class Indicators:
    """A list of texts, addresses and ranges of addresses to recognise.

    Texts are compared as a whole and without regard to case. Looking up takes the same time however
    long the list is.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self._texts: set[str] = set()
        self._networks: dict[tuple[int, int], set[int]] = {}
        for entry in entries:
            self._add(entry.strip())

    def _add(self, entry: str) -> None:
        try:
            network = ip_network(entry, strict=False)
        except ValueError:
            self._texts.add(folded(entry))
            return
        kind = (network.version, network.prefixlen)
        host_bits = _BITS[network.version] - network.prefixlen
        self._networks.setdefault(kind, set()).add(int(network.network_address) >> host_bits)

    def __contains__(self, text: str) -> bool:
        """Tell whether a text is in the list, or an address in one of its ranges."""
        if folded(text) in self._texts:
            return True
        try:
            address = ip_address(text)
        except ValueError:
            return False
        number = int(address)
        return any(
            version == address.version and number >> (_BITS[version] - length) in starts
            for (version, length), starts in self._networks.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivationSettings:
    """What the configuration says. `trusted_accounts` need not repeat `own_accounts`."""

    own_accounts: frozenset[str] = frozenset()
    trusted_accounts: frozenset[str] = frozenset()
    indicators: Mapping[str, Indicators] = field(default_factory=dict)
    geography: Geography = field(default_factory=Geography)

    def accounts_known_to(self, account: str | None, *, trusted: bool) -> frozenset[str]:
        """Return the accounts that count as own (or trusted) for an event of this account."""
        own = self.own_accounts | ({account} if account else frozenset())
        return own | self.trusted_accounts if trusted else own


NO_SETTINGS = DerivationSettings()
