"""DynamoDB tables: recovery, deletion protection, encryption."""

from typing import Any

from tests.aws.truth.world import Aws, World

KEY_SCHEMA = [{"AttributeName": "id", "KeyType": "HASH"}]
ATTRIBUTES = [{"AttributeName": "id", "AttributeType": "S"}]
RULES = (
    "dynamodb/table_can_be_restored_to_any_second",
    "dynamodb/table_is_encrypted_with_kms",
    "dynamodb/table_is_protected_from_deletion",
)


def create_table(aws: Aws, name: str, **settings: Any) -> None:
    aws("dynamodb").create_table(
        TableName=name,
        KeySchema=KEY_SCHEMA,
        AttributeDefinitions=ATTRIBUTES,
        BillingMode="PAY_PER_REQUEST",
        **settings,
    )


def seed(aws: Aws) -> None:
    encryption = {"Enabled": True, "SSEType": "KMS"}
    create_table(aws, "good", DeletionProtectionEnabled=True, SSESpecification=encryption)
    aws("dynamodb").update_continuous_backups(
        TableName="good",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    create_table(aws, "bad")


WORLDS = (
    World(
        name="tables",
        seed=seed,
        verdicts={rule: {"good": "PASSED", "bad": "FAILED"} for rule in RULES},
    ),
)
