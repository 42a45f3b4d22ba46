"""Batches of messages as SQS hands them to a function, and the answer which of them failed.

Source: AWS Lambda Developer Guide, "Handling errors for an SQS event source".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from vedette.operations.envelopes import Envelope, RefusedError, read_envelope
from vedette.operations.telemetry import Metric, Telemetry

_LOGGED_IDS: Final = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a queue: its id, and the event in it."""

    id: str
    envelope: Envelope


class Batch:
    """The messages of one call, and what becomes of them.

    A message that is refused is dropped: it would be refused again. One that failed is returned to
    the queue, and after some tries to the queue of what could not be handled.
    """

    def __init__(self, event: Mapping[str, Any], accounts: Set[str], telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._failed: dict[str, str] = {}
        self._refused: Counter[str] = Counter()
        self.counts: Counter[Metric] = Counter()
        self.messages = list(self._read(event, accounts))

    def each(self, handle: Callable[[Message], T]) -> Iterator[T]:
        """Handle each message; whatever goes wrong with one is a failure of that one alone."""
        for message in self.messages:
            try:
                yield handle(message)
            except Exception as error:  # noqa: BLE001 - one message must not take others along
                self.fail([message.id], type(error).__name__)

    def fail(self, messages: Iterable[str], reason: str) -> None:
        """Return messages to the queue; the first reason given for each is logged."""
        for one in messages:
            self._failed.setdefault(one, reason)

    def answer(self) -> dict[str, list[dict[str, str]]]:
        """Log and count what became of the messages, and return which failed, as Lambda asks."""
        for reason, count in sorted(self._refused.items()):
            self._telemetry.say("WARNING", "messages refused", reason=reason, count=count)
        for reason in sorted(set(self._failed.values())):
            ids = [one for one, why in self._failed.items() if why == reason]
            shown = " ".join(ids[:_LOGGED_IDS])
            self._telemetry.say(
                "ERROR", "messages failed", reason=reason, count=len(ids), messages=shown
            )
        self.counts[Metric.EVENTS] += len(self.messages)
        self.counts[Metric.FAILED] += len(self._failed)
        self._telemetry.count(self.counts)
        return {"batchItemFailures": [{"itemIdentifier": one} for one in self._failed]}

    def _read(self, event: Mapping[str, Any], accounts: Set[str]) -> Iterator[Message]:
        records = event.get("Records")
        for record in records if isinstance(records, list) else ():
            known = record if isinstance(record, dict) else {}
            identity, body = known.get("messageId"), known.get("body")
            if not isinstance(identity, str) or not isinstance(body, str):
                self._refuse("not a message", Metric.UNREADABLE)
                continue
            try:
                yield Message(identity, read_envelope(body, accounts))
            except RefusedError as error:
                forged = error.refusal.is_forgery
                self._refuse(error.refusal, Metric.FORGED if forged else Metric.UNREADABLE)

    def refuse(self, reason: str) -> None:
        """Drop a message for what its event lacks."""
        self._refuse(reason, Metric.UNREADABLE)

    def _refuse(self, reason: str, metric: Metric) -> None:
        self._refused[reason] += 1
        self.counts[metric] += 1
