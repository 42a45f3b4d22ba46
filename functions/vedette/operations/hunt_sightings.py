"""Turns hits into what a hunt tells of them: matches, and what stories are told by."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from vedette.detection.event import record as of
from vedette.detection.event.principal import principal
from vedette.detection.event.sessions import touched
from vedette.detection.extensions import Outcome, parsed, seconds
from vedette.detection.ir import CompiledCorrelation, CompiledRule
from vedette.detection.match.programs import RuleHit
from vedette.detection.match.reading import Derivations, Record, read
from vedette.findings.match import Match, TracedMatch
from vedette.findings.severity import Severity

WHAT: Final = ("eventName", "eventSource", "errorCode", "awsRegion", "recipientAccountId")
HOW: Final = ("sourceIPAddress", "userAgent")
USUAL_WINDOW: Final = 3_600
_TEXT_LIMIT: Final = 512
_LONGEST_TEXT: Final = 2_048


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


def described(what: Sequence[Any], how: Sequence[Any], caller: Who, answer: Outcome) -> Described:
    """Describe an event by what stands in its members `WHAT` and `HOW`."""
    name, source, code, region, account = map(_text, what)
    address, agent = map(_text, how)
    return Described(
        event_name=name,
        event_source=source,
        account=account or caller.account,
        region=region,
        principal=caller.principal,
        source_ip=address,
        user_agent=shortened(agent),
        error_code=code,
        identity=caller.identity,
        outcome=answer,
    )


class RuleTelling:
    """What is the same in all matches of a rule, worked out once.

    `counted` are the places of the rules on whose matches it depends, its own among them.
    """

    def __init__(
        self,
        rule: CompiledRule | CompiledCorrelation,
        counted: frozenset[int] = frozenset(),
    ) -> None:
        self._extension = parsed(rule.extension)
        dedup = self._extension.dedup
        self.rule = rule
        self.counted = counted
        self.dedup_fields = dedup.fields if dedup else ()
        self.window = seconds(dedup.window) if dedup else USUAL_WINDOW
        self.remembers = bool(self._extension.first_seen or self._extension.impossible_travel)
        self.has_memory = self.remembers or bool(rule.feeds)
        # Whether it tells of an event by itself.
        self.tells = rule.alerts and not self.remembers
        self._severities: dict[tuple[Outcome | None, bool], Severity] = {}

    def severity(self, outcome: Outcome | None, *, quieted: bool) -> Severity:
        """Return the severity of a match."""
        known = self._severities.get((outcome, quieted))
        if known is None:
            known = self._extension.severity(self.rule.level, outcome, quieted=quieted)
            self._severities[outcome, quieted] = known
        return known

    def match(
        self,
        event: Described,
        time: str | None,
        event_id: str,
        file: str,
        quieted_by: tuple[str, ...],
    ) -> Match:
        """Return the match of the rule on an event."""
        rule = self.rule
        return Match(
            rule=rule.id,
            sigma_id=rule.sigma_id,
            title=rule.title,
            severity=self.severity(event.outcome, quieted=bool(quieted_by)),
            time=time,
            event_id=event_id,
            event_name=event.event_name,
            event_source=event.event_source,
            account=event.account,
            region=event.region,
            principal=event.principal,
            source_ip=event.source_ip,
            outcome=event.outcome,
            file=file,
            user_agent=event.user_agent,
            error_code=event.error_code,
            identity=event.identity,
            tags=rule.tags,
            quieted_by=quieted_by,
        )


class EventTelling:
    """What is told of one event, whichever rules match it."""

    def __init__(self, record: Record, file: str, derivations: Derivations) -> None:
        self.record = record
        self.second = of.event_time(record)
        self.event_id = of.event_id(record)
        what, how = map(record.get, WHAT), map(record.get, HOW)
        self.described = described(tuple(what), tuple(how), who(record), of.outcome(record))
        self._file = file
        self._derivations = derivations

    def texts(self, field: str) -> Sequence[str]:
        """Return the texts of a field of the event."""
        return read(self.record, field, self._derivations).texts

    def match(self, telling: RuleTelling, quieted_by: tuple[str, ...]) -> Match:
        """Return the match of a rule on this event."""
        time = time_text(self.second)
        return telling.match(self.described, time, self.event_id, self._file, quieted_by)

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


def _joined(texts: Sequence[str]) -> str:
    return "\x01".join(sorted(texts))


@lru_cache(maxsize=16_384)
def time_text(second: int | None) -> str | None:
    """Write a second since 1970 as ISO 8601 in UTC."""
    return None if second is None else f"{of.moment(second):%Y-%m-%dT%H:%M:%SZ}"


def _text(value: Any) -> str | None:
    """Do what `text_at` does, for a value at hand: this is done many times for every match."""
    return value[:_LONGEST_TEXT] if isinstance(value, str) and value else None


def shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= _TEXT_LIMIT else f"{text[:_TEXT_LIMIT]}…"
