"""One message a second, however many functions send: mail providers stop taking more."""

import random
import time
from collections.abc import Callable
from typing import Final, Protocol
from uuid import uuid4

from vedette.alerting.sender import SenderBusyError
from vedette.aws.stores.state import PUT
from vedette.findings.store import FindingStoreError

LEASE: Final = "publish"
LEAST_SECONDS_LEFT: Final = 15.0
_PAUSE: Final = 0.2


class Leasing(Protocol):
    """Gives out leases; those of the state table do."""

    def take(self, name: str, owner: str, seconds: int) -> bool:
        """Take a lease. Returns False if somebody else holds it."""
        ...


class Pace:
    """Lets one message pass a second: each takes a lease that lasts so long.

    `seconds_left` tells how long the function may still run.
    """

    CALLS: Final = frozenset({PUT})

    def __init__(
        self,
        leases: Leasing,
        seconds_left: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._leases = leases
        self._seconds_left = seconds_left
        self._sleep = sleep

    def wait(self) -> None:
        """Wait for our turn.

        Where the leases cannot be had, alerts go out all the same, a second apart. Raises
        SenderBusyError where too little time is left to send.
        """
        owner = str(uuid4())
        while self._seconds_left() > LEAST_SECONDS_LEFT:
            try:
                ours = self._leases.take(LEASE, owner, 1)
            except FindingStoreError:
                self._sleep(1)
                return
            if ours:
                return
            self._sleep(_PAUSE + random.uniform(0, _PAUSE))  # noqa: S311 - spreads retries
        raise SenderBusyError("the time is up: the rest is sent next time")
