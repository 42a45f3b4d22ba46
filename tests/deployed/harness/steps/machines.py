"""The state machine of a stack: executions wait until they are pumped, then run to their end."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.held import MACHINE
from tests.deployed.harness.iam.authorizer import ASSUME_ROLE
from tests.deployed.harness.iam.policies import Access
from tests.deployed.harness.iam.principals import Principal, role, service
from tests.deployed.harness.runtime.functions import Functions
from tests.deployed.harness.stack import ACCOUNT, Resource, Stack
from tests.deployed.harness.steps.interpreter import (
    INVOKE,
    READ_LIST,
    START_CHILD,
    FailedStateError,
    Interpreter,
    UnsupportedStateError,
)
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.wire import parameters, refuse, reply

START: Final = "stepfunctions:StartExecution"
DESCRIBE: Final = "stepfunctions:DescribeExecution"
STATES: Final = "states.amazonaws.com"
# Nobody looks at it; 2026-01-01.
STARTED: Final = 1_767_225_600
DENIED: Final = "States.Runtime"


@dataclass(slots=True, kw_only=True)
class Execution:
    """One run of the machine: `status` is SUCCEEDED or FAILED at its end."""

    arn: str
    input: Any
    status: str = "RUNNING"
    output: Any = None
    error: str | None = None


class Machines:
    """The one machine of a stack; its executions in the order of their start."""

    def __init__(self, endpoint: Endpoint, stack: Stack, functions: Functions) -> None:
        self._endpoint = endpoint
        self._stack = stack
        self._functions = functions
        self.executions: list[Execution] = []
        endpoint.services[START] = self._start
        endpoint.services[DESCRIBE] = self._describe

    def pump(self) -> bool:
        """Run the executions that wait; return whether there were any."""
        waiting = [one for one in self.executions if one.status == "RUNNING"]
        for one in waiting:
            self._run(one)
        return bool(waiting)

    def _machine(self) -> Resource:
        (machine,) = self._stack.of_type(MACHINE)
        return machine

    def _start(self, _: Principal, call: Call) -> Answer:
        asked = parameters(call)
        if asked["stateMachineArn"] != self._machine().physical_id:
            return refuse(call, "StateMachineDoesNotExist", "There is no such machine.")
        name = asked.get("name") or str(uuid.uuid4())
        arn = f"{self._machine().physical_id.replace(':stateMachine:', ':execution:')}:{name}"
        if any(one.arn == arn for one in self.executions):
            return refuse(call, "ExecutionAlreadyExists", "There is one of this name.")
        self.executions.append(Execution(arn=arn, input=json.loads(asked.get("input") or "{}")))
        return reply(call, {"executionArn": arn, "startDate": STARTED})

    def _describe(self, _: Principal, call: Call) -> Answer:
        asked = parameters(call)["executionArn"]
        found = next((one for one in self.executions if one.arn == asked), None)
        if found is None:
            return refuse(call, "ExecutionDoesNotExist", "There is no such execution.")
        told = {"executionArn": found.arn, "status": found.status, "startDate": STARTED}
        machine = {"stateMachineArn": self._machine().physical_id, "input": json.dumps(found.input)}
        return reply(call, told | machine)

    def _run(self, execution: Execution) -> None:
        definition = json.loads(self._machine().properties["DefinitionString"])
        try:
            self._must_act_as_its_role()
            execution.output = Interpreter(self._call).run(definition, execution.input)
            execution.status = "SUCCEEDED"
        except FailedStateError as failure:
            execution.status, execution.error = "FAILED", str(failure)

    def _must_act_as_its_role(self) -> None:
        machine = self._machine()
        context = {"aws:sourcearn": machine.physical_id, "aws:sourceaccount": ACCOUNT}
        access = Access(action=ASSUME_ROLE, resource=machine.properties["RoleArn"])
        if not self._endpoint.authorizer.permits(service(STATES, ACCOUNT), access, context):
            raise FailedStateError(DENIED, "the role does not trust Step Functions")

    def _call(self, integration: str, asked: Mapping[str, Any]) -> Any:
        if integration == READ_LIST:
            self._must("s3:GetObject", f"arn:aws:s3:::{asked['Bucket']}/{asked['Key']}")
            client = self._endpoint.client("s3", self._stack.region)
            return client.get_object(Bucket=asked["Bucket"], Key=asked["Key"])["Body"].read()
        if integration == INVOKE:
            return self._invoke(asked)
        if integration == START_CHILD:
            self._must("states:StartExecution", self._machine().physical_id)
            return None
        raise UnsupportedStateError(integration)

    def _invoke(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        function = self._functions.by_arn(asked["FunctionName"])
        self._must("lambda:InvokeFunction", function.attribute("Arn"))
        outcome = self._functions.invoke(function, asked["Payload"])
        if outcome.error is not None:
            raise FailedStateError(_named(outcome.error), outcome.error)
        return {"Payload": outcome.payload, "StatusCode": 200}

    def _must(self, action: str, resource: str) -> None:
        who = role(self._machine().properties["RoleArn"])
        if not self._endpoint.authorizer.permits(who, Access(action=action, resource=resource)):
            raise FailedStateError(DENIED, f"{who.arn} may not {action} {resource}")


def _named(error: str) -> str:
    """Return the name that Step Functions gives to the failure of a function."""
    try:
        return str(json.loads(error)["errorType"])
    except (ValueError, KeyError, TypeError):
        return "Lambda.Unknown"
