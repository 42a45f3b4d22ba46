"""Events of CloudTrail to findings: match the rules, remember, record.

Delivered again, late or in another order, events give the same findings: what is remembered are
sets, and findings count each event once. Events that match nothing cause no write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from vedette.detection.correlate.correlator import Correlator, MemoryMatch
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.store import HitStore
from vedette.detection.derive.fields import dependences, derivations
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.event.record import text_at
from vedette.detection.ir import CompiledRules
from vedette.detection.match.matcher import RuleHits, RuleMatcher
from vedette.findings.observation import Observation
from vedette.findings.store import FindingStore
from vedette.findings.suppression import Suppression
from vedette.operations.batches import Batch, Message
from vedette.operations.canary import returned_mark
from vedette.operations.detect_memory import Learning, NotedHits, Told, packed_id, told_of
from vedette.operations.detect_observations import observation_of, observations_of
from vedette.operations.detect_ours import Ours
from vedette.operations.hunt_memory import tellings_of
from vedette.operations.hunt_sightings import EventTelling, Seen
from vedette.operations.recording import record_all
from vedette.operations.rules_in_force import dark_rules, derived_names, without
from vedette.operations.telemetry import Telemetry


class SetsMarks(Protocol):
    """Keeps when something was last seen."""

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        """Move a mark to a time, never back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What detection goes by: rules, what derived fields know, findings that are accepted."""

    rules: CompiledRules
    world: DerivationSettings
    suppressions: Sequence[Suppression] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where detection keeps findings, hits and marks."""

    findings: FindingStore
    hits: HitStore
    marks: SetsMarks


class Detector:
    """Detects in batches; keep one for a process, since what its matcher remembers is its speed."""

    def __init__(self, content: Content, stores: Stores, ours: Ours, telemetry: Telemetry) -> None:
        """`dark` names the rules that cannot run for want of settings, and why."""
        world = content.world
        self.dark: Mapping[str, str] = dark_rules(content.rules, world)
        compiled = without(content.rules, self.dark)
        names = derived_names(compiled)
        self._derivations = derivations(names, world)
        self._matcher = RuleMatcher(compiled, self._derivations, dependences=dependences(names))
        self._tellings = tellings_of(compiled)
        self._by_place = [self._tellings[rule.id] for rule in compiled.rules]
        self._plan = plan_of(compiled)
        self._learning = Learning(self._plan)
        self._stores = stores
        self._ours = ours
        self._suppressions = content.suppressions
        self._telemetry = telemetry

    def handle(self, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Detect in the messages of one call, and return which of them failed."""
        batch = Batch(event, self._ours.accounts, self._telemetry)
        run = _Run(batch, Correlator(self._plan, self._learning))
        for _ in batch.each(lambda message: self._look_at(message, run)):
            pass
        self._judge(run)
        record_all(run.told, self._stores.findings, batch, self._suppressions)
        return batch.answer()

    def _look_at(self, message: Message, run: "_Run") -> None:
        record = message.envelope.detail
        if not message.envelope.is_cloudtrail:
            run.batch.refuse("not of CloudTrail")
            return
        if (call := self._ours.canary_call(record)) is not None:
            self._note_canary(call, record, message.envelope.time)
            return
        if self._ours.is_own_read(record):
            return
        hits = self._matcher.matches_on(record)
        if not hits:
            return
        event = EventTelling(record, "", self._derivations)
        if event.second is None:
            run.batch.refuse("no usable time")
            return
        self._remember(event, hits, message.id, run)
        for hit in hits:
            telling = self._by_place[hit.rule]
            if telling.rule.alerts and not telling.remembers:
                account = message.envelope.account
                told = observation_of(event, telling, hit.quieted_by, account)
                run.tell([message.id], told)

    def _note_canary(self, call: str, record: Mapping[str, Any], told_at: datetime) -> None:
        request = text_at(record, "requestID") or ""
        self._stores.marks.set(returned_mark(call), told_at, request)

    def _remember(self, event: EventTelling, hits: RuleHits, message: str, run: "_Run") -> None:
        rules = [self._by_place[hit.rule].rule.id for hit in hits]
        sightings = [
            sighting for rule in rules for sighting in run.correlator.sightings(rule, event.texts)
        ]
        if sightings and event.second is not None:
            seen = event.seen(hits, for_stories=False)
            run.correlator.remember(sightings, event.second, event.event_id, seen)
            run.saw(packed_id(event.event_id), seen, event.second, message)

    def _judge(self, run: "_Run") -> None:
        """Judge what rules with memory were told; where that fails, the messages come again."""
        if not run.seen:
            return
        noted = NotedHits(self._stores.hits, self._plan, self._tellings, run.seen)
        try:
            self._learning.begin(self._stores.hits, min(run.seconds.values()))
            matches = run.correlator.finish(noted).matches
        except Exception as error:  # noqa: BLE001 - findings of single events do not hang on it
            run.fail_all(type(error).__name__)
            return
        for event, problem in noted.unreachable.items():
            run.fail(event, type(problem).__name__)
        for match in matches:
            self._tell(match, noted, run)

    def _tell(self, match: MemoryMatch, noted: NotedHits, run: "_Run") -> None:
        telling = self._tellings[match.rule]
        packed = {one: packed_id(one) for one in match.event_ids}
        told: dict[str, Told] = {}
        for event_id, event in packed.items():
            known = noted.told.get(event, {})
            if (one := known.get(match.rule)) is not None:
                told[event_id] = one
            elif event in run.seen:
                told[event_id] = told_of(run.seen[event], telling, run.seconds[event])
            elif known:
                told[event_id] = known[min(known)]
        messages = {one for event in packed.values() for one in run.messages.get(event, ())}
        for observation in observations_of(match, telling, told):
            run.tell(messages, observation)


class _Run:
    """What one call has seen so far: events that count, and what is to be recorded for whom."""

    def __init__(self, batch: Batch, correlator: Correlator) -> None:
        self.batch = batch
        self.correlator = correlator
        self.seen: dict[bytes, Seen] = {}
        self.seconds: dict[bytes, int] = {}
        self.messages: defaultdict[bytes, set[str]] = defaultdict(set)
        self.told: list[tuple[Set[str], Observation]] = []

    def saw(self, event: bytes, seen: Seen, second: int, message: str) -> None:
        self.seen[event] = seen
        self.seconds[event] = second
        self.messages[event].add(message)

    def tell(self, messages: Iterable[str], observation: Observation) -> None:
        self.told.append((frozenset(messages), observation))

    def fail(self, event: bytes, reason: str) -> None:
        """Fail the messages of an event; what is no event of this batch stands for any of them."""
        if event in self.messages:
            self.batch.fail(self.messages[event], reason)
        else:
            self.fail_all(reason)

    def fail_all(self, reason: str) -> None:
        for some in self.messages.values():
            self.batch.fail(some, reason)
