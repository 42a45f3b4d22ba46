"""The topics: alerts for people and machines, the chat's shape, escalation, and our own health."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.policies import allow_service, deny_everyone, deny_others

PUBLISH: Final = "sns:Publish"
# Free of charge; it lets every role of this account that may publish do so.
AWS_MANAGED_KEY: Final = "alias/aws/sns"
CLOUDWATCH: Final = "cloudwatch.amazonaws.com"


class AlertTopic(Construct):
    """A topic to which the roles that it admits can publish, and nobody else."""

    def __init__(self, scope: Construct, name: str, key: kms.IKey | None) -> None:
        super().__init__(scope, name)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, master_key=key)
        if key is None:
            resource = self.topic.node.default_child
            if not isinstance(resource, sns.CfnTopic):
                raise TypeError("a topic is made of a plain topic")
            resource.kms_master_key_id = AWS_MANAGED_KEY

    @property
    def arn(self) -> str:
        return self.topic.topic_arn

    def admit(self, roles: Sequence[str]) -> None:
        """Refuse everyone but these roles, by ARN."""
        self.topic.add_to_resource_policy(
            deny_others("OnlyVedettePublishes", PUBLISH, self.arn, roles)
        )

    def mail(self, address: str) -> None:
        """Send everything to an address, once its owner has confirmed it."""
        self.topic.add_subscription(subscriptions.EmailSubscription(address))


class HealthTopic(Construct):
    """Where alarms about Vedette itself go: not the way of the alerts, which they may be about.

    Without a key of the customer it is not encrypted with KMS: alarms could not publish to it.
    """

    def __init__(self, scope: Construct, name: str, key: kms.IKey | None) -> None:
        super().__init__(scope, name)
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True, master_key=key)
        stack = Stack.of(self)
        alarms = f"arn:{stack.partition}:cloudwatch:{stack.region}:{stack.account}:alarm:*"
        arn = self.topic.topic_arn
        ours = {
            "ArnLike": {"aws:SourceArn": alarms},
            "StringEquals": {"aws:SourceAccount": stack.account},
        }
        self.topic.add_to_resource_policy(allow_service(CLOUDWATCH, PUBLISH, arn, ours))
        self.topic.add_to_resource_policy(
            deny_everyone(
                "OnlyAlarmsPublish", PUBLISH, arn, {"ArnNotLike": {"aws:SourceArn": alarms}}
            )
        )

    def mail(self, address: str) -> None:
        """Send everything to an address, once its owner has confirmed it."""
        self.topic.add_subscription(subscriptions.EmailSubscription(address))


class Topics(Construct):
    """All topics; whoever reads the mail at this address must confirm each of them once."""

    def __init__(self, scope: Construct, name: str, *, email: str, key: kms.IKey | None) -> None:
        super().__init__(scope, name)
        self.alerts = AlertTopic(self, "Alerts", key)
        # Chat integrations subscribe by themselves: its messages have their shape.
        self.chat = AlertTopic(self, "Chat", key)
        self.escalation = AlertTopic(self, "Escalation", key)
        self.health = HealthTopic(self, "Health", key)
        for topic in (self.alerts, self.escalation, self.health):
            topic.mail(email)
