"""Generated events on their way to the hub: what passes the patterns, and what a batch costs."""

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scripts.bench.events import Organisation, Writer
from scripts.bench.pipeline_calls import FINDINGS_WRITES, writes
from scripts.bench.pipeline_world import Event, Handled, World, batch
from vedette.detection.patterns.envelope import envelope_of
from vedette.operations.patterns import EventPattern, region_patterns

TOGETHER = 100
FIGURES = 3


class Passing:
    """Which of the generated events pass, and how often: once for each pattern that they fit.

    The hub's bus asks the same patterns again of each copy that arrives there.
    """

    def __init__(self, events: int) -> None:
        organisation = Organisation()
        writer = Writer(organisation, 0, distinct=False)
        self.accounts: Sequence[str] = organisation.accounts
        self._patterns = region_patterns()
        self._events = events
        self._puts = 0
        self._messages: Counter[str] = Counter()
        self._passed: Counter[str] = Counter()
        self.detected = list(self._detected(writer))

    def shares(self) -> Mapping[str, Any]:
        """Return what passes, as shares of all events."""
        return {
            "events": self._events,
            "passed": self._shares(self._passed),
            "copies put on the hub's bus": round(self._puts / self._events, FIGURES),
            "messages": self._shares(self._messages),
        }

    def _shares(self, counts: Mapping[str, int]) -> Mapping[str, float]:
        return {name: round(count / self._events, FIGURES) for name, count in counts.items()}

    def _detected(self, writer: Writer) -> Iterator[Event]:
        """Count all events, and yield the envelopes of those that `detect` gets."""
        for place in range(self._events):
            envelope = envelope_of(writer.event(place))
            fitting = [one for one in self._patterns if one.lets_through(envelope)]
            self._count(fitting)
            if any(one.queue == "detect" for one in fitting):
                yield envelope

    def _count(self, fitting: Sequence[EventPattern]) -> None:
        self._puts += len(fitting)
        self._passed.update({one.queue for one in fitting})
        self._messages.update(one.queue for one in fitting for _ in fitting)


def batches_of(world: World, envelopes: Sequence[Event]) -> Mapping[str, Any]:
    """Let `detect` handle events that pass its patterns, and return the medians of warm batches."""
    with world.function("detect") as detect:
        starts = range(0, len(envelopes) - TOGETHER + 1, TOGETHER)
        handled = [detect.handle(batch(envelopes[one : one + TOGETHER])) for one in starts]
    # The first batches fill what the matcher remembers.
    warm = handled[len(handled) // 3 :]
    events = TOGETHER * len(warm)
    return {
        "batches": len(warm),
        "processor ms for each": round(statistics.median(one.cpu_ms for one in warm), 1),
        "processor ms of the first": round(handled[0].cpu_ms, 1),
        "peak MB": round(max(one.peak_mb for one in handled), 1),
        "calls for each event": round(_calls(warm) / events, FIGURES),
        "writes of findings for each event": round(
            sum(one.count(*FINDINGS_WRITES) for one in warm) / events, FIGURES
        ),
        "writes for each event": round(sum(map(writes, warm)) / events, FIGURES),
    }


def _calls(handled: Sequence[Handled]) -> int:
    return sum(sum(one.calls.values()) for one in handled)
