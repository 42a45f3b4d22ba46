"""The members of a record that are decoded, and the classes of their values.

| column | its key |
|---|---|
| event | the values of the members that say what was called and how it went |
| caller | the value of one member: user agent, source address |
| identity | the JSON text of the whole identity |

A derived field that depends on one member alone belongs to the column of that member.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Raw, UnsetType

from vedette.detection.ir import Predicate
from vedette.detection.match.classes import ClassMemory, EventMemory, FieldMask, MemberMemory
from vedette.detection.match.reading import (
    ANSWER,
    DERIVED,
    PARAMETERS,
    Dependences,
    Derivations,
    Record,
    found_in,
)

IDENTITY: Final = "userIdentity"
# Always decoded: nearly all rules ask about them, and an envelope has neither of the first two.
EVENT: Final = ("eventSource", "eventName", "errorCode")
# Of few values. Decoding them costs more than it saves unless rules for many events ask.
OF_MANY_EVENTS: Final = (
    "awsRegion",
    "eventType",
    "eventCategory",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
    "sessionCredentialFromConsole",
    "vpcEndpointAccountId",
)
CALLER: Final = ("userAgent", "sourceIPAddress")
# What rules with memory are told of an event. To decode them costs next to nothing.
TOLD: Final = ("eventTime", "eventID", "errorMessage", "awsRegion", "recipientAccountId")
WRITTEN_ORDER: Final = (
    IDENTITY,
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    PARAMETERS,
    ANSWER,
    "eventID",
    "readOnly",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "eventCategory",
    "vpcEndpointAccountId",
    "sessionCredentialFromConsole",
)
HotRecord: TypeAlias = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many things are remembered of each kind, before all of that kind are forgotten."""

    batch: int = 8_192
    events: int = 20_000
    identities: int = 16_000
    values: int = 30_000
    values_of_a_field: int = 4_000
    programs: int = 20_000
    decisions: int = 8_000
    classes: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of fields: numbered predicates by field, and how derived ones are computed."""

    by_field: Mapping[str, Mapping[int, Predicate]]
    derivations: Derivations
    dependences: Dependences
    limits: Limits

    def about(self, member: str) -> list[str]:
        """Return the fields that stand in a member of the record, or depend on it alone."""
        return [name for name in self.by_field if self._members(name) == {member}]

    def _members(self, name: str) -> frozenset[str]:
        if not name.startswith(DERIVED):
            return frozenset({name.partition(".")[0]})
        known = self.dependences.get(name)
        return known.reads if known is not None else frozenset()

    def masks(self, names: Iterable[str]) -> dict[str, FieldMask]:
        """Return what tells the predicates that hold, for each field."""
        limit = self.limits.values_of_a_field
        return {name: FieldMask(self.by_field.get(name, {}), limit) for name in names}

    def bits(self, names: Iterable[str]) -> int:
        """Return the bits of all predicates about the fields."""
        return sum(1 << number for name in names for number in self.by_field.get(name, {}))


class Column:
    """Some members of a record, and the classes of their values."""

    def __init__(self, names: Sequence[str], asked: Asked) -> None:
        self._masks = asked.masks(names)
        self._derivations = asked.derivations
        self.bits = asked.bits(names)
        self.memory: ClassMemory
        self.key: Callable[[HotRecord], Any]

    def classes(self, records: Iterable[HotRecord]) -> Iterable[int]:
        """Give the class of each record; on values seen before, no Python runs."""
        return map(self.memory.__getitem__, map(self.key, records))

    def class_of(self, record: Record) -> int:
        """Give the class of a whole record, whatever the types of its members."""
        return self.memory.classes.number(self._mask_of(record))

    def _mask_of(self, record: Record) -> int:
        mask = 0
        for name, one in self._masks.items():
            mask |= one.of_values(found_in(record, name, self._derivations))
        return mask


class EventColumn(Column):
    """What was called, and how it went."""

    def __init__(self, members: Sequence[str], asked: Asked) -> None:
        super().__init__(members, asked)
        self.memory = EventMemory(list(self._masks.values()), asked.limits.events)
        self.key = attrgetter(*members)


class CallerColumn(Column):
    """One member that says where a call came from."""

    def __init__(self, member: str, asked: Asked) -> None:
        super().__init__(asked.about(member), asked)
        self.memory = MemberMemory(self._mask_of, member, asked.limits.values)
        self.key = attrgetter(member)


class IdentityColumn(Column):
    """Who called."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.about(IDENTITY), asked)
        self.memory = MemberMemory(self._mask_of, IDENTITY, asked.limits.identities)
        self.key = attrgetter(IDENTITY)

    def classes(self, records: Iterable[HotRecord]) -> Iterable[int]:
        # Joining is the quickest way from a view to bytes.
        return map(self.memory.__getitem__, map(b"".join, zip(map(self.key, records))))


def hot_record(members: Iterable[str]) -> type[msgspec.Struct]:
    """Make the type of record that is decoded: absent, null, text and truth are told apart."""
    scalar = str | bool | None | UnsetType
    fields: list[tuple[str, Any, Any]] = [(name, scalar, UNSET) for name in members]
    fields += [(name, Raw, Raw(b"")) for name in (IDENTITY, PARAMETERS, ANSWER)]
    # In the order in which CloudTrail writes them the decoder finds them quickest.
    fields.sort(key=lambda field: WRITTEN_ORDER.index(field[0]))
    return msgspec.defstruct("HotRecord", fields, gc=False)
