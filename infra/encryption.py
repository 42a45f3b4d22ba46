"""The optional KMS key of the customer, and which AWS services may use it for us."""

from typing import Final

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

# They encrypt what they put into our queues and topics. Source: the user guides of these services.
SENDERS: Final = ("events.amazonaws.com", "cloudwatch.amazonaws.com")


class CustomerKey(Construct):
    """A key that is rotated every year and stays when the stack goes: data depends on it."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.key = kms.Key(
            self,
            "Key",
            description="Vedette: findings, queues, topics and logs",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        stack = Stack.of(self)
        for service in SENDERS:
            self._let(service, {"StringEquals": {"aws:SourceAccount": stack.account}})
        # Source: CloudWatch Logs User Guide, encrypting log data.
        logs = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:*"
        self._let(
            f"logs.{stack.region}.amazonaws.com",
            {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
        )

    def _let(self, service: str, conditions: dict[str, dict[str, str]]) -> None:
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                # A list of its own: the grant is the same for all services.
                actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
                resources=["*"],
                principals=[iam.ServicePrincipal(service)],
                conditions=conditions,
            )
        )
