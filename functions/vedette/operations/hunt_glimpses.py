"""What rules with memory are told of an event without its record being parsed.

Such rules match many events, and of nearly all of them nothing is ever told. What a match means to
them hangs on few members of the record, which are decoded anyway and repeat: on the same values it
is worked out once.
"""

from collections.abc import Callable, Sequence
from enum import Enum, auto
from itertools import chain
from typing import Any, Final, Generic, NamedTuple, TypeVar

from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.telling import Sighting
from vedette.detection.event.record import is_event_id, outcome
from vedette.detection.match.columns import HotRecord
from vedette.detection.match.decoded import DecodedRecord, UndecodedError, value_of
from vedette.detection.match.programs import RuleHit
from vedette.detection.match.reading import Derivations, Record, read
from vedette.operations.hunt_sightings import Described, RuleTelling, described, who

_MOST: Final = 8_192
_LONGEST_KEY: Final = 4_096
T = TypeVar("T")
RuleHits = tuple[RuleHit, ...]
Texts = tuple[tuple[str, ...], ...]


class Glimpse(NamedTuple):
    """What an event means to rules with memory, and what describes it."""

    sightings: Sequence[Sighting]
    described: Described


class _Answer(Enum):
    """What is remembered where the decoded members do not tell."""

    TAKES_THE_RECORD = auto()


class Recall(Generic[T]):
    """Remembers what was computed from decoded records, by the members that this took.

    Which members are read may hang on what stands in them, so they are noted each time: on the
    same values of the same members the answer is the same.
    """

    def __init__(self, compute: Callable[[Record], T]) -> None:
        self._compute = compute
        self._members: tuple[str, ...] = ()
        self._memory: dict[tuple[Any, ...], T | _Answer] = {}

    def of(self, decoded: HotRecord) -> T | None:
        """Return what is computed, or None if it takes the whole record."""
        known = self._memory.get(self._key(decoded))
        if known is None:
            known = self._computed(decoded)
        return None if isinstance(known, _Answer) else known

    def _key(self, decoded: HotRecord) -> tuple[Any, ...]:
        return tuple([value_of(decoded, name) for name in self._members])

    def _computed(self, decoded: HotRecord) -> T | _Answer:
        record = DecodedRecord(decoded)
        found: T | _Answer
        try:
            found = self._compute(record)
        except UndecodedError:
            found = _Answer.TAKES_THE_RECORD
        if not set(record.read) <= set(self._members):
            self._members = tuple(dict.fromkeys((*self._members, *record.read)))
            self._memory.clear()
        key = self._key(decoded)
        if sum(len(one) for one in key if isinstance(one, bytes | str)) <= _LONGEST_KEY:
            if len(self._memory) >= _MOST:
                self._memory.clear()
            self._memory[key] = found
        return found


class Glimpses:
    """Works out what matches mean to rules with memory."""

    def __init__(
        self, tellings: Sequence[RuleTelling], correlator: Correlator, derivations: Derivations
    ) -> None:
        self._tellings = tellings
        self._correlator = correlator
        self._derivations = derivations
        self._fields: dict[RuleHits, tuple[str, ...] | None] = {}
        self._sightings: dict[tuple[RuleHits, Texts], list[Sighting]] = {}
        self._looks: dict[str, Recall[tuple[str, ...]]] = {}
        self._who, self._outcome = Recall(who), Recall(outcome)
        self._texts: dict[str, str] = {}

    def at(self, decoded: HotRecord, hits: RuleHits) -> Glimpse | None:
        """Return what an event means to rules with memory.

        It is None if one of the rules that match tells of each event, or if it takes the record.
        """
        fields = self._fields_of(hits)
        if fields is None or not is_event_id(decoded.eventID):
            return None
        sightings = self._sightings_of(hits, fields, decoded)
        caller, answer = self._who.of(decoded), self._outcome.of(decoded)
        if sightings is None or caller is None or answer is None:
            return None
        return Glimpse(sightings, described(decoded, caller, answer, self._shared))

    def _fields_of(self, hits: RuleHits) -> tuple[str, ...] | None:
        """Return the fields that rules with memory ask for; None if a rule tells by itself."""
        if hits not in self._fields:
            if len(self._fields) >= _MOST:
                self._fields.clear()
            told = [self._tellings[hit.rule] for hit in hits]
            is_silent = not any(one.rule.alerts and not one.remembers for one in told)
            asked = (self._correlator.fields(one.rule.id) for one in told)
            self._fields[hits] = tuple(dict.fromkeys(chain(*asked))) if is_silent else None
        return self._fields[hits]

    def _sightings_of(
        self, hits: RuleHits, fields: tuple[str, ...], decoded: HotRecord
    ) -> list[Sighting] | None:
        texts = []
        for name in fields:
            found = self._look(name, decoded)
            if found is None:
                return None
            texts.append(found)
        key = (hits, tuple(texts))
        known = self._sightings.get(key)
        if known is None:
            if len(self._sightings) >= _MOST:
                self._sightings.clear()
            look = dict(zip(fields, texts, strict=True)).__getitem__
            rules = [self._tellings[hit.rule].rule.id for hit in hits]
            known = [one for rule in rules for one in self._correlator.sightings(rule, look)]
            self._sightings[key] = known
        return known

    def _look(self, name: str, decoded: HotRecord) -> tuple[str, ...] | None:
        value = getattr(decoded, name, None)
        if type(value) is str:
            return (value,)
        recall = self._looks.get(name)
        if recall is None:
            recall = self._looks[name] = Recall(
                lambda record: tuple(read(record, name, self._derivations).texts)
            )
        return recall.of(decoded)

    def _shared(self, text: str) -> str:
        """Return the same text as one object, so that what is kept of many events is small."""
        if len(self._texts) >= _MOST:
            self._texts.clear()
        return self._texts.setdefault(text, text)
