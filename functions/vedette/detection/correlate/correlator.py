"""Runs the rules with memory over a batch of events: a hunt, or what a queue delivers at once.

Events are told one by one, in any order; `finish` judges. The answer depends on the set of events
alone, as long as no limit of `batch` is reached.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from vedette.detection.correlate import batch as limits
from vedette.detection.correlate.baseline import Baseline
from vedette.detection.correlate.batch import Batch, Group
from vedette.detection.correlate.hits import Hit, digest_of, unpack
from vedette.detection.correlate.notes import (
    MOST_NOTES,
    MakeDetail,
    Notebook,
    NotedHit,
    as_kept,
)
from vedette.detection.correlate.plan import Node, Plan
from vedette.detection.correlate.store import GroupKey, HitStore, NothingStored
from vedette.detection.correlate.telling import Look, Sighting, sightings, told_by_episode
from vedette.detection.correlate.windows import Episode

SHOWN_EVENTS: Final = 1_000
_SHED_PART: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryMatch:
    """A match of a rule with memory: one burst, one sequence, one new value, one journey.

    `time` is when the condition first held and `until` when it last did, in seconds since 1970.
    `group` gives the fields by which events were grouped and their values. `event_ids` are in order
    of time, at most `SHOWN_EVENTS` of the `event_count` that took part. `details` are those kept of
    these events, `trigger` the one of the event at which the condition first held, and
    `trigger_id` the id of that event.
    """

    rule: str
    time: int
    until: int
    group: tuple[tuple[str, str], ...]
    event_ids: tuple[str, ...]
    event_count: int
    trigger_id: str | None = None
    trigger: Any = None
    details: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The matches of a batch, by time, and what limits kept it from being exact."""

    matches: tuple[MemoryMatch, ...]
    problems: tuple[str, ...]


