"""The queues of a deployment that hold what could not be handled, and who is to handle it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vedette.aws import queues
from vedette.aws.collect.reader import Reader
from vedette.aws.deployed_functions import FunctionFailedError, invoke
from vedette.aws.deployment_stack import DeployedStack
from vedette.aws.errors import ReadError
from vedette.aws.queues import Letter
from vedette.operations.hub_queues import (
    FORWARDER,
    FUNCTION,
    LAST,
    NOTES,
    QUEUE,
    READERS,
    ROUTING,
    RULE,
    fitting,
)
from vedette.operations.hub_reach import Hub
from vedette.operations.redrive import (
    HIDDEN,
    CallFailedError,
    Function,
    OnProgress,
    Redriven,
    redrive,
)

# What EventBridge notes on an event that it could not deliver.
RULE_NOTE: Final = "RULE_ARN"


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckQueue:
    """A queue of what could not be handled, as it stands in a stack.

    `function` handles all that is in it, `note` says why nothing is to be handed over; with
    neither, the rule that each message names tells the function.
    """

    name: str
    region: str
    url: str
    waiting: int
    in_work: int
    function: Function | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """All such queues of a deployment; `unread` says which could not be looked at, and why."""

    queues: tuple[StuckQueue, ...]
    unread: tuple[str, ...]

    @property
    def to_hand_over(self) -> int:
        """Count the messages that a function is to handle."""
        return sum(one.waiting for one in self.queues if one.note is None)

    @property
    def notes(self) -> int:
        """Count the messages that tell of something, and hold no event."""
        return sum(one.waiting for one in self.queues if one.note is not None)


def stuck(hub: Hub) -> Stuck:
    """Look at all queues of what could not be handled, in every watched region."""
    found: list[StuckQueue] = []
    unread: list[str] = []
    for region in (hub.region, *hub.other_regions()):
        try:
            stack = hub.forwarder(region)
            if stack is None:
                unread.append(f"{region}: there is no forwarder")
                continue
            found += _queues(hub, stack)
        except ReadError as error:
            unread.append(f"{region}: {error.reason}")
    return Stuck(queues=tuple(found), unread=tuple(unread))


def redrive_queue(hub: Hub, queue: StuckQueue, most: int, on_progress: OnProgress) -> Redriven:
    """Hand a queue's messages to their functions. Raises ReadError."""
    reader = hub.in_region(queue.region)
    mailbox = _SqsMailbox(reader, queue)
    return redrive(mailbox, HubFunctions(hub, queue), most, on_progress)


def forget(hub: Hub, queue: StuckQueue, most: int) -> int:
    """Delete notes that hold no event, and return how many. Raises ReadError."""
    mailbox = _SqsMailbox(hub.in_region(queue.region), queue)
    gone = 0
    while gone < most and (letters := mailbox.receive()):
        mailbox.remove(letters)
        gone += len(letters)
    return gone


class _SqsMailbox:
    def __init__(self, reader: Reader, queue: StuckQueue) -> None:
        self._reader = reader
        self._url = queue.url
        self.name = queue.name
        self.arn = queues.arn_of(reader, queue.url)

    def receive(self) -> Sequence[Letter]:
        return queues.receive(self._reader, self._url, hidden=HIDDEN)

    def remove(self, letters: Sequence[Letter]) -> None:
        queues.remove(self._reader, self._url, letters)

    def release(self, letters: Sequence[Letter]) -> None:
        queues.release(self._reader, self._url, letters)


class HubFunctions:
    """The functions of a hub that handle what is in a queue."""

    def __init__(self, hub: Hub, queue: StuckQueue) -> None:
        self._hub = hub
        self._function = queue.function
        stack = hub.forwarder(queue.region)
        self._by_rule = dict(_functions_by_rule(hub, stack)) if stack is not None else {}

    def function_of(self, letter: Letter) -> Function | None:
        """Return the queue's function, or that which the rule noted on a message feeds."""
        if self._function is not None:
            return self._function
        return self._by_rule.get(_last(letter.notes.get(RULE_NOTE, "")))

    def call(self, function: Function, event: Mapping[str, Any]) -> Any:
        """Return a function's answer. Raises CallFailedError."""
        try:
            return invoke(self._hub.reader, function, event)
        except (FunctionFailedError, ReadError) as error:
            raise CallFailedError(str(error)) from error


def _functions_by_rule(hub: Hub, stack: DeployedStack) -> Iterator[tuple[str, Function]]:
    for rule in stack.of_kind(RULE):
        for prefix in (ROUTING, FORWARDER):
            for kind, function in READERS.items():
                if rule.logical.startswith(f"{prefix}{kind}"):
                    yield _last(rule.physical), hub.stack.find(FUNCTION, function)


def _last(name: str) -> str:
    """Return the rule's own name: the bus stands before it."""
    return name.rpartition("/")[2].rpartition("|")[2]


def _queues(hub: Hub, stack: DeployedStack) -> Iterator[StuckQueue]:
    reader = hub.in_region(stack.region)
    for one in stack.of_kind(QUEUE):
        if (name := fitting(LAST, one.logical)) is None:
            continue
        depth = queues.depth_of(reader, one.physical)
        yield StuckQueue(
            name=f"{name} ({stack.region})",
            region=stack.region,
            url=one.physical,
            waiting=depth.waiting,
            in_work=depth.in_work,
            function=_function(hub, one.logical),
            note=fitting(NOTES, one.logical),
        )


def _function(hub: Hub, logical: str) -> Function | None:
    for kind, function in READERS.items():
        if logical.startswith(f"{kind}EventsDeadLetters"):
            return hub.stack.find(FUNCTION, function)
    return None
