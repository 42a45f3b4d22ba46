"""Tells people and machines of the transitions in a batch of the findings table's stream.

A transition counts as told once the finding says so; what was told before is passed over, so a
batch that comes again repeats only what was sent in the moment before a crash. What is not told
here stays among the unannounced, which `reconcile` tells.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vedette.alerting.facts import Accounts
from vedette.alerting.finding_message import finding_message
from vedette.alerting.routing import FloodGate, Route, route_of
from vedette.alerting.sender import MessageRefusedError, SendError
from vedette.aws.senders.pace import Pace
from vedette.aws.senders.topics import SnsTopics
from vedette.aws.stores.findings import DynamoFindings
from vedette.findings.store import FindingStore, FindingStoreError
from vedette.operations.dispatch_announcing import Announcer
from vedette.operations.dispatch_records import StreamBatch, StreamedTransition, read_batch
from vedette.operations.dispatch_texts import RuleTexts
from vedette.operations.telemetry import Metric, Telemetry

# By the resource's logical name.
CALLS_ON: Final[Mapping[str, frozenset[str]]] = {
    "findings_table": DynamoFindings.ANNOUNCE_CALLS,
    "state_table": Pace.CALLS,
    "alert_topic": SnsTopics.SEND_CALLS,
    "chat_topic": SnsTopics.SEND_CALLS,
}
CALLS: Final = frozenset().union(*CALLS_ON.values())


@dataclass(slots=True)
class Dispatched:
    """What became of a batch: the sequence numbers to try again, counts, and what went wrong."""

    retry: list[str] = field(default_factory=list)
    counts: Counter[Metric] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    def answer(self) -> dict[str, list[dict[str, str]]]:
        """Return which records failed, as Lambda asks; it goes on from the first of them."""
        return {"batchItemFailures": [{"itemIdentifier": one} for one in self.retry]}


class Dispatch:
    """Dispatches batches; it lives as long as the function does and remembers the last minute."""

    def __init__(
        self,
        store: FindingStore,
        accounts: Accounts,
        texts: RuleTexts,
        *,
        gate: FloodGate | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._texts = texts
        self._gate = gate or FloodGate()
        self._clock = clock

    def run(self, event: Mapping[str, Any], announcer: Announcer) -> Dispatched:
        """Tell of the transitions of a batch in their order."""
        batch = read_batch(event)
        done = Dispatched(said=[f"unreadable record: {one}" for one in batch.unreadable])
        done.counts[Metric.SKIPPED] += len(batch.unreadable)
        self._tell_all(batch, announcer, done)
        failures = announcer.chat_failures
        done.said += [f"chat: {one}" for one in failures]
        done.counts[Metric.UNSENT] += len(failures)
        done.counts[Metric.TROUBLE] += len(batch.unreadable) + len(failures)
        return done

    def _tell_all(self, batch: StreamBatch, announcer: Announcer, done: Dispatched) -> None:
        waiting: set[str] = set()
        for place, one in enumerate(batch.transitions):
            if one.finding.id in waiting:
                # Transitions of one finding are told in their order.
                done.retry.append(one.sequence)
                continue
            try:
                done.counts[self._tell(one, announcer)] += 1
            except MessageRefusedError as error:
                done.said.append(f"finding {one.finding.id}: {error}")
                done.counts.update({Metric.SKIPPED: 1, Metric.TROUBLE: 1})
            except SendError as error:
                done.said.append(str(error))
                done.retry += [left.sequence for left in batch.transitions[place:]]
                return
            except FindingStoreError as error:
                done.said.append(f"finding {one.finding.id}: {error}")
                done.retry.append(one.sequence)
                waiting.add(one.finding.id)

    def _tell(self, one: StreamedTransition, announcer: Announcer) -> Metric:
        """Tell of one transition, and return as what it counts."""
        route = route_of(one.finding.severity)
        if route is Route.DIGEST:
            return Metric.HELD
        known = self._store.get(one.finding.id)
        if known is not None and known.announced_version >= one.transition.version:
            return Metric.REPEATED
        if route is Route.ALONE_UNLESS_MANY and not self._gate.admits(self._clock()):
            return Metric.HELD
        guidance = self._texts.guidance(one.finding)
        announcer.announce(finding_message(one.finding, self._accounts, guidance))
        self._store.mark_announced(one.finding.id, one.transition.version)
        return Metric.ANNOUNCED


def report(done: Dispatched, telemetry: Telemetry) -> None:
    """Log what went wrong, and count."""
    for one in dict.fromkeys(done.said):
        telemetry.say("ERROR", "alert not sent", reason=one)
    telemetry.count(done.counts)
