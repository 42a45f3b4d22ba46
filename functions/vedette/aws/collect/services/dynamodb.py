"""Reads DynamoDB tables: the listing names them, so their facts take a call or two each.

Source: Amazon DynamoDB API Reference, TableDescription and ContinuousBackupsDescription.
"""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, FactReader, fact
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.dynamodb import DynamoDbTable

LIST = "dynamodb:ListTables"
DESCRIBE = "dynamodb:DescribeTable"
BACKUPS = "dynamodb:DescribeContinuousBackups"
ON = "ENABLED"
ENCRYPTED = frozenset({"ENABLING", ON, "UPDATING"})


def find_tables(reader: Reader, only: frozenset[str] | None) -> Iterator[DynamoDbTable]:
    """Yield the tables; named ones are not looked up here, since their facts are read anyway."""
    names = reader.pages(LIST, "TableNames", Limit=100) if only is None else sorted(only)
    for name in names:
        yield DynamoDbTable(
            arn=reader.arn("dynamodb", f"table/{name}"),
            id=name,
            account=reader.account,
            region=reader.region,
        )


def _description(reader: Reader, table: DynamoDbTable) -> dict[str, Any]:
    described = reader.call(DESCRIBE, TableName=table.id)["Table"]
    return {
        "is_deletion_protected": described["DeletionProtectionEnabled"],
        "kms_key": _kms_key(described.get("SSEDescription") or {}),
    }


def _kms_key(encryption: Answer) -> str | None:
    """Return the key's ARN; tables that DynamoDB's own key encrypts have no SSEDescription."""
    if encryption.get("Status") not in ENCRYPTED:
        return None
    key: str = encryption["KMSMasterKeyArn"]
    return key


def _has_point_in_time_recovery(reader: Reader, table: DynamoDbTable) -> bool:
    described = reader.call(BACKUPS, TableName=table.id)["ContinuousBackupsDescription"]
    return bool(described["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == ON)


COLLECTORS = (
    Collector(
        kind=DynamoDbTable,
        calls=(LIST,),
        find=find_tables,
        details=(
            FactReader(
                facts=("is_deletion_protected", "kms_key"), calls=(DESCRIBE,), read=_description
            ),
            fact("has_point_in_time_recovery", BACKUPS, read=_has_point_in_time_recovery),
            TAGS,
        ),
        arn_service="dynamodb",
        arn_prefix="table/",
        gone=frozenset({"ResourceNotFoundException", "TableNotFoundException"}),
    ),
)
