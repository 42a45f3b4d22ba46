"""The hub's event bus, and who may put events on it."""

from collections.abc import Sequence
from typing import Any, Final

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.queues import Undelivered

# Known across accounts: forwarders name it before they have ever seen the hub.
BUS_NAME: Final = "vedette"
PUT_EVENTS: Final = "events:PutEvents"
# The path of every role that Vedette makes, so that policies can tell them from others.
ROLE_PATH: Final = "/vedette/"


class Bus(Construct):
    """The bus `vedette`. Only roles of Vedette, in accounts that are named, put events on it."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        accounts: Sequence[str],
        organisation: str | None,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, name)
        self.undelivered = Undelivered(self, "Undelivered", key)
        self.bus = events.CfnEventBus(
            self, "Bus", name=BUS_NAME, description="CloudTrail and service events for Vedette"
        )
        self.arn = self.bus.attr_arn
        others = self._policy("NoOthers", _no_others(self, accounts, self.arn))
        if accounts:
            members = _members(self, accounts, organisation, self.arn)
            # Both are written into one policy, so one after the other.
            self._policy("MembersForward", members).add_resource_dependency(others)

    def _policy(self, sid: str, statement: dict[str, Any]) -> events.CfnEventBusPolicy:
        return events.CfnEventBusPolicy(
            self,
            sid,
            event_bus_name=self.bus.ref,
            statement_id=sid,
            statement={"Sid": sid, **statement},
        )


def bus_arn(stack: Stack, account: str, region: str) -> str:
    """Return the ARN of the hub's bus as seen from another region or account."""
    return stack.format_arn(
        service="events",
        account=account,
        region=region,
        resource="event-bus",
        resource_name=BUS_NAME,
    )


def _members(
    scope: Construct, accounts: Sequence[str], organisation: str | None, bus: str
) -> dict[str, Any]:
    stack = Stack.of(scope)
    conditions: dict[str, dict[str, str]] = {"ArnLike": {"aws:PrincipalArn": _our_roles(stack)}}
    if organisation:
        conditions["StringEquals"] = {"aws:PrincipalOrgID": organisation}
    roots = [
        stack.format_arn(service="iam", region="", account=one, resource="root") for one in accounts
    ]
    return {
        "Effect": "Allow",
        "Principal": {"AWS": roots},
        "Action": PUT_EVENTS,
        "Resource": bus,
        "Condition": conditions,
    }


def _no_others(scope: Construct, accounts: Sequence[str], bus: str) -> dict[str, Any]:
    """Hold even if somebody adds a statement, or a principal here may put events on any bus."""
    ours = [Stack.of(scope).account, *accounts]
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": PUT_EVENTS,
        "Resource": bus,
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ours}},
    }


def _our_roles(stack: Stack) -> str:
    return f"arn:{stack.partition}:iam::*:role{ROLE_PATH}*"
