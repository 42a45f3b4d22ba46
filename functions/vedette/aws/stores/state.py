"""What the pipeline remembers for a while, in DynamoDB: leases and marks; hits stand in `hits`.

Key: `pk` is `L#<name>` for a lease, `M#<name>` for a mark. `expires` lets DynamoDB clear away what
is over; that may take days, so nothing that is read relies on it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from vedette.aws.stores import tables
from vedette.aws.stores.calling import ConflictError, Values, call
from vedette.aws.stores.encoding import instant

GET: Final = "dynamodb:GetItem"
PUT: Final = "dynamodb:PutItem"
UPDATE: Final = "dynamodb:UpdateItem"
DELETE: Final = "dynamodb:DeleteItem"

Seconds = Callable[[], float]


class Leases:
    """Something that one at a time may do; a lease ends by itself. Times are by our clock."""

    CALLS: Final = frozenset({PUT, DELETE})

    def __init__(self, client: Any, table: str, *, now: Seconds = time.time) -> None:
        self._client = client
        self._table = table
        self._now = now

    def take(self, name: str, owner: str, seconds: int) -> bool:
        """Take or prolong a lease. Returns False if somebody else holds it."""
        now = self._now()
        item = {
            **state_item_key("L", name),
            "owner": {"S": owner},
            "until": {"N": f"{now + seconds:.3f}"},
            tables.EXPIRY: {"N": str(int(now) + seconds + tables.LATENESS)},
        }
        free = f"attribute_not_exists({tables.PARTITION_KEY}) OR #until <= :now OR #owner = :owner"
        try:
            call(
                self._client,
                PUT,
                "put_item",
                TableName=self._table,
                Item=item,
                ConditionExpression=free,
                ExpressionAttributeNames={"#until": "until", "#owner": "owner"},
                ExpressionAttributeValues={":now": {"N": f"{now:.3f}"}, ":owner": {"S": owner}},
            )
        except ConflictError:
            return False
        return True

    def release(self, name: str, owner: str) -> bool:
        """Give a lease back. Returns False if it was somebody else's by then, or nobody's."""
        try:
            call(
                self._client,
                DELETE,
                "delete_item",
                TableName=self._table,
                Key=state_item_key("L", name),
                ConditionExpression="#owner = :owner",
                ExpressionAttributeNames={"#owner": "owner"},
                ExpressionAttributeValues={":owner": {"S": owner}},
            )
        except ConflictError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Mark:
    """When something was last done, and a word on it."""

    at: datetime
    detail: str


class Marks:
    """When the last sweep ended, when the canary last came back: marks only move forward."""

    CALLS: Final = frozenset({GET, UPDATE})

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        """Move a mark to a time. Returns False if it is at that time or later already."""
        try:
            call(
                self._client,
                UPDATE,
                "update_item",
                TableName=self._table,
                Key=state_item_key("M", name),
                UpdateExpression="SET #at = :at, detail = :detail",
                ConditionExpression="attribute_not_exists(#at) OR #at < :at",
                ExpressionAttributeNames={"#at": "at"},
                ExpressionAttributeValues={":at": {"S": instant(at)}, ":detail": {"S": detail}},
            )
        except ConflictError:
            return False
        return True

    def get(self, name: str) -> Mark | None:
        """Return where a mark is."""
        answer = call(
            self._client,
            GET,
            "get_item",
            TableName=self._table,
            Key=state_item_key("M", name),
            ConsistentRead=True,
        )
        item = answer.get("Item")
        if item is None:
            return None
        at = datetime.fromisoformat(item["at"]["S"]).astimezone(UTC)
        return Mark(at=at, detail=item["detail"]["S"])


def state_item_key(sort: str, name: str) -> Values:
    return {tables.PARTITION_KEY: {"S": f"{sort}#{name}"}}
