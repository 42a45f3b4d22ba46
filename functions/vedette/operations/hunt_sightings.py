"""Turns hits into what a hunt tells of them: matches, and what stories are told by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final

import orjson

from vedette.detection.correlate.correlator import MemoryMatch
from vedette.detection.event import record as of
from vedette.detection.event.principal import principal
from vedette.detection.event.record import joint_outcome
from vedette.detection.event.sessions import touched
from vedette.detection.extensions import Extension, Outcome, seconds
from vedette.detection.ir import CompiledCorrelation, CompiledRule
from vedette.detection.match.reading import Derivations, Record, read
from vedette.findings.match import Match, TracedMatch
from vedette.findings.severity import Severity

USUAL_WINDOW: Final = 3_600
_TEXT_LIMIT: Final = 512
_LONGEST_TEXT: Final = 2_048
_MOST_LINKS: Final = 100
_MOST_PRINCIPALS: Final = 8_192


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


class RuleTelling:
    """What is the same in all matches of a rule, worked out once."""

    def __init__(self, rule: CompiledRule | CompiledCorrelation) -> None:
        self._extension = Extension.model_validate(rule.extension)
        dedup = self._extension.dedup
        self.rule = rule
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
        self.outcome = of.outcome(record)
        self._derivations = derivations
        get = record.get
        identity = get("userIdentity")
        who = identity if isinstance(identity, dict) else {}
        agent = _text(get("userAgent"))
        self._common: dict[str, Any] = {
            "time": time_text(self.second),
            "event_id": of.event_id(record),
            "event_name": _text(get("eventName")),
            "event_source": _text(get("eventSource")),
            "account": _text(get("recipientAccountId")) or _text(who.get("accountId")),
            "region": _text(get("awsRegion")),
            "principal": _principal(record),
            "source_ip": _text(get("sourceIPAddress")),
            "outcome": self.outcome,
            "file": file,
            "user_agent": agent if agent is None else _short(agent),
            "error_code": _text(get("errorCode")),
            "identity": _text(who.get("arn")),
        }

    @property
    def event_id(self) -> str:
        """Return the id of the event."""
        return str(self._common["event_id"])

    def texts(self, field: str) -> Sequence[str]:
        """Return the texts of a field of the event."""
        return read(self.record, field, self._derivations).texts

    def match(self, telling: RuleTelling, quieted_by: tuple[str, ...]) -> Match:
        """Return the match of a rule on this event."""
        rule = telling.rule
        return Match(
            rule=rule.id,
            sigma_id=rule.sigma_id,
            title=rule.title,
            severity=telling.severity(self.outcome, quieted=bool(quieted_by)),
            tags=rule.tags,
            quieted_by=quieted_by,
            **self._common,
        )

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


def memory_match(telling: RuleTelling, found: MemoryMatch) -> TracedMatch:
    """Return the match of a rule with memory; what describes it comes from the event that made it.

    `found.trigger` and `found.details` are the traced matches of the events that took part.
    """
    trigger: TracedMatch | None = found.trigger
    details: Iterable[TracedMatch] = found.details
    rule = telling.rule
    group = {name: _short(value) or "" for name, value in found.group}
    described = _described(trigger, found)
    every = [one for one in (trigger, *details) if one is not None]
    outcome = joint_outcome([one.match.outcome for one in every if one.match.outcome])
    quieted_by = _quieted_by([one.match for one in every])
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


def _quieted_by(matches: Sequence[Match]) -> tuple[str, ...]:
    """Several events are excluded if every one of them is."""
    if not all(one.quieted_by for one in matches):
        return ()
    return tuple(sorted({name for one in matches for name in one.quieted_by}))


_DESCRIBING: Final = (
    "event_id",
    "event_name",
    "event_source",
    "account",
    "region",
    "principal",
    "source_ip",
    "file",
    "user_agent",
    "error_code",
    "identity",
)


def _described(trigger: TracedMatch | None, found: MemoryMatch) -> dict[str, Any]:
    if trigger is not None:
        return {name: getattr(trigger.match, name) for name in _DESCRIBING}
    grouped = dict(found.group)
    last = found.event_ids[-1] if found.event_ids else None
    known = {
        "event_id": last,
        "principal": grouped.get("vedette.principal") or grouped.get("userIdentity.arn"),
        "account": grouped.get("recipientAccountId"),
        "source_ip": grouped.get("sourceIPAddress"),
    }
    return dict.fromkeys(_DESCRIBING) | known


def _joined(texts: Sequence[str]) -> str:
    return "\x01".join(sorted(texts))


_principals: dict[tuple[bytes, object], str | None] = {}


def _principal(record: Record) -> str | None:
    """Return the principal; most events are of few, and to work it out takes longer than to ask."""
    identity, region = record.get("userIdentity"), record.get("awsRegion")
    if "additionalEventData" in record or not isinstance(region, str):
        return principal(record)
    try:
        key = (orjson.dumps(identity), region)
    except TypeError:
        # A number beyond 64 bits, or nested too deep.
        return principal(record)
    if key not in _principals:
        if len(_principals) >= _MOST_PRINCIPALS:
            _principals.clear()
        _principals[key] = principal(record)
    return _principals[key]


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
