"""Starts a function's process in place of `python -m awslambdaric`: the same, on the test's clock.

A function that sleeps does not wait: all clocks go forward instead, those of the other processes
too. How far they are ahead of the real time stands in a file (`VEDETTE_TEST_CLOCK`) that all share.
"""

import fcntl
import os
import socket
import struct
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import time_machine

CLOCK: Final = "VEDETTE_TEST_CLOCK"
LOOPBACK: Final = "127.0.0.1"
SECONDS: Final = struct.Struct("d")


class SharedClock:
    """How many seconds the test's time is ahead, in a file that several processes read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            path.write_bytes(SECONDS.pack(0.0))

    def read(self) -> float:
        """Return the seconds."""
        return float(SECONDS.unpack(self._path.read_bytes())[0])

    def advance(self, seconds: float) -> float:
        """Let time pass, and return how far ahead it is now."""
        with self._path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            ahead = float(SECONDS.unpack(file.read())[0]) + seconds
            file.seek(0)
            file.write(SECONDS.pack(ahead))
        return ahead


class ProcessClock:
    """The clocks of this process, which follow the shared one."""

    def __init__(self, shared: SharedClock) -> None:
        self._shared = shared
        self._ahead = 0.0
        self._monotonic = time.monotonic
        now = datetime.now(UTC)
        self._machine: Any = time_machine.travel(now, tick=True).start()
        clocks: Any = time
        clocks.sleep, clocks.monotonic = self.sleep, self.monotonic
        self.catch_up()

    def catch_up(self) -> None:
        """Go on to the shared time."""
        self._move(self._shared.read())

    def sleep(self, seconds: float) -> None:
        """Let time pass for everyone."""
        self._move(self._shared.advance(seconds))

    def monotonic(self) -> float:
        """Return the seconds of a clock that never goes back."""
        return self._monotonic() + self._ahead

    def _move(self, ahead: float) -> None:
        self._machine.shift(ahead - self._ahead)
        self._ahead = ahead


def resolve_below_endpoint() -> None:
    """Find `123456789012.127.0.0.1`: S3 Control puts the account before any endpoint's host."""
    look_up = socket.getaddrinfo

    def find(host: Any, *others: Any, **named: Any) -> Any:
        is_below = isinstance(host, str) and host.endswith(f".{LOOPBACK}")
        return look_up(LOOPBACK if is_below else host, *others, **named)

    socket.getaddrinfo = find


def main(handler: str) -> None:
    """Serve invocations until the process is ended."""
    from awslambdaric import bootstrap  # noqa: PLC0415 - after the clocks are set
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient  # noqa: PLC0415

    environ = os.environ  # noqa: TID251 - this is a program of its own
    clock = ProcessClock(SharedClock(Path(environ.pop(CLOCK))))
    resolve_below_endpoint()
    sys.path.insert(0, environ["LAMBDA_TASK_ROOT"])

    class Client(LambdaRuntimeClient):  # type: ignore[misc] # awslambdaric has no types.
        def wait_next_invocation(self) -> Any:
            invocation = super().wait_next_invocation()
            clock.catch_up()
            return invocation

    bootstrap.run(handler, Client(environ["AWS_LAMBDA_RUNTIME_API"], True))


if __name__ == "__main__":
    main(sys.argv[1])
