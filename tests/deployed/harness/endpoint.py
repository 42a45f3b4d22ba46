"""The stand-in for AWS, with permissions: every call is one of a principal that may make it or not.

Calls that moto would answer wrongly, or under its lock while they need others, are answered here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tests.deployed.harness.iam.accesses import accesses_of
from tests.deployed.harness.iam.authorizer import ASSUME_ROLE, Authorizer
from tests.deployed.harness.iam.policies import Access
from tests.deployed.harness.iam.principals import Principal, caller_of
from tests.deployed.harness.trouble import Troubles
from vedette.aws.stand_in import error_codes, wire
from vedette.aws.stand_in.call import Answer, Call
from vedette.aws.stand_in.server import StandIn
from vedette.aws.stand_in.wire import refuse

STREAMS: Final = "DynamoDBStreams_"
Service = Callable[[Principal, Call], Answer]


class Endpoint(StandIn):
    """A stand-in that knows who calls, refuses what IAM refuses, and can do more than moto.

    `services` answer in moto's place, by `service:Operation`, and outside of its lock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.authorizer = Authorizer()
        self.troubles = Troubles()
        self.services: dict[str, Service] = {}

    def _answer(self, call: Call) -> Answer:
        call = _told_apart(call)
        who = caller_of(call)
        denial = self._denial(who, call)
        if denial is not None:
            return denial
        trouble = self.troubles.befalls(who, call, "before")
        if trouble is not None:
            return trouble
        service = self.services.get(call.name)
        answer = service(who, call) if service else self.forward(call)
        return self.troubles.befalls(who, call, "after") or answer

    def forward(self, call: Call) -> Answer:
        """Let the stand-in answer a call."""
        return super()._answer(call)

    def _denial(self, who: Principal, call: Call) -> Answer | None:
        if who.kind == "operator":
            return None
        context = {"aws:requestedregion": call.region}
        if call.name == ASSUME_ROLE:
            context |= _of_session(wire.parameters(call))
        for access in accesses_of(call):
            if not self.authorizer.permits(who, access, context):
                return _refused(who, access, call)
        return None


def _told_apart(call: Call) -> Call:
    """Name the service of table streams, which signs as DynamoDB does."""
    target = call.environ.get("HTTP_X_AMZ_TARGET", "")
    return replace(call, service="dynamodbstreams") if target.startswith(STREAMS) else call


def _of_session(asked: Mapping[str, Any]) -> dict[str, str]:
    if asked.get("Policy") or asked.get("PolicyArns"):
        raise NotImplementedError("the harness does not narrow sessions by a policy yet")
    return {"sts:externalid": asked["ExternalId"]} if asked.get("ExternalId") else {}


def _refused(who: Principal, access: Access, call: Call) -> Answer:
    error = error_codes.look_up(error_codes.DENIED, call)
    said = f"{who.arn} is not authorized to perform: {access.action} on resource: {access.resource}"
    return refuse(call, error.code, said, error.status)
