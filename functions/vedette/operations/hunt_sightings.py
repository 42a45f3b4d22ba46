"""Turns hits into what a hunt tells of them: matches, and what stories are told by."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from vedette.detection.correlate.correlator import MemoryMatch
from vedette.detection.event import record as of
from vedette.detection.event.principal import principal
from vedette.detection.event.record import joint_outcome
from vedette.detection.event.sessions import touched
from vedette.detection.extensions import Extension, Outcome, seconds
from vedette.detection.ir import CompiledCorrelation, CompiledRule, CompiledRules
from vedette.detection.match.programs import RuleHit
from vedette.detection.match.reading import Derivations, Record, read
from vedette.findings.match import Match, TracedMatch
from vedette.findings.severity import Severity

USUAL_WINDOW: Final = 3_600
_TEXT_LIMIT: Final = 512
_LONGEST_TEXT: Final = 2_048
_MOST_LINKS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which matches are told: of this severity at least, by principals that fit the pattern."""

    severity: Severity = Severity.INFORMATIONAL
    principal: str | None = None

    def fits(self, match: Match) -> bool:
        """Tell whether a match is wanted."""
        if match.severity.rank < self.severity.rank:
            return False
        if self.principal is None:
            return True
        names = (match.principal, match.identity)
        return any(name is not None and fits_principal(name, self.principal) for name in names)


def fits_principal(name: str, pattern: str) -> bool:
    """Tell whether a principal fits a pattern: its whole name, or what follows its last `/`."""
    return fnmatchcase(name, pattern) or fnmatchcase(name.rpartition("/")[2], pattern)