class Correlator:
    """Remembers what rules matched, and finds what that amounts to."""

    def __init__(
        self,
        plan: Plan,
        baseline: Baseline | None = None,
        make_detail: MakeDetail = as_kept,
    ) -> None:
        """`make_detail` makes what is to be shown of an event of what was kept or noted of it."""
        self._plan = plan
        self._make_detail = make_detail
        self.notebook = Notebook(plan)
        self._baseline = baseline or Baseline()
        self._places = {node.id: place for place, node in enumerate(plan.nodes)}
        self._judged: list[MemoryMatch] = []
        self._parts: dict[bytes, tuple[bytes, ...]] = {}
        self._shed = 0
        self.batch = Batch()

    def observe(
        self, rule: str, time: int | None, event_id: str, look: Look, detail: Any = None
    ) -> None:
        """Take note that a rule matched an event; `look` gives the texts of a field of it.

        `time` is the event's, in seconds since 1970. `detail` is what to show of it.
        """
        if rule in self._plan.placements:
            self.remember(self.sightings(rule, look), time, event_id, detail)

    def fields(self, rule: str) -> list[str]:
        """Return the fields of an event for which rules with memory look when a rule matches it."""
        placements = self._plan.placements.get(rule, ())
        return [name for one in placements for name in (*one.group, *one.values, *one.carried)]

    def sightings(self, rule: str, look: Look) -> list[Sighting]:
        """Return what a match of a rule means to rules with memory; `look` as for `observe`."""
        return [
            sighting
            for placement in self._plan.placements.get(rule, ())
            for sighting in sightings(self._places[placement.node.id], placement, look)
        ]

    def remember(
        self, seen: Sequence[Sighting], time: int | None, event_id: str, detail: Any = None
    ) -> None:
        """Take note of what one event means: its sightings by all rules that match it."""
        if time is None:
            self.batch.undated += 1
            return
        self.batch.saw(time)
        event = self.batch.ids.pack(event_id)
        for place, group, source, value, carried, look_back in seen:
            self.batch.add(place, group, Hit(time, source, event, value, carried), look_back)
        if seen and detail is not None:
            self.batch.keep_detail(event, detail)
        if self.batch.size > limits.MOST_GROUPS or self.batch.hits > limits.MOST_HITS:
            # What is noted of the groups that are closed now belongs to them.
            self.settle()
            self._make_room()

    def noted(self) -> None:
        """Take note that an event was put down in the notebook."""
        self.notebook.count += 1
        if self.notebook.count >= MOST_NOTES:
            self.settle()

    def settle(self) -> None:
        """Work out all notes."""
        self._work_out(self.notebook.hits())

    def hand_over(self) -> Batch:
        """Return what was told so far, for another correlator to join, and start afresh."""
        self.settle()
        batch, self.batch = self.batch, Batch()
        return batch

    def _work_out(self, chosen: Iterable[NotedHit]) -> None:
        """Take chosen hits of the notebook, and forget the others."""
        for end in self.notebook.ends():
            self.batch.saw(end)
        undated: set[str] = set()
        packed: dict[str, bytes] = {}
        for (place, group, source, value, carried, look_back), note, time in chosen:
            if time is None:
                undated.add(note[1])
                continue
            event = packed.get(note[1])
            if event is None:
                event = packed[note[1]] = self.batch.ids.pack(note[1])
            self.batch.add(place, group, Hit(time, source, event, value, carried), look_back)
            self.batch.keep_detail(event, note)
        self.batch.undated += len(undated)
        self.notebook.clear()
        if self.batch.size > limits.MOST_GROUPS or self.batch.hits > limits.MOST_HITS:
            self._make_room()

    def saw(self, time: int) -> None:
        """Note that events were observed at a time: learning periods count from the first."""
        self.batch.saw(time)

    def join(self, other: Batch) -> None:
        """Take what a correlator of the same rules was told in another process."""
        self.batch.join(other)
        if self.batch.size > limits.MOST_GROUPS or self.batch.hits > limits.MOST_HITS:
            self._make_room()

    def finish(self, store: HitStore | None = None) -> Judged:
        """Judge what was told, together with what the store remembers, and start afresh.

        Returned are the matches in which an event of this batch takes part.
        """
        kept = store or NothingStored()
        if store is None:
            self._work_out(self.notebook.promising(self.batch.count))
        else:
            self.settle()
        for place, node in enumerate(self._plan.nodes):
            # Nodes come before those above them, which they feed while they are judged.
            for key in self.batch.keys(place):
                self._judge(node, key, self.batch.take(place, key), kept)
        matches = sorted(self._judged, key=lambda one: (one.time, one.rule, one.group))
        judged = Judged(tuple(matches), tuple(self._problems()))
        # Learning goes on from batch to batch.
        self._judged, self._shed, self.batch = [], 0, Batch(since=self.batch.since)
        return judged

    def _problems(self) -> Iterator[str]:
        if self._shed:
            yield (
                f"Correlations keep {limits.MOST_HITS:,} hits in {limits.MOST_GROUPS:,} groups."
                f" That was not enough: {self._shed:,} groups were judged early, the quietest"
                " first, so a match across that moment may be missing or in two parts."
            )
        if self.batch.undetailed:
            yield f"{self.batch.undetailed:,} correlated events are told by their ids alone."
        if self.batch.undated:
            yield f"{self.batch.undated:,} events bear no usable time and were not correlated."

    def _make_room(self) -> None:
        """Judge the groups that have been quiet the longest, a quarter at once."""
        enough_groups = limits.MOST_GROUPS - limits.MOST_GROUPS // _SHED_PART
        enough_hits = limits.MOST_HITS - limits.MOST_HITS // _SHED_PART
        for place, key in self.batch.quietest():
            if self.batch.size <= enough_groups and self.batch.hits <= enough_hits:
                return
            self._judge(self._plan.nodes[place], key, self.batch.take(place, key), NothingStored())
            self._shed += 1

    def _judge(self, node: Node, group: GroupKey, added: Group, store: HitStore) -> None:
        if len(added) < node.least and isinstance(store, NothingStored):
            return
        new = added.packed()
        known = store.add(node.id, group, new) | self._baseline.hits(node.id, group)
        observation = self._baseline.observation(node.id, self.batch.since)
        fresh = {unpack(one)[:3] for one in new}
        for episode in node.episodes(map(unpack, known), observation):
            if any(hit[:3] in fresh for hit in episode.hits):
                self._tell_above(node, group, episode)
                if node.alerts:
                    self._judged.append(self._match(node, group, episode))

    def _tell_above(self, node: Node, group: GroupKey, episode: Episode) -> None:
        if not node.above:
            return
        identity = digest_of("\0".join((node.id, *group, str(episode.time))), 16)
        self._parts[identity] = tuple(islice(self._events(episode.hits), SHOWN_EVENTS))
        for link, key, hit in told_by_episode(node.above, episode, node.timespan, identity):
            self.batch.add(self._places[link.node.id], key, hit)

    def _events(self, hits: Iterable[Hit]) -> Iterator[bytes]:
        """Yield the events behind hits in their order, each once, those of episodes included."""
        seen: set[bytes] = set()
        for hit in hits:
            for event in self._parts.get(hit.event, (hit.event,)):
                if event not in seen:
                    seen.add(event)
                    yield event

    def _match(self, node: Node, group: GroupKey, episode: Episode) -> MemoryMatch:
        events = list(self._events(episode.hits))
        shown = events[:SHOWN_EVENTS]
        details = self.batch.details
        at_first = self._events(hit for hit in episode.hits if hit.time == episode.time)
        triggers = [event for event in at_first if event in details]
        return MemoryMatch(
            rule=node.id,
            time=episode.time,
            until=episode.until,
            group=tuple(zip(node.group_by, group, strict=True)),
            event_ids=tuple(map(self.batch.ids.text, shown)),
            event_count=len(events),
            trigger_id=self.batch.ids.text(triggers[-1]) if triggers else None,
            trigger=self._make_detail(details[triggers[-1]]) if triggers else None,
            details=tuple(self._make_detail(details[one]) for one in shown if one in details),
        )
