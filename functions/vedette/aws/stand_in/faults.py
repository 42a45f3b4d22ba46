"""Makes chosen calls to the stand-in fail as AWS fails them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Event, Lock
from typing import TypedDict, Unpack

from moto.utilities.utils import get_partition

from vedette.aws.stand_in import error_codes
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.error_codes import Codes
from vedette.aws.stand_in.wire import refuse

Failure = Callable[[Call], Answer | None]

IDENTITY_POLICY = "identity-based policy"
SERVICE_CONTROL_POLICY = "service control policy"
RESOURCE_CONTROL_POLICY = "resource control policy"
MESSAGES = {
    "throttled": "Rate exceeded",
    "expired": "The security token included in the request is expired",
    "region off": "The security token included in the request is invalid.",
    "gone": "The resource does not exist.",
    "failed": "An internal error occurred.",
}


class Where(TypedDict, total=False):
    """Which of an operation's calls fail.

    `region`: only there. `containing`: only if path, query or body contain this text, such as a
    bucket's name. `after`: the first so many matching calls succeed. `times`: then so many fail,
    and later ones succeed (without it all later ones fail).
    """

    region: str
    containing: str
    after: int
    times: int


class ConnectionCutError(ConnectionAbortedError):
    """Ends the connection without an answer; the server knows connection errors and stays quiet."""


@dataclass(slots=True, eq=False)
class Fault:
    """One rule: what fails, and how. `seen` counts matching calls, `hits` those that failed."""

    operation: str
    where: Where
    failure: Failure
    seen: int = 0
    hits: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def strikes(self, call: Call) -> bool:
        """Tell whether this call fails, and count it."""
        if not self._matches(call):
            return False
        after = self.where.get("after", 0)
        with self._lock:
            self.seen += 1
            struck = after < self.seen <= after + self.where.get("times", self.seen)
            self.hits += struck
        return struck

    def _matches(self, call: Call) -> bool:
        return (
            fnmatchcase(call.name, self.operation)
            and self.where.get("region", call.region) == call.region
            and self.where.get("containing", "") in call.text
        )


class Faults:
    """The faults in force.

    An operation is `service:Operation` with boto3's service names; `*` and `?` are wildcards. Where
    several faults match a call, the one set last decides.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._stopped = Event()

    def deny(self, operation: str, *, by: str = IDENTITY_POLICY, **where: Unpack[Where]) -> Fault:
        """Refuse for lack of permission, or by the explicit deny of a kind of policy."""

        def failure(call: Call) -> Answer:
            denied = error_codes.look_up(error_codes.DENIED, call)
            return refuse(call, denied.code, _denial(call, by), denied.status)

        return self._add(Fault(operation, where, failure))

    def throttle(self, operation: str, **where: Unpack[Where]) -> Fault:
        """Answer that the rate is exceeded, with the service's own code."""
        return self._refusing(operation, error_codes.THROTTLED, "throttled", where)

    def expire(self, operation: str = "*", **where: Unpack[Where]) -> Fault:
        """Answer that the credentials have expired."""
        return self._refusing(operation, error_codes.EXPIRED, "expired", where)

    def gone(self, operation: str, **where: Unpack[Where]) -> Fault:
        """Answer that the resource does not exist, as if it were deleted while being read."""
        return self._refusing(operation, error_codes.GONE, "gone", where)

    def switch_off(self, region: str) -> Fault:
        """Answer every call in a region as where the account has not switched the region on."""
        off = Where(region=region)
        return self._refusing("*", error_codes.REGION_OFF, "region off", off)

    def fail(self, operation: str, *, status: int = 500, **where: Unpack[Where]) -> Fault:
        """Answer with a server-side failure, such as 500 or 503."""

        def failure(call: Call) -> Answer:
            code = error_codes.look_up(error_codes.FAILED, call).code
            return refuse(call, code, MESSAGES["failed"], status)

        return self._add(Fault(operation, where, failure))

    def refuse(
        self, operation: str, code: str, *, status: int = 400, **where: Unpack[Where]
    ) -> Fault:
        """Answer with any other error code."""
        return self._add(
            Fault(operation, where, lambda call: refuse(call, code, f"{code}.", status))
        )

    def drop(self, operation: str, **where: Unpack[Where]) -> Fault:
        """Close the connection without an answer."""

        def failure(call: Call) -> Answer:
            raise ConnectionCutError(call.name)

        return self._add(Fault(operation, where, failure))

    def slow(self, operation: str, *, seconds: float, **where: Unpack[Where]) -> Fault:
        """Answer rightly, but late. Stopping the stand-in ends the wait."""

        def failure(_: Call) -> None:
            self._stopped.wait(seconds)

        return self._add(Fault(operation, where, failure))

    def clear(self) -> None:
        """Lift all faults."""
        self._faults = []

    def stop(self) -> None:
        """Lift all faults, and let the calls go that are being held."""
        self.clear()
        self._stopped.set()

    def answer(self, call: Call) -> Answer | None:
        """Return the failure that this call gets, or None."""
        for fault in reversed(self._faults):
            if fault.strikes(call):
                return fault.failure(call)
        return None

    def _refusing(self, operation: str, codes: Codes, problem: str, where: Where) -> Fault:
        def failure(call: Call) -> Answer:
            error = error_codes.look_up(codes, call)
            return refuse(call, error.code, MESSAGES[problem], error.status)

        return self._add(Fault(operation, where, failure))

    def _add(self, fault: Fault) -> Fault:
        self._faults = [*self._faults, fault]
        return fault


def _denial(call: Call, by: str) -> str:
    """Word a refusal as IAM does, since readers tell the kinds apart by these words.

    Source: IAM User Guide, "Troubleshoot access denied error messages".
    """
    partition = get_partition(call.region)
    who = f"User: arn:{partition}:iam::{call.account}:user/auditor"
    start = f"{who} is not authorized to perform: {call.name} on resource: *"
    if by == IDENTITY_POLICY:
        return f"{start} because no {by} allows the {call.name} action"
    return f"{start} with an explicit deny in a {by}"
