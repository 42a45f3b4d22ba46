"""One warm process of a function: AWS's runtime interface client, started as Lambda starts it."""

import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from threading import Thread
from typing import Any, Final

from tests.deployed.harness.clock import Clock
from tests.deployed.harness.runtime import bootstrap
from tests.deployed.harness.runtime.bootstrap import CLOCK
from tests.deployed.harness.runtime.runtime_api import Invocation, Outcome, RuntimeApi

BOOTSTRAP: Final = Path(bootstrap.__file__)
EXITED: Final = "Runtime.ExitError"
TIMED_OUT: Final = "Sandbox.Timedout"
# Nothing of this machine's settings, least of all its way into a real account.
SURROUNDINGS: Final = {
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
    "LANG": "en_US.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "TZ": ":UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a process is started with. `environment` holds Lambda's variables and the function's."""

    function: str  # ARN
    handler: str
    timeout: int  # in seconds
    code: Path
    packages: Path
    environment: Mapping[str, str]
    log: Path
    clock: Clock


class Worker:
    """A process that waits for invocations; it is gone after a timeout, an exit or `kill`."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._api = RuntimeApi()
        self._log = shape.log.open("ab")
        # The host's own packages are out of sight (-S); what is there is in PYTHONPATH.
        self._process = subprocess.Popen(  # noqa: S603 - the arguments are ours
            (sys.executable, "-S", "-P", str(BOOTSTRAP), shape.handler),
            cwd=shape.code,
            env={
                **SURROUNDINGS,
                "AWS_LAMBDA_RUNTIME_API": self._api.address,
                "LAMBDA_TASK_ROOT": str(shape.code),
                "PYTHONPATH": str(shape.packages),
                CLOCK: str(shape.clock.path),
                "_HANDLER": shape.handler,
                **shape.environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        self._waiting = Thread(target=self._note_exit, daemon=True)
        self._waiting.start()

    @property
    def is_alive(self) -> bool:
        """Tell whether it can still be invoked."""
        return self._process.poll() is None

    def invoke(self, event: Any) -> Outcome:
        """Invoke it and wait for the outcome, no longer than the function's timeout."""
        self._api.hand_over(
            Invocation(
                id=str(uuid.uuid4()),
                function=self._shape.function,
                event=event,
                deadline=int((self._shape.clock.now() + self._shape.timeout) * 1000),
            )
        )
        try:
            return self._api.outcomes.get(timeout=self._shape.timeout)
        except Empty:
            self.kill()
            return Outcome(error=TIMED_OUT)

    def kill(self) -> None:
        """End the process at once, in the middle of whatever it does."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and all that belongs to it."""
        self.kill()
        self._waiting.join()
        self._api.close()
        self._log.close()

    def _note_exit(self) -> None:
        code = self._process.wait()
        self._api.outcomes.put(Outcome(error=f"{EXITED}: exit status {code}"))
