"""What is told of an event without its record being parsed.

Rules with memory match many events, and of nearly all of them nothing is ever told. What a match
means to them, and what a match tells, hangs on few members of the record, which are decoded anyway.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any, Final

from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.notes import Note, Page, is_noted_time
from vedette.detection.correlate.plan import PRINCIPAL
from vedette.detection.event.record import SIGN_IN, event_time, is_event_id, outcome_told_by
from vedette.detection.match.columns import IDENTITY, HotRecord
from vedette.detection.match.decoded import DecodedRecord, UndecodedError
from vedette.detection.match.matcher import RuleHits
from vedette.detection.match.reading import PARAMETERS, Derivations, read
from vedette.findings.match import Match
from vedette.operations.hunt_sightings import (
    HOW,
    WHAT,
    RuleTelling,
    Seen,
    Who,
    described,
    time_text,
    who,
)

_MOST: Final = 8_192
_LONGEST_KEY: Final = 4_096
_LONGEST_TEXT: Final = 512
_WHAT: Final = attrgetter(*WHAT)
_HOW: Final = attrgetter(*HOW)
Texts = str | tuple[str, ...]
_Fields = Callable[[Sequence[Texts | None]], Any]
_Look = Callable[[HotRecord, Who], Texts | None]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is to be known of events that the same rules match.

    There are the rules that tell of the event by themselves; and for those with memory, looks at
    fields, and the pages on which that is noted, with the places of their fields among the looks.
    """

    told: RuleHits
    looks: tuple[_Look, ...]
    pages: tuple[tuple[Page, _Fields], ...]


class Glimpses:
    """Takes note of events for rules with memory, and tells the matches of others."""

    def __init__(
        self, tellings: Sequence[RuleTelling], correlator: Correlator, derivations: Derivations
    ) -> None:
        self._tellings = tellings
        self._correlator = correlator
        self._derivations = derivations
        self._questions: dict[RuleHits, _Question] = {}
        self._callers: dict[bytes, Who | None] = {}
        self._by_parameters: dict[tuple[str, bytes], Texts | None] = {}
        self._shared: dict[Any, Any] = {}

    def note(self, decoded: HotRecord, hits: RuleHits, file: str) -> Iterable[Match] | None:
        """Take note of an event and return its matches, or None where that takes its record."""
        question = self._questions.get(hits)
        if question is None:
            question = self._question(hits)
        identity = b"".join((decoded.userIdentity,))
        caller = self._callers.get(identity)
        if caller is None:
            caller = self._caller(decoded, identity)
        if caller is None or not _is_usual(decoded):
            return None
        texts = [look(decoded, caller) for look in question.looks]
        if None in texts:
            return None
        note = self._note(decoded, hits, file, caller)
        for page, fields in question.pages:
            asked = fields(texts)
            notes = page.get(asked)
            if notes is None:
                page[asked] = [note]
            else:
                notes.append(note)
        if question.pages:
            self._correlator.noted()
        return self._matches(note, question.told) if question.told else ()

    def _matches(self, note: Note, told: RuleHits) -> list[Match]:
        seen, time = _noted(note), time_text(event_time({"eventTime": note[0]}))
        return [
            self._tellings[hit.rule].match(seen.described, time, note[1], seen.file, hit.quieted_by)
            for hit in told
        ]

    def _note(self, decoded: HotRecord, hits: RuleHits, file: str, caller: Who) -> Note:
        what, how = _WHAT(decoded), _HOW(decoded)
        shared, message = self._shared, decoded.errorMessage
        if len(shared) >= _MOST:
            shared.clear()
        return (
            decoded.eventTime,
            decoded.eventID,
            shared.setdefault(what, what),
            shared.setdefault(how, how),
            type(message) is str and message != "",
            caller,
            hits,
            file,
        )

    def _question(self, hits: RuleHits) -> _Question:
        if len(self._questions) >= _MOST:
            self._questions.clear()
        book, tellings = self._correlator.notebook, self._tellings
        numbers = [number for hit in hits for number in book.of_rule(tellings[hit.rule].rule.id)]
        fields = list(dict.fromkeys(name for number in numbers for name in book.asks(number)))
        pages = (
            (book.page(number), _picking([fields.index(one) for one in book.asks(number)]))
            for number in numbers
        )
        told = tuple(hit for hit in hits if tellings[hit.rule].tells)
        question = _Question(told, tuple(map(self._look, fields)), tuple(pages))
        self._questions[hits] = question
        return question

    def _look(self, field: str) -> _Look:
        if field == PRINCIPAL:
            return lambda _, caller: caller.principal or ()
        if field.startswith(f"{PARAMETERS}."):
            return lambda decoded, _: self._parameter(field, decoded)

        def look(decoded: HotRecord, _: Who) -> Texts | None:
            text = getattr(decoded, field, None)
            return text if type(text) is str else self._read(field, decoded)

        return look

    def _parameter(self, field: str, decoded: HotRecord) -> Texts | None:
        key = (field, b"".join((decoded.requestParameters,)))
        if key in self._by_parameters:
            return self._by_parameters[key]
        found = self._read(field, decoded)
        if len(key[1]) <= _LONGEST_KEY:
            if len(self._by_parameters) >= _MOST:
                self._by_parameters.clear()
            self._by_parameters[key] = found
        return found

    def _read(self, field: str, decoded: HotRecord) -> Texts | None:
        try:
            found = read(DecodedRecord(decoded), field, self._derivations).texts
        except UndecodedError:
            return None
        if sum(map(len, found)) > _LONGEST_TEXT:
            return None
        return found[0] if len(found) == 1 else tuple(found)

    def _caller(self, decoded: HotRecord, identity: bytes) -> Who | None:
        if identity in self._callers:
            return None
        record = DecodedRecord(decoded)
        try:
            caller: Who | None = who(record)
        except UndecodedError:
            caller = None
        if not {IDENTITY}.issuperset(record.read):
            caller = None
        if len(self._callers) >= _MOST:
            self._callers.clear()
        if len(identity) <= _LONGEST_KEY:
            self._callers[identity] = caller
        return caller


def _picking(places: Sequence[int]) -> _Fields:
    """Return what picks the texts at some places, as one tuple."""
    if len(places) == 1:
        return lambda texts: (texts[places[0]],)
    return itemgetter(*places) if places else lambda _: ()


def _is_usual(decoded: HotRecord) -> bool:
    return (
        is_noted_time(decoded.eventTime)
        and is_event_id(decoded.eventID)
        and decoded.eventName not in SIGN_IN
    )


def seen_in(kept: Seen | Note) -> Seen:
    """Return what is told of an event that was kept or noted."""
    return kept if isinstance(kept, Seen) else _noted(kept)


def _noted(note: Note) -> Seen:
    _, _, what, how, has_message, caller, hits, file = note
    code = what[WHAT.index("errorCode")]
    answer = outcome_told_by(code if isinstance(code, str) else None, has_message=has_message)
    return Seen(described(what, how, caller, answer), file, hits)
