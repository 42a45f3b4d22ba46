"""The state machine that sweeps, and the bucket of its lists."""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from vedette.aws.errors import CALL_ERRORS, read_error

PUT_LIST: Final = "s3:PutObject"
START: Final = "stepfunctions:StartExecution"
DESCRIBE: Final = "stepfunctions:DescribeExecution"
STARTED_ALREADY: Final = "ExecutionAlreadyExists"
NO_EXECUTION: Final = "ExecutionDoesNotExist"


class MachineError(Exception):
    """The list could not be written or the machine not be started; the message says why."""


class Ended(StrEnum):
    """What became of an execution; FORGOTTEN: AWS does not know it any more."""

    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    FORGOTTEN = "FORGOTTEN"


class SweepMachine:
    """Writes lists of units and starts executions over them, each once per sweep id."""

    CALLS: Final = frozenset({PUT_LIST, START, DESCRIBE})

    def __init__(self, s3: Any, stepfunctions: Any, *, bucket: str, machine: str) -> None:
        self._s3 = s3
        self._stepfunctions = stepfunctions
        self._bucket = bucket
        self._machine = machine

    def start(self, sweep: str, units: Sequence[dict[str, Any]]) -> str:
        """Start a sweep of units; return the execution's ARN. Safe to repeat.

        Raises MachineError.
        """
        key = f"sweeps/{sweep}.json"
        body = json.dumps(units, separators=(",", ":")).encode()
        told = json.dumps({"sweep": sweep, "key": key}, separators=(",", ":"))
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType="application/json"
            )
            answer = self._stepfunctions.start_execution(
                stateMachineArn=self._machine, name=sweep, input=told
            )
        except CALL_ERRORS as error:
            said = read_error(START, error)
            if said.code == STARTED_ALREADY:
                return self._execution(sweep)
            raise MachineError(f"the sweep {sweep} did not start: {said.reason}") from error
        return str(answer["executionArn"])

    def ended(self, execution: str) -> Ended:
        """Return what became of an execution. Raises MachineError."""
        try:
            answer = self._stepfunctions.describe_execution(executionArn=execution)
        except CALL_ERRORS as error:
            said = read_error(DESCRIBE, error)
            if said.code == NO_EXECUTION:
                return Ended.FORGOTTEN
            raise MachineError(said.reason) from error
        status = str(answer["status"])
        known = {Ended.RUNNING.value, Ended.SUCCEEDED.value}
        return Ended(status) if status in known else Ended.FAILED

    def _execution(self, sweep: str) -> str:
        return f"{self._machine.replace(':stateMachine:', ':execution:')}:{sweep}"
