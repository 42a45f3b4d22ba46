"""The test's clock: time passes in functions and queues when the test, or a function, says so."""

import time
from datetime import timedelta
from pathlib import Path

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.authorizer import ASSUME_ROLE
from tests.deployed.harness.iam.principals import Principal
from tests.deployed.harness.memory import make_earlier
from tests.deployed.harness.runtime.bootstrap import SharedClock
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.wire import reply, result_of


class Clock:
    """Real time and the seconds by which the test's time is ahead of it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._shared = SharedClock(path)

    def now(self) -> float:
        """Return the test's time, in seconds since 1970."""
        return time.time() + self._shared.read()

    def reset(self) -> None:
        """Go back to the real time; whatever runs by this clock must be gone."""
        self._shared.advance(-self._shared.read())

    def keep_sessions_valid(self, endpoint: Endpoint) -> None:
        """Let credentials of roles expire by this clock."""

        def assume(_: Principal, call: Call) -> Answer:
            answer = endpoint.forward(call)
            if not answer.succeeded:
                return answer
            result = result_of(call, answer)
            ahead = timedelta(seconds=self._shared.read())
            result["Credentials"]["Expiration"] += ahead
            return reply(call, result)

        endpoint.services[ASSUME_ROLE] = assume

    def let_pass(self, region: str, *, seconds: float) -> None:
        """Let time pass: functions see it, and what queues hide until later becomes visible."""
        self._shared.advance(seconds)
        make_earlier(region, seconds=seconds)
