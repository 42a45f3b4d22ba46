"""Trouble of chosen callers: throttling now and then, and functions that die between two calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock
from typing import Final, Literal

from tests.deployed.harness.iam.principals import Principal
from vedette.aws.stand_in import error_codes
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.wire import refuse

RATE_EXCEEDED: Final = "Rate exceeded"
When = Literal["before", "after"]


@dataclass(slots=True, eq=False)
class Trouble:
    """What happens to calls of an operation that roles make; `hits` counts how often it did.

    The first `after_calls` calls are spared; `times` bounds how often it happens.
    """

    operation: str
    strike: Callable[[Principal, Call], Answer | None]
    when: When = "before"
    every: int = 1
    times: int | None = None
    hits: int = 0
    _seen: int = field(default=0, repr=False)

    def happens(self, call: Call, when: When) -> bool:
        """Tell whether it happens now, and count."""
        if when != self.when or not fnmatchcase(call.name, self.operation):
            return False
        self._seen += 1
        if self._seen % self.every or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


class Troubles:
    """The trouble in force. It befalls roles alone: neither the test nor AWS's own services."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._all: list[Trouble] = []

    def throttle(self, operation: str, *, every: int = 5) -> Trouble:
        """Throttle one call in so many."""
        return self.add(Trouble(operation, _throttled, every=every))

    def fail(self, operation: str, *, times: int) -> Trouble:
        """Let the next so many calls fail inside of AWS."""
        return self.add(Trouble(operation, _failed, times=times))

    def add(self, trouble: Trouble) -> Trouble:
        """Add one of another kind."""
        with self._lock:
            self._all.append(trouble)
        return trouble

    def clear(self) -> None:
        """Lift all."""
        with self._lock:
            self._all.clear()

    def befalls(self, who: Principal, call: Call, when: When) -> Answer | None:
        """Let happen what happens at this call; an answer takes the place of AWS's."""
        if who.kind != "role":
            return None
        with self._lock:
            struck = [one for one in self._all if one.happens(call, when)]
        answers = [one.strike(who, call) for one in struck]
        return next((one for one in answers if one is not None), None)


def _throttled(_: Principal, call: Call) -> Answer:
    error = error_codes.look_up(error_codes.THROTTLED, call)
    return refuse(call, error.code, RATE_EXCEEDED, error.status)


def _failed(_: Principal, call: Call) -> Answer:
    error = error_codes.look_up(error_codes.FAILED, call)
    return refuse(call, error.code, "An internal error occurred.", error.status)
