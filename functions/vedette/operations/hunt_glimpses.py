"""What rules with memory are told of an event without its record being parsed.

Such rules match many events, and of nearly all of them nothing is ever told. What a match means to
them hangs on few members of the record, which are decoded anyway and repeat: on the same values it
is worked out once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.notes import Note, Page, is_noted_time
from vedette.detection.correlate.plan import PRINCIPAL
from vedette.detection.event.record import SIGN_IN, is_event_id, outcome_told_by
from vedette.detection.match.columns import IDENTITY, HotRecord
from vedette.detection.match.decoded import DecodedRecord, UndecodedError
from vedette.detection.match.matcher import RuleHits
from vedette.detection.match.reading import PARAMETERS, Derivations, read
from vedette.operations.hunt_sightings import HOW, WHAT, RuleTelling, Seen, Who, described, who

_MOST: Final = 8_192
_LONGEST_KEY: Final = 4_096
_LONGEST_TEXT: Final = 512
_WHAT: Final = attrgetter(*WHAT)
_HOW: Final = attrgetter(*HOW)
Texts = str | tuple[str, ...]
_Look = Callable[[HotRecord, Who], Texts | None]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is to be known of events that the same rules match.

    There are looks at fields, and the pages on which that is noted, each with the places of its
    fields among the looks.
    """

    looks: tuple[_Look, ...]
    pages: tuple[tuple[Page, tuple[int, ...]], ...]


class Glimpses:
    """Takes note of events for rules with memory."""

    def __init__(
        self, tellings: Sequence[RuleTelling], correlator: Correlator, derivations: Derivations
    ) -> None:
        self._tellings = tellings
        self._correlator = correlator
        self._derivations = derivations
        self._questions: dict[RuleHits, _Question | None] = {}
        self._callers: dict[bytes, Who | None] = {}
        self._by_parameters: dict[tuple[str, bytes], Texts | None] = {}
        self._shared: dict[Any, Any] = {}

    def note(self, decoded: HotRecord, hits: RuleHits, file: str) -> bool:
        """Take note of an event, or return False where that takes its record.

        That is so if one of the rules that match tells of each event.
        """
        question = self._questions.get(hits)
        if question is None and (question := self._question(hits)) is None:
            return False
        caller = self._caller(decoded)
        if caller is None or not _is_usual(decoded):
            return False
        texts = []
        for look in question.looks:
            found = look(decoded, caller)
            if found is None:
                return False
            texts.append(found)
        note = self._note(decoded, hits, file, caller)
        for page, places in question.pages:
            asked = tuple([texts[place] for place in places])
            notes = page.get(asked)
            if notes is None:
                notes = page[asked] = []
            notes.append(note)
        self._correlator.noted()
        return True

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

    def _question(self, hits: RuleHits) -> _Question | None:
        if hits in self._questions:
            return None
        if len(self._questions) >= _MOST:
            self._questions.clear()
        told = [self._tellings[hit.rule] for hit in hits]
        if any(one.rule.alerts and not one.remembers for one in told):
            self._questions[hits] = None
            return None
        book = self._correlator.notebook
        numbers = [number for one in told for number in book.of_rule(one.rule.id)]
        fields = list(dict.fromkeys(name for number in numbers for name in book.asks(number)))
        pages = (
            (book.page(number), tuple(map(fields.index, book.asks(number)))) for number in numbers
        )
        question = _Question(tuple(map(self._look, fields)), tuple(pages))
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

    def _caller(self, decoded: HotRecord) -> Who | None:
        identity = b"".join((decoded.userIdentity,))
        caller = self._callers.get(identity)
        if caller is not None or identity in self._callers:
            return caller
        record = DecodedRecord(decoded)
        try:
            caller = who(record)
        except UndecodedError:
            caller = None
        if not {IDENTITY}.issuperset(record.read):
            caller = None
        if len(self._callers) >= _MOST:
            self._callers.clear()
        if len(identity) <= _LONGEST_KEY:
            self._callers[identity] = caller
        return caller


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
