"""Hands what could not be handled to the functions once more.

Nobody but AWS and Vedette's own rules may write to the queues that feed functions, so messages are
not moved back: each is handed to its function as the queue would, and deleted once the function has
answered for it. Whatever fails again stays where it is.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Protocol

from vedette.aws.queues import Letter

# Longer than all calls for one batch may take, one message at a time.
HIDDEN: Final = timedelta(minutes=30)
# What Lambda takes in one call, less what wraps the messages. Source: Lambda quotas.
LARGEST_CALL: Final = 5_000_000
MOST_REASONS: Final = 10
Function = str
OnProgress = Callable[[int, int, str], None]


class CallFailedError(Exception):
    """A function could not be called, or ended without an answer; the message says how."""


class Mailbox(Protocol):
    """The queue of what could not be handled."""

    @property
    def name(self) -> str:
        """Return the name that people know it by."""
        ...

    @property
    def arn(self) -> str:
        """Return its ARN."""
        ...

    def receive(self) -> Sequence[Letter]:
        """Return messages that nobody else gets for half an hour; none if there are no more."""
        ...

    def remove(self, letters: Sequence[Letter]) -> None:
        """Delete messages."""
        ...

    def release(self, letters: Sequence[Letter]) -> None:
        """Show messages to others again."""
        ...


class Functions(Protocol):
    """Calls functions."""

    def function_of(self, letter: Letter) -> Function | None:
        """Return the function that is to handle a message; None if nothing tells."""
        ...

    def call(self, function: Function, event: Mapping[str, Any]) -> Any:
        """Return a function's answer. Raises CallFailedError."""
        ...


@dataclass(slots=True, kw_only=True)
class Redriven:
    """What became of the messages of a queue; `reasons` are bounded, `failed` counts all."""

    queue: str
    handled: int = 0
    failed: int = 0
    reasons: list[str] = field(default_factory=list)

    def fail(self, letters: Sequence[Letter], reason: str) -> None:
        """Note messages that are left as they are."""
        self.failed += len(letters)
        for one in letters[: MOST_REASONS - len(self.reasons)]:
            self.reasons.append(f"{one.id}: {reason}")


def redrive(mailbox: Mailbox, functions: Functions, most: int, on_progress: OnProgress) -> Redriven:
    """Hand over at most `most` messages of a queue, each once."""
    outcome = Redriven(queue=mailbox.name)
    # What was received and not removed: shown to others again, whatever happens.
    held: dict[str, Letter] = {}
    seen: set[str] = set()
    try:
        while len(seen) < most and (received := mailbox.receive()):
            held.update({one.id: one for one in received})
            letters = [one for one in received if one.id not in seen][: most - len(seen)]
            if not letters:
                break
            seen.update(one.id for one in letters)
            handled = _hand_over(letters, mailbox, functions, outcome)
            mailbox.remove(handled)
            outcome.handled += len(handled)
            for one in handled:
                del held[one.id]
            on_progress(len(seen), most, mailbox.name)
    finally:
        mailbox.release(list(held.values()))
    return outcome


def _hand_over(
    letters: Sequence[Letter], mailbox: Mailbox, functions: Functions, outcome: Redriven
) -> list[Letter]:
    """Return the messages that a function has answered for."""
    by_function: dict[Function, list[Letter]] = {}
    for one in letters:
        function = functions.function_of(one)
        if function is None:
            outcome.fail([one], "it does not say which rule it is of")
        else:
            by_function.setdefault(function, []).append(one)
    handled: list[Letter] = []
    for function, several in by_function.items():
        for batch in _batches(several):
            handled += _call(function, batch, mailbox, functions, outcome)
    return handled


def _call(
    function: Function,
    batch: Sequence[Letter],
    mailbox: Mailbox,
    functions: Functions,
    outcome: Redriven,
) -> list[Letter]:
    """Call a function; one that ends without an answer gets each message by itself."""
    try:
        answer = functions.call(function, _event(batch, mailbox.arn))
    except CallFailedError as error:
        if len(batch) == 1:
            outcome.fail(batch, str(error))
            return []
        return [
            done for one in batch for done in _call(function, [one], mailbox, functions, outcome)
        ]
    failed = _failed(answer, batch)
    outcome.fail([one for one in batch if one.id in failed], "the function failed it again")
    return [one for one in batch if one.id not in failed]


def _failed(answer: Any, batch: Sequence[Letter]) -> Set[str]:
    """Return the ids that failed; of an answer that says nothing of them, all."""
    try:
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
    except (KeyError, TypeError):
        failed = {one.id for one in batch}
    return failed


def _batches(letters: Sequence[Letter]) -> list[list[Letter]]:
    batches: list[list[Letter]] = []
    room = 0
    for one in letters:
        # Every character may be escaped: six for one.
        size = 6 * len(one.body)
        if not batches or size > room:
            batches.append([])
            room = LARGEST_CALL
        batches[-1].append(one)
        room -= size
    return batches


def _event(letters: Sequence[Letter], arn: str) -> dict[str, Any]:
    """Return what SQS hands to a function.

    Source: Lambda Developer Guide, "Using Lambda with Amazon SQS".
    """
    return {
        "Records": [
            {
                "messageId": one.id,
                "receiptHandle": one.receipt,
                "body": one.body,
                "attributes": {},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": arn,
                "awsRegion": arn.split(":")[3],
            }
            for one in letters
        ]
    }
