"""What rules with memory need beyond one batch: notes on events, and since when they learn.

A burst is complete with its last event, and whoever gets that one must tell all of them: how each
ended, whether an exclusion quiets it, who did it from where. So a short note of it is kept behind
each hit. Notes depend on the event alone, so hits with notes still merge by union.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Set
from typing import Final, NamedTuple

import msgspec

from vedette.detection.correlate.baseline import Baseline
from vedette.detection.correlate.hits import NO_VALUE, EventIds, Hit, digest_of, pack, unpack
from vedette.detection.correlate.memory import FirstSeen, Observation
from vedette.detection.correlate.plan import PRINCIPAL, Plan
from vedette.detection.correlate.store import GroupKey, HitStore
from vedette.detection.extensions import Outcome
from vedette.detection.never_quiet import never_quieted
from vedette.findings.store import FindingStoreError
from vedette.operations.hunt_sightings import RuleTelling, Seen

OBSERVED: Final = "vedette:observed"
# A hit that is older than the longest that is kept would be forgotten: it is noted again by then.
_NOTED_AGAIN: Final = 7 * 86_400
_LONGEST_NAME: Final = 120
# As many hits as an item keeps, each with such a note, fit into the 400 KB of an item.
_LONGEST_NOTE: Final = 150


class Told(NamedTuple):
    """What is told of one event that counted."""

    second: int
    outcome: Outcome | None
    quieted: bool
    account: str | None
    region: str | None
    source_ip: str | None
    principal: str | None


class _Note(msgspec.Struct, frozen=True, array_like=True):
    outcome: Outcome | None
    quieted: bool
    account: str | None = None
    region: str | None = None
    source_ip: str | None = None
    principal: str | None = None


_NOTES: Final = msgspec.json.Decoder(_Note)


def packed_id(event_id: str) -> bytes:
    """Return the bytes by which hits know an event."""
    return EventIds().pack(event_id)


class NotedHits:
    """Passes hits on to a store with notes behind them, and gives them back without.

    `told` is what the notes say of events, by rule and event. `unreachable` are the events whose
    hits the store did not take: the others are still judged.
    """

    def __init__(
        self,
        store: HitStore,
        plan: Plan,
        tellings: Mapping[str, RuleTelling],
        seen: Mapping[bytes, Seen],
    ) -> None:
        """`seen` are the events of this batch, by the bytes of their ids."""
        self._store = store
        self._nodes = {node.id: node for node in plan.nodes}
        self._tellings = tellings
        self._seen = seen
        self.told: defaultdict[bytes, dict[str, Told]] = defaultdict(dict)
        self.unreachable: dict[bytes, FindingStoreError] = {}

    def add(self, rule: str, group: GroupKey, hits: Collection[bytes]) -> Set[bytes]:
        """Join hits into the set of a group, and return all that the set holds now."""
        if isinstance(self._nodes[rule].memory, FirstSeen):
            return self._kept(rule, group, hits)
        noted = [self._noted(rule, one) for one in hits]
        return {self._plain(rule, one) for one in self._kept(rule, group, noted)}

    def _kept(self, rule: str, group: GroupKey, hits: Collection[bytes]) -> Set[bytes]:
        try:
            return self._store.add(rule, group, hits)
        except FindingStoreError as error:
            self.unreachable |= dict.fromkeys((unpack(one).event for one in hits), error)
            return frozenset(hits)

    def _noted(self, rule: str, packed: bytes) -> bytes:
        seen = self._seen.get(unpack(packed).event)
        note = b"" if seen is None else self._note(rule, seen)
        return packed + note + bytes([len(note)])

    def _note(self, rule: str, seen: Seen) -> bytes:
        telling, described = self._tellings[rule], seen.described
        grouped = PRINCIPAL in self._nodes[rule].group_by
        note = _Note(
            outcome=described.outcome,
            quieted=is_quieted(telling, seen),
            account=_short(described.account),
            region=_short(described.region),
            source_ip=_short(described.source_ip),
            principal=None if grouped else _short(described.principal),
        )
        written = msgspec.json.encode(note)
        if len(written) > _LONGEST_NOTE:
            written = msgspec.json.encode(msgspec.structs.replace(note, principal=None))
        if len(written) > _LONGEST_NOTE:
            written = msgspec.json.encode(_Note(note.outcome, note.quieted))
        return written

    def _plain(self, rule: str, stored: bytes) -> bytes:
        end = len(stored) - 1 - stored[-1]
        packed, written = stored[:end], stored[end:-1]
        if written:
            hit = unpack(packed)
            self._tell(rule, hit, _NOTES.decode(written))
        return packed

    def _tell(self, rule: str, hit: Hit, note: _Note) -> None:
        known = self.told[hit.event].get(rule)
        # Since the configuration changed, an event may have two notes: the louder one counts.
        if known is None or known.quieted:
            told = Told(hit.time, *msgspec.structs.astuple(note))
            self.told[hit.event][rule] = told


def is_quieted(telling: RuleTelling, seen: Seen) -> bool:
    """Tell whether an exclusion quiets an event for a rule with memory that counts it."""
    return not never_quieted(telling.rule.tags) and bool(seen.quieted_by(telling.counted))


def told_of(seen: Seen, telling: RuleTelling, second: int) -> Told:
    """Return what is told of an event of this batch."""
    described = seen.described
    return Told(
        second,
        described.outcome,
        is_quieted(telling, seen),
        described.account,
        described.region,
        described.source_ip,
        described.principal,
    )


def _short(text: str | None) -> str | None:
    return None if text is None else text[:_LONGEST_NAME]


class Learning(Baseline):
    """Since when each rule with `first_seen` has observed events, whichever process it was.

    A rule that is new learns first, however long the others have. What a process saw by itself
    counts for nothing: functions start anew all the time.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._rules = {
            digest_of(node.id, 16): node.id
            for node in plan.nodes
            if isinstance(node.memory, FirstSeen)
        }
        self._since: dict[str, int] = {}

    def begin(self, store: HitStore, second: int) -> None:
        """Ask since when rules have observed, and note the moment for those that begin now.

        Does nothing the second time. Raises FindingStoreError.
        """
        if self._since or not self._rules:
            return
        known: defaultdict[bytes, list[int]] = defaultdict(list)
        for one in map(unpack, store.add(OBSERVED, (), ())):
            known[one.event].append(one.time)
        due = {
            pack(Hit(second, 0, event, NO_VALUE))
            for event in self._rules
            if second - max(known.get(event, [0])) > _NOTED_AGAIN
        }
        if due:
            store.add(OBSERVED, (), due)
        self._since = {
            rule: min([second, *known.get(event, [])]) for event, rule in self._rules.items()
        }

    def observation(self, rule: str, since: int | None) -> Observation:
        """Return over which time a rule has observed events."""
        return Observation(since=self._since.get(rule, since))
