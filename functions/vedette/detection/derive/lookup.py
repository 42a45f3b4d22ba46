"""Lookups: whether a value of a field is in a list of the configuration.

A lookup is a derived field whose name says it all: `vedette.lookup.not_in.own_accounts.<field>`,
`vedette.lookup.in.indicators.<name>.<field>`. The extension `lookup:` of a rule is a shorter way to
demand that such a field is true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.event.record import Record, account
from vedette.detection.extensions import LOOKUP_PREFIX
from vedette.detection.match.reading import read
from vedette.resources.policy.callers import account_of

_ACCOUNT_LISTS: Final = ("own_accounts", "trusted_accounts")
_INDICATORS: Final = "indicators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question about one field: is one of its values in the list, or is one not in it."""

    match: Literal["in", "not_in"]
    list: str
    field: str

    def dark(self, settings: DerivationSettings) -> str | None:
        """Say what the configuration lacks, if it lacks something."""
        name = self.list.removeprefix(f"{_INDICATORS}.")
        if self.list in _ACCOUNT_LISTS or name in settings.indicators:
            return None
        return f"no list of indicators named {name} is configured"

    def holds(
        self,
        record: Record,
        settings: DerivationSettings,
        derivations: Mapping[str, Callable[[Record], Any]],
    ) -> bool | None:
        """Answer for a record; None if the field has no value that could be in such a list."""
        texts = read(record, self.field, derivations).texts
        if self.list in _ACCOUNT_LISTS:
            trusted = self.list == "trusted_accounts"
            known = settings.accounts_known_to(account(record), trusted=trusted)
            answers = [one in known for one in map(account_of, texts) if one is not None]
        else:
            listed = settings.indicators[self.list.removeprefix(f"{_INDICATORS}.")]
            answers = [text in listed for text in texts]
        return (self.match == "in") in answers if answers else None


def parse_lookup(name: str) -> Lookup | None:
    """Read a lookup from the name of a derived field, or return None if it is none."""
    if not name.startswith(f"{LOOKUP_PREFIX}."):
        return None
    match, _, rest = name.removeprefix(f"{LOOKUP_PREFIX}.").partition(".")
    listed, _, field = rest.partition(".")
    if listed == _INDICATORS:
        indicators, _, field = field.partition(".")
        listed = f"{_INDICATORS}.{indicators}" if indicators else ""
    elif listed not in _ACCOUNT_LISTS:
        return None
    if match not in ("in", "not_in") or not (listed and field) or field.startswith(LOOKUP_PREFIX):
        return None
    return Lookup(match="in" if match == "in" else "not_in", list=listed, field=field)
