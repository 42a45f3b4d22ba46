"""Snapshots of DynamoDB tables."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource


class DynamoDbTable(Resource):
    """One table; its id is its name.

    `kms_key` is the ARN of the KMS key that encrypts it, None where a key of DynamoDB's own does.
    """

    type: ClassVar[str] = "AWS::DynamoDB::Table"
    service: ClassVar[str] = "dynamodb"

    is_deletion_protected: Fact[bool] = NOT_COLLECTED
    kms_key: Fact[str | None] = NOT_COLLECTED
    has_point_in_time_recovery: Fact[bool] = NOT_COLLECTED
