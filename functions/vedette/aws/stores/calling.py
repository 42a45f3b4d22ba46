"""Calls DynamoDB, and says in the stores' own words what went wrong."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from vedette.aws.errors import CALL_ERRORS, Problem, read_error
from vedette.findings.store import FindingStoreError, StoreBusyError, StoreFailedError

Values = dict[str, Any]
Sleep = Callable[[float], None]

CONDITION_FAILED: Final = "ConditionalCheckFailedException"
_CANCELLED: Final = "TransactionCanceledException"
_CONFLICTS: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
_CONFLICT_CODES: Final = frozenset({CONDITION_FAILED, "TransactionConflictException"})
_THROTTLES: Final = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError"})
_PASSING: Final = frozenset({Problem.THROTTLED, Problem.UNREACHABLE})
_PASSING_CODES: Final = frozenset(
    {"InternalServerError", "TransactionInProgressException", "ServiceUnavailable"}
)
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 1.0


class ConflictError(Exception):
    """The condition of a write did not hold. `found` is the item as it is, if DynamoDB told."""

    def __init__(self, found: Mapping[str, Any] | None = None) -> None:
        super().__init__("the condition of a write did not hold")
        self.found = found


class CancelledBusyError(StoreBusyError):
    """A transaction was throttled, which the client does not retry by itself."""


def call(client: Any, operation: str, method: str, **parameters: Any) -> Values:
    """Make one call. Raises ConflictError, StoreBusyError and StoreFailedError."""
    try:
        answer: Values = getattr(client, method)(**parameters)
    except ClientError as error:
        raise _meaning(operation, error) from error
    except CALL_ERRORS as error:
        raise store_error(operation, error) from error
    return answer


def store_error(operation: str, error: Any) -> FindingStoreError:
    """Say whether trying again later may help."""
    said = read_error(operation, error)
    passing = said.problem in _PASSING or said.code in _PASSING_CODES
    return StoreBusyError(said.reason) if passing else StoreFailedError(said.reason)


def pause(attempt: int, sleep: Sleep = time.sleep) -> None:
    """Wait before trying again, longer each time and never as long as the others that wait."""
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
    sleep(random.uniform(0, longest))  # noqa: S311 - it spreads retries, it guards nothing


def _meaning(operation: str, error: ClientError) -> Exception:
    response: Any = error.response
    code = str(response.get("Error", {}).get("Code", ""))
    if code in _CONFLICT_CODES:
        return ConflictError(response.get("Item"))
    if code == _CANCELLED:
        return _cancelled(operation, response.get("CancellationReasons", ()))
    return store_error(operation, error)


def _cancelled(operation: str, reasons: Any) -> Exception:
    """Return why a transaction was cancelled: that one of its reasons that counts most."""
    codes = {str(one.get("Code", "None")) for one in reasons}
    other = codes - _CONFLICTS - _THROTTLES - {"None"}
    if other:
        return StoreFailedError(f"{operation} was cancelled ({', '.join(sorted(other))})")
    if codes & _THROTTLES:
        return CancelledBusyError(f"{operation} was throttled")
    return ConflictError()
