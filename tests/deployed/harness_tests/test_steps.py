"""The interpreter of state machines: batches, failures that are caught, and those that are not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra.sweep import machine_definition
from tests.deployed.harness.steps.interpreter import (
    FailedStateError,
    Interpreter,
    UnsupportedStateError,
)
from tests.deployed.harness.steps.paths import UnsupportedPathError, look_up

MACHINE = machine_definition(partition="aws", function="arn:function", bucket="lists")


class Services:
    """Has a list of units, and a function that fails for one of them."""

    def __init__(self, units: list[str], *, failing: str = "", error: str = "ValueError") -> None:
        self.units = units
        self.failing = failing
        self.error = error
        self.batches: list[list[str]] = []

    def call(self, integration: str, asked: Mapping[str, Any]) -> Any:
        if integration == "s3:getObject":
            return json.dumps(self.units)
        if integration == "lambda:invoke":
            self.batches.append(asked["Payload"]["Items"])
            if self.failing in asked["Payload"]["Items"]:
                raise FailedStateError(self.error)
        return {"Payload": {"failed": False}}


def run(services: Services) -> Any:
    return Interpreter(services.call).run(MACHINE, {"sweep": "s", "key": "k"})


def test_units_are_worked_off_in_batches() -> None:
    services = Services(["a", "b", "c", "d", "e"])
    run(services)
    assert services.batches == [["a", "b"], ["c", "d"], ["e"]]


def test_a_batch_that_fails_keeps_no_other_from_being_done_but_fails_the_whole() -> None:
    services = Services(["a", "b", "c"], failing="a")
    with pytest.raises(FailedStateError, match="SweepIncomplete"):
        run(services)
    assert services.batches == [["a", "b"], ["c"]]


def test_an_error_that_passes_is_tried_again() -> None:
    services = Services(["a"], failing="a", error="Lambda.TooManyRequestsException")
    with pytest.raises(FailedStateError, match="SweepIncomplete"):
        run(services)
    assert services.batches == [["a"]] * 5


def test_what_it_does_not_know_stops_it() -> None:
    with pytest.raises(UnsupportedStateError):
        Interpreter(Services([]).call).run({"StartAt": "A", "States": {"A": {"Type": "Wait"}}}, {})
    with pytest.raises(UnsupportedPathError):
        look_up("$..all", {})