class Described(msgspec.Struct, frozen=True, gc=False):
    """What describes an event in a match, and is the same for many events."""

    event_name: str | None
    event_source: str | None
    account: str | None
    region: str | None
    principal: str | None
    source_ip: str | None
    user_agent: str | None
    error_code: str | None
    identity: str | None
    outcome: Outcome


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What is kept of an event that rules with memory count, to tell of it if it comes to a match.

    `hits` are the rules that matched it. `key` and `touched` are kept where stories are told.
    """

    described: Described
    file: str
    hits: tuple[RuleHit, ...]
    key: str | None = None
    touched: tuple[str, ...] = ()

    def quieted_by(self, counted: frozenset[int]) -> tuple[str, ...]:
        """Return what quiets it for somebody who counts some rules: all that matched must be."""
        found = [hit.quieted_by for hit in self.hits if hit.rule in counted]
        return tuple(name for names in found for name in names) if all(found) else ()


class Who(NamedTuple):
    """What a match tells of the caller."""

    principal: str | None
    identity: str | None
    account: str | None


def who(record: Record) -> Who:
    """Return what a match tells of the caller of an event."""
    identity = record.get("userIdentity")
    member = identity if isinstance(identity, dict) else {}
    return Who(principal(record), _text(member.get("arn")), _text(member.get("accountId")))


def described(
    members: Any, caller: Who, answer: Outcome, shared: Callable[[str], str] = str
) -> Described:
    """Describe an event by its members, given as attributes."""

    def text(value: Any) -> str | None:
        return shared(value[:_LONGEST_TEXT]) if isinstance(value, str) and value else None

    return Described(
        event_name=text(members.eventName),
        event_source=text(members.eventSource),
        account=text(members.recipientAccountId) or caller.account,
        region=text(members.awsRegion),
        principal=caller.principal,
        source_ip=text(members.sourceIPAddress),
        user_agent=_short(text(members.userAgent)),
        error_code=text(members.errorCode),
        identity=caller.identity,
        outcome=answer,
    )


class _Members:
    """The members of a record, as attributes."""

    __slots__ = ("_record",)

    def __init__(self, record: Record) -> None:
        self._record = record

    def __getattr__(self, name: str) -> Any:
        return self._record.get(name)


class RuleTelling:
    """What is the same in all matches of a rule, worked out once.

    `counted` are the places of the rules on whose matches it depends, its own among them.
    """

    def __init__(
        self,
        rule: CompiledRule | CompiledCorrelation,
        counted: frozenset[int] = frozenset(),
    ) -> None:
        self._extension = Extension.model_validate(rule.extension)
        dedup = self._extension.dedup
        self.rule = rule
        self.counted = counted
        self.dedup_fields = dedup.fields if dedup else ()
        self.window = seconds(dedup.window) if dedup else USUAL_WINDOW
        self.remembers = bool(self._extension.first_seen or self._extension.impossible_travel)
        self.has_memory = self.remembers or bool(rule.feeds)

    def severity(self, outcome: Outcome | None, *, quieted: bool) -> Severity:
        """Return the severity of a match."""
        return self._extension.severity(self.rule.level, outcome, quieted=quieted)


class EventTelling:
    """What is told of one event, whichever rules match it."""

    def __init__(self, record: Record, file: str, derivations: Derivations) -> None:
        self.record = record
        self.second = of.event_time(record)
        self.event_id = of.event_id(record)
        self.described = described(_Members(record), who(record), of.outcome(record))
        self._file = file
        self._derivations = derivations

    def texts(self, field: str) -> Sequence[str]:
        """Return the texts of a field of the event."""
        return read(self.record, field, self._derivations).texts

    def match(self, telling: RuleTelling, quieted_by: tuple[str, ...]) -> Match:
        """Return the match of a rule on this event."""
        rule, described = telling.rule, self.described
        return Match(
            rule=rule.id,
            sigma_id=rule.sigma_id,
            title=rule.title,
            severity=telling.severity(described.outcome, quieted=bool(quieted_by)),
            time=time_text(self.second),
            event_id=self.event_id,
            event_name=described.event_name,
            event_source=described.event_source,
            account=described.account,
            region=described.region,
            principal=described.principal,
            source_ip=described.source_ip,
            outcome=described.outcome,
            file=self._file,
            user_agent=described.user_agent,
            error_code=described.error_code,
            identity=described.identity,
            tags=rule.tags,
            quieted_by=quieted_by,
        )

    def seen(self, hits: tuple[RuleHit, ...], *, for_stories: bool) -> Seen:
        """Return what is kept of the event if rules with memory count it."""
        if not for_stories:
            return Seen(self.described, self._file, hits)
        key = of.text_at(self.record, "userIdentity", "accessKeyId")
        return Seen(self.described, self._file, hits, key, touched(self.record))

    def traced(self, telling: RuleTelling, match: Match) -> TracedMatch:
        """Return the match with what stories are told by."""
        fields = telling.dedup_fields
        named = [match.rule, match.account or "", *(_joined(self.texts(one)) for one in fields)]
        if not fields:
            named.append(match.principal or match.event_id or "")
        return TracedMatch(
            match=match,
            second=self.second,
            key=of.text_at(self.record, "userIdentity", "accessKeyId"),
            touched=touched(self.record),
            repeats="\0".join(named),
            window=telling.window,
        )


def tellings_of(compiled: CompiledRules) -> dict[str, RuleTelling]:
    """Return the telling of every rule and correlation, by id."""
    places = {rule.id: place for place, rule in enumerate(compiled.rules)}
    below = {one.id: one.rules for one in compiled.correlations}
    return {
        one.id: RuleTelling(one, frozenset(_counted(one.id, places, below)))
        for one in (*compiled.rules, *compiled.correlations)
    }


def _counted(
    rule: str, places: Mapping[str, int], below: Mapping[str, Sequence[str]]
) -> Iterator[int]:
    if rule in places:
        yield places[rule]
    # The compiler has seen to it that no chain of correlations is a ring.
    for one in below.get(rule, ()):
        yield from _counted(one, places, below)


def memory_match(telling: RuleTelling, found: MemoryMatch) -> TracedMatch:
    """Return the match of a rule with memory; what describes it comes from the event that made it.

    `found.trigger` and `found.details` are what was kept of the events that took part.
    """
    trigger: Seen | None = found.trigger
    details: Iterable[Seen] = found.details
    rule = telling.rule
    group = {name: _short(value) or "" for name, value in found.group}
    described = _described(trigger, found)
    every = [one for one in (trigger, *details) if one is not None]
    outcome = joint_outcome(one.described.outcome for one in every)
    quieted_by = _quieted_by([one.quieted_by(telling.counted) for one in every])
    match = Match(
        rule=rule.id,
        sigma_id=rule.sigma_id,
        title=rule.title,
        severity=telling.severity(outcome, quieted=bool(quieted_by)),
        time=time_text(found.time),
        tags=rule.tags,
        quieted_by=quieted_by,
        outcome=outcome,
        event_ids=found.event_ids,
        event_count=found.event_count,
        until=time_text(found.until),
        group=group,
        **described,
    )
    return TracedMatch(
        match=match,
        second=found.time,
        key=trigger.key if trigger else None,
        touched=_united(one.touched for one in every),
        repeats="\0".join((rule.id, *(value for _, value in found.group))),
        window=telling.window,
    )


def _quieted_by(quieted: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Several events are excluded if every one of them is."""
    return tuple(sorted({name for names in quieted for name in names})) if all(quieted) else ()


_DESCRIBING: Final = tuple(one for one in Described.__struct_fields__ if one != "outcome")


def _described(trigger: Seen | None, found: MemoryMatch) -> dict[str, Any]:
    if trigger is not None:
        described = {name: getattr(trigger.described, name) for name in _DESCRIBING}
        return described | {"event_id": found.trigger_id, "file": trigger.file}
    grouped = dict(found.group)
    last = found.event_ids[-1] if found.event_ids else None
    known = {
        "event_id": last,
        "principal": grouped.get("vedette.principal") or grouped.get("userIdentity.arn"),
        "account": grouped.get("recipientAccountId"),
        "source_ip": grouped.get("sourceIPAddress"),
    }
    return dict.fromkeys(_DESCRIBING) | {"file": None} | known


def _joined(texts: Sequence[str]) -> str:
    return "\x01".join(sorted(texts))


@lru_cache(maxsize=16_384)
def time_text(second: int | None) -> str | None:
    """Write a second since 1970 as ISO 8601 in UTC."""
    return None if second is None else f"{of.moment(second):%Y-%m-%dT%H:%M:%SZ}"


def _united(texts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for several in texts for one in several))[:_MOST_LINKS]


def _text(value: Any) -> str | None:
    """Do what `text_at` does, for a value at hand: this is done many times for every match."""
    return value[:_LONGEST_TEXT] if isinstance(value, str) and value else None


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) <= _TEXT_LIMIT else f"{text[:_TEXT_LIMIT]}…"
