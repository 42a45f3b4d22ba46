"""Starts what the clock starts, when the test says so, as the role of the schedule."""

import json
from typing import Any, Final

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.authorizer import ASSUME_ROLE
from tests.deployed.harness.iam.policies import Access
from tests.deployed.harness.iam.principals import role, service
from tests.deployed.harness.runtime.functions import Functions
from tests.deployed.harness.runtime.runtime_api import Outcome
from tests.deployed.harness.stack import ACCOUNT, Stack

SCHEDULE: Final = "AWS::Scheduler::Schedule"
GROUP: Final = "AWS::Scheduler::ScheduleGroup"
SCHEDULER: Final = "scheduler.amazonaws.com"
INVOKE: Final = "lambda:InvokeFunction"


class RefusedError(Exception):
    """A schedule's role may not start its target."""


class Schedules:
    """The schedules of a stack."""

    def __init__(self, endpoint: Endpoint, stack: Stack, functions: Functions) -> None:
        self._endpoint = endpoint
        self._stack = stack
        self._functions = functions

    def fire(self, handler: str) -> Outcome:
        """Start the function of a handler by its schedule. Raises RefusedError."""
        function = self._functions.named(f".{handler}.")
        target = self._target(function.attribute("Arn"))
        (group,) = self._stack.of_type(GROUP)
        context = {"aws:sourcearn": group.attribute("Arn"), "aws:sourceaccount": ACCOUNT}
        assumed = Access(action=ASSUME_ROLE, resource=target["RoleArn"])
        started = Access(action=INVOKE, resource=target["Arn"])
        permits = self._endpoint.authorizer.permits
        if not permits(service(SCHEDULER, ACCOUNT), assumed, context):
            raise RefusedError(f"the scheduler may not act as {target['RoleArn']}")
        if not permits(role(target["RoleArn"]), started):
            raise RefusedError(f"{target['RoleArn']} may not start {target['Arn']}")
        return self._functions.invoke(function, json.loads(target.get("Input", "{}")))

    def _target(self, arn: str) -> Any:
        (found,) = (
            one.properties["Target"]
            for one in self._stack.of_type(SCHEDULE)
            if one.properties["Target"]["Arn"] == arn
            and one.properties.get("State", "ENABLED") == "ENABLED"
        )
        return found
