"""The forwarder of one account and region: its default bus to the hub's bus, without a stop.

EventBridge does not forward what was forwarded, so every account-region sends to the hub itself.
"""

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.bus import PUT_EVENTS, ROLE_PATH
from infra.policies import EVENTBRIDGE
from infra.queues import Undelivered
from infra.rules import Patterns, Way, event_rule


class Forwarder(Construct):
    """One rule per pattern, a role that may put events on the hub's bus, a queue for the rest."""

    def __init__(self, scope: Construct, name: str, *, patterns: Patterns, hub_bus: str) -> None:
        """`hub_bus` is the ARN of the hub's bus."""
        super().__init__(scope, name)
        self.undelivered = Undelivered(self, "Undelivered")
        self.role = iam.Role(
            self,
            "Role",
            path=ROLE_PATH,
            description="Vedette: forwards events to the hub",
            assumed_by=iam.ServicePrincipal(EVENTBRIDGE),
        )
        self.role.add_to_policy(iam.PolicyStatement(actions=[PUT_EVENTS], resources=[hub_bus]))
        way = Way(
            target=hub_bus,
            undelivered=self.undelivered.queue.queue_arn,
            role=self.role.role_arn,
        )
        rules = [event_rule(self, pattern, way) for pattern in patterns]
        self.undelivered.admit([rule.attr_arn for rule in rules])
