"""The tables: findings with their timeline, state that expires, and the ledger.

The shapes are those of `vedette.aws.stores.tables`, which only a test compares with these: what is
deployed changes by addition alone, and DynamoDB takes one new index per deployment.
"""

from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

PARTITION_KEY: Final = "pk"
SORT_KEY: Final = "sk"
EXPIRY: Final = "expires"
# name: (partition key, sort key); they hold keys alone.
FINDING_INDEXES: Final = {
    "open_by_severity": ("open_severity", "opened_at"),
    "by_resource": ("resource_arn", "opened_at"),
    "by_account_and_rule": ("account_rule", "opened_at"),
    "unannounced": ("unannounced_shard", "unannounced_since"),
}


class Tables(Construct):
    """On demand, recoverable to any second of 35 days, and neither deleted nor replaced."""

    def __init__(self, scope: Construct, name: str, key: kms.IKey | None) -> None:
        super().__init__(scope, name)
        self._key = key
        self.findings = self._table("Findings", sort=True, stream=True)
        self.state = self._table("State", expiry=EXPIRY)
        # Written by responses alone, and by nothing that forgets: no expiry.
        self.ledger = self._table("Ledger", sort=True)
        for index, (partition, sort) in FINDING_INDEXES.items():
            self.findings.add_global_secondary_index(
                index_name=index,
                partition_key=_text(partition),
                sort_key=_text(sort),
                projection_type=dynamodb.ProjectionType.KEYS_ONLY,
            )

    def _table(
        self, name: str, *, sort: bool = False, stream: bool = False, expiry: str | None = None
    ) -> dynamodb.Table:
        return dynamodb.Table(
            self,
            name,
            partition_key=_text(PARTITION_KEY),
            sort_key=_text(SORT_KEY) if sort else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if stream else None,
            time_to_live_attribute=expiry,
            encryption_key=self._key,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
