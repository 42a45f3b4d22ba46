"""Hunts through one file after the other: the part of a hunt that a process does by itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from vedette.detection.conditions import Exists, Text, all_of
from vedette.detection.correlate.baseline import Baseline
from vedette.detection.correlate.batch import MOST_GROUPS, Batch
from vedette.detection.correlate.correlator import Correlator
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.telling import Sighting
from vedette.detection.derive.fields import dependences, derivations
from vedette.detection.event.files import FileContent
from vedette.detection.event.record import event_time
from vedette.detection.event.records import Shape, records, shape_of
from vedette.detection.event.sessions import CREDENTIAL_CALLS, session_link
from vedette.detection.ir import CompiledRule, CompiledRules, from_json
from vedette.detection.match.columns import HotRecord
from vedette.detection.match.matcher import RuleHits, RuleMatcher, Scan
from vedette.detection.match.programs import RuleHit
from vedette.detection.match.reading import Record
from vedette.detection.match.sources import NotRecordsError
from vedette.findings.case import SessionLink
from vedette.findings.match import Match, TracedMatch
from vedette.findings.severity import Severity
from vedette.operations.hunt_glimpses import Glimpses, seen_in
from vedette.operations.hunt_logs import LogFile, LogSource
from vedette.operations.hunt_memory import tellings_of
from vedette.operations.hunt_sightings import EventTelling, Seen, Wanted
from vedette.operations.rules_in_force import KnownWorld, derived_names
from vedette.reporting.hunt_lines import match_lines

_MOST_PROBLEMS: Final = 5
_EVENT_TIME: Final = b'"eventTime"'
_LONGEST_TIME: Final = 64
_GROUPS_SET_ASIDE: Final = MOST_GROUPS // 2
# A note may be one of several groups.
_NOTES_SET_ASIDE: Final = MOST_GROUPS // 16
# A rule of our own that finds who was given credentials, matched or not, for stories.
_LINKS: Final = CompiledRule(
    id="vedette:session_links",
    title="Somebody was given credentials",
    level=Severity.INFORMATIONAL,
    condition=all_of(
        Text("eventName", "is", tuple(sorted(CREDENTIAL_CALLS))),
        Exists("userIdentity.arn"),
        Exists("responseElements.credentials.accessKeyId"),
    ),
    selections={},
    alerts=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HuntPlan:
    """What every process of a hunt must know; it can be sent to another one.

    `since` and `until` are in seconds since 1970. With `as_lines` matches are handed over as lines
    of JSON, else as traced matches, and with them the links by which stories are told.
    """

    compiled: bytes
    world: KnownWorld
    source: LogSource
    since: int | None = None
    until: int | None = None
    wanted: Wanted = field(default_factory=Wanted)
    as_lines: bool = False


class FileOutcome(msgspec.Struct, kw_only=True):
    """What became of one file. `problems` says what could not be looked at, in clauses."""

    name: str
    size: int
    events: int = 0
    matches: int = 0
    severities: dict[Severity, int] = {}
    problems: list[str] = []
    lines: bytes = b""
    traced: list[TracedMatch] = []
    links: list[SessionLink] = []


class FileHunter:
    """Hunts through files with the same rules; what it remembers makes the next one faster."""

    def __init__(
        self, plan: HuntPlan, baseline: Baseline | None = None, *, hands_over: bool = False
    ) -> None:
        """With `hands_over`, another process judges what rules with memory were told.

        Raises GeographyError if a database cannot be opened.
        """
        self._plan = plan
        self._compiled = _with_links(from_json(plan.compiled), wanted=not plan.as_lines)
        settings = plan.world.settings()
        names = derived_names(self._compiled)
        self._derivations = derivations(names, settings)
        known = dependences(names)
        self._matcher = RuleMatcher(
            self._compiled, self._derivations, self._read_whole, dependences=known
        )
        tellings = tellings_of(self._compiled)
        self._tellings = [tellings[rule.id] for rule in self._compiled.rules]
        self.correlator = Correlator(plan_of(self._compiled), baseline, seen_in)
        self._glimpses = Glimpses(self._tellings, self.correlator, self._derivations)
        self._hands_over = hands_over
        self._file = ""
        self._told: list[Match] = []
        self._full: list[Batch] = []
        self._problems: list[str] = []
        self._left_out = 0

    def take_batches(self) -> list[Batch]:
        """Hand over what rules with memory were told since the last time."""
        self._set_aside()
        batches, self._full = self._full, []
        return batches

    def _set_aside(self) -> None:
        self._full.append(self.correlator.hand_over())

    def hunt(self, file: LogFile) -> FileOutcome:
        """Hunt through a file, whatever state it is in."""
        self._problems, self._left_out = [], 0
        self._file = file.name
        content = self._plan.source.read(file)
        if content.problem is not None:
            self._report(content.problem)
        outcome = FileOutcome(name=file.name, size=file.size)
        told = self._told = []
        for record, hits in self._hits(content, outcome):
            event = EventTelling(record, file.name, self._derivations)
            if self._is_in_time(event.second):
                told += self._tell(event, hits, outcome)
        self._observe_ends(content)
        outcome.matches = len(told)
        outcome.severities = dict(Counter(one.severity for one in told))
        if told and self._plan.as_lines:
            outcome.lines = match_lines(told)
        outcome.problems = self._told_problems()
        return outcome

    def _hits(
        self, content: FileContent, outcome: FileOutcome
    ) -> Iterator[tuple[Record, tuple[RuleHit, ...]]]:
        """Yield the records on which rules match, the fast way if the file allows."""
        scan = self._scanned(content)
        if scan is None:
            for record in records(content, self._report):
                outcome.events += 1
                if rules := self._matcher.matches_on(record):
                    yield record, rules
            return
        outcome.events += scan.count
        for hit in scan:
            yield hit.record, hit.rules
        for position, reason in scan.unreadable:
            self._report(f"record {position + 1:,} was left out ({reason})")

    def _scanned(self, content: FileContent) -> Scan | None:
        """Scan a file as CloudTrail delivers it; any other is read record by record."""
        if content.body is None or shape_of(content.body) is Shape.OTHER:
            return None
        try:
            # Stories are told by what only a whole record tells.
            take = self._take if self._plan.as_lines else None
            return self._matcher.scan(content.body, take)
        except NotRecordsError:
            # Something in it is no JSON: the rest is saved record by record.
            return None

    def _take(self, decoded: HotRecord, hits: RuleHits) -> bool:
        """Tell of an event without its record if that suffices, else say that it does not."""
        plan = self._plan
        if (plan.since is not None or plan.until is not None) and not self._is_in_time(
            event_time({"eventTime": decoded.eventTime})
        ):
            return False
        matches = self._glimpses.note(decoded, hits, self._file)
        if matches is None:
            return True
        self._told += [one for one in matches if plan.wanted.fits(one)]
        if self._hands_over and self.correlator.notebook.count >= _NOTES_SET_ASIDE:
            self._set_aside()
        return False

    def _tell(self, event: EventTelling, hits: RuleHits, outcome: FileOutcome) -> Iterator[Match]:
        self._remember(event, hits)
        for hit in hits:
            telling = self._tellings[hit.rule]
            if telling.rule is _LINKS:
                link = session_link(event.record)
                outcome.links += [link] if link is not None else []
            if not telling.tells:
                continue
            match = event.match(telling, hit.quieted_by)
            if self._plan.wanted.fits(match):
                if not self._plan.as_lines:
                    outcome.traced.append(event.traced(telling, match))
                yield match

    def _remember(self, event: EventTelling, hits: RuleHits) -> None:
        remembered = [self._tellings[hit.rule] for hit in hits]
        rules = [one.rule.id for one in remembered if one.has_memory]
        if rules:
            sightings = [
                one for rule in rules for one in self.correlator.sightings(rule, event.texts)
            ]
            seen = event.seen(hits, for_stories=not self._plan.as_lines)
            self._observe(sightings, event.second, event.event_id, seen)

    def _observe(
        self, sightings: Sequence[Sighting], second: int | None, event_id: str, seen: Seen
    ) -> None:
        batch = self.correlator.batch
        self.correlator.remember(sightings, second, event_id, seen)
        # At its limit a correlator judges early, which only the one that knows all may do.
        if self._hands_over and len(batch.groups) >= _GROUPS_SET_ASIDE:
            self._set_aside()

    def _is_in_time(self, second: int | None) -> bool:
        """An event of which nobody knows the time is told rather than left out."""
        plan = self._plan
        if second is None:
            return True
        return (plan.since is None or second >= plan.since) and (
            plan.until is None or second < plan.until
        )

    def _observe_ends(self, content: FileContent) -> None:
        """Note over which time events were observed, by the first and the last one of the file."""
        if content.body is None:
            return
        first, last = content.body.find(_EVENT_TIME), content.body.rfind(_EVENT_TIME)
        for place in {first, last} - {-1}:
            after = bytes(content.body[place + len(_EVENT_TIME) : place + _LONGEST_TIME])
            text = after.partition(b'"')[2].partition(b'"')[0].decode("utf-8", "replace")
            second = event_time({"eventTime": text})
            if second is not None and self._is_in_time(second):
                self.correlator.saw(second)

    def _read_whole(self, raw: bytes) -> Iterable[Record]:
        """Give the records in what is not plainly one. Raises ValueError if there are none."""
        said: list[str] = []
        found = list(records(FileContent(path="", body=raw), said.append))
        if not found:
            raise ValueError(said[0] if said else "it is not a record")
        for problem in said:
            self._report(problem)
        return found

    def _report(self, problem: str) -> None:
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(problem)
        else:
            self._left_out += 1

    def _told_problems(self) -> list[str]:
        more = [f"and {self._left_out:,} more problems"] if self._left_out else []
        return self._problems + more


def _with_links(compiled: CompiledRules, *, wanted: bool) -> CompiledRules:
    if not wanted:
        return compiled
    return msgspec.structs.replace(compiled, rules=(*compiled.rules, _LINKS))
