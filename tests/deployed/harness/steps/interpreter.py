"""Runs a state machine in Amazon States Language, as far as ours uses it.

moto's interpreter knows neither batches nor what makes a Distributed Map fail, so it is done here.
Whatever is not known stops the test.

Source: Amazon States Language specification; Step Functions Developer Guide, "Distributed Map".
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.deployed.harness.steps.paths import filled, look_up, placed

State = Mapping[str, Any]
Call = Callable[[str, Mapping[str, Any]], Any]  # (service:operation, parameters) -> result

READ_LIST: Final = "s3:getObject"
INVOKE: Final = "lambda:invoke"
START_CHILD: Final = "states:startExecution"
ALL_ERRORS: Final = "States.ALL"


class UnsupportedStateError(Exception):
    """The machine uses what this interpreter does not know."""


class FailedStateError(Exception):
    """A state failed, with the name of the error."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error = error


class Interpreter:
    """Runs machines; `call` makes the calls to other services, as the machine's role.

    It raises FailedStateError for what Step Functions takes for the failure of a task.
    """

    def __init__(self, call: Call) -> None:
        self._call = call

    def run(self, machine: Mapping[str, Any], value: Any) -> Any:
        """Return the output of a machine. Raises FailedStateError."""
        name: str | None = machine["StartAt"]
        while name is not None:
            value, name = self._run_state(machine["States"][name], value)
        return value

    def _run_state(self, state: State, value: Any) -> tuple[Any, str | None]:
        after = None if state.get("End") else state.get("Next")
        match state["Type"]:
            case "Pass":
                return _passed(state, value), after
            case "Choice":
                return value, _chosen(state, value)
            case "Succeed":
                return value, None
            case "Fail":
                raise FailedStateError(state["Error"], state.get("Cause", ""))
            case "Task":
                return self._tried(state, value, after)
            case "Map":
                return placed(
                    state.get("ResultPath", "$"), value, self._mapped(state, value)
                ), after
        raise UnsupportedStateError(state["Type"])

    def _tried(self, state: State, value: Any, after: str | None) -> tuple[Any, str | None]:
        tries = 1
        while True:
            try:
                result = self._call(_service(state), filled(state["Parameters"], value))
            except FailedStateError as failure:
                if tries <= _retries(state, failure.error):
                    tries += 1
                    continue
                caught = _catcher(state, failure.error)
                if caught is None:
                    raise
                return {"Error": failure.error, "Cause": str(failure)}, caught["Next"]
            return placed(state.get("ResultPath", "$"), value, _selected(state, result)), after

    def _mapped(self, state: State, value: Any) -> list[Any]:
        """Run each batch as an execution of its own; a child that fails fails the whole."""
        processor = state["ItemProcessor"]
        if processor["ProcessorConfig"]["Mode"] != "DISTRIBUTED":
            raise UnsupportedStateError("a map that is not distributed")
        reader = state["ItemReader"]
        items = json.loads(self._call(_service(reader), filled(reader["Parameters"], value)))
        results = []
        for batch in _batches(state["ItemBatcher"], items, value):
            self._call(START_CHILD, {})
            results.append(self.run(processor, batch))
        return results


def _service(state: State) -> str:
    """Return `service:operation` of an integration's ARN (`arn:aws:states:::lambda:invoke`)."""
    _, _, of, _, _, integration = state["Resource"].split(":", 5)
    if of != "states":
        raise UnsupportedStateError(state["Resource"])
    return str(integration)


def _passed(state: State, value: Any) -> Any:
    result = filled(state["Parameters"], value) if "Parameters" in state else value
    return placed(state.get("ResultPath", "$"), value, result)


def _chosen(state: State, value: Any) -> str:
    for one in state["Choices"]:
        if set(one) != {"Variable", "BooleanEquals", "Next"}:
            raise UnsupportedStateError(f"choice by {sorted(one)}")
        if look_up(one["Variable"], value) is one["BooleanEquals"]:
            return str(one["Next"])
    return str(state["Default"])


def _retries(state: State, error: str) -> int:
    return max(
        (int(one["MaxAttempts"]) for one in state.get("Retry", []) if _names(one, error)),
        default=0,
    )


def _catcher(state: State, error: str) -> State | None:
    return next((one for one in state.get("Catch", []) if _names(one, error)), None)


def _names(one: State, error: str) -> bool:
    return error in one["ErrorEquals"] or ALL_ERRORS in one["ErrorEquals"]


def _selected(state: State, result: Any) -> Any:
    return filled(state["ResultSelector"], result) if "ResultSelector" in state else result


def _batches(batcher: State, items: list[Any], value: Any) -> list[dict[str, Any]]:
    size = int(batcher["MaxItemsPerBatch"])
    given = {"BatchInput": filled(batcher["BatchInput"], value)} if "BatchInput" in batcher else {}
    return [{**given, "Items": items[at : at + size]} for at in range(0, len(items), size)]
