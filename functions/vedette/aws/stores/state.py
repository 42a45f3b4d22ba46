"""What the pipeline remembers for a while, in DynamoDB: hits, leases and marks.

Key: `pk` is `H#<digest of rule and group>` for the hits of a group, `L#<name>` for a lease,
`M#<name>` for a mark. `expires` lets DynamoDB clear away what is over; that may take days, so
nothing that is read relies on it.
"""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from vedette.aws.stores import tables
from vedette.aws.stores.calling import ConflictError, Values, call
from vedette.aws.stores.encoding import instant
from vedette.aws.stores.retention import LATENESS, LONGEST, Retention, is_expired, surplus
from vedette.detection.correlate.hits import unpack
from vedette.detection.correlate.store import GroupKey

GET: Final = "dynamodb:GetItem"
PUT: Final = "dynamodb:PutItem"
UPDATE: Final = "dynamodb:UpdateItem"
DELETE: Final = "dynamodb:DeleteItem"

SURPLUS_WORTH_A_WRITE: Final = 64
Seconds = Callable[[], float]


class DynamoHits:
    """The hit store: one item for the hits of a group, one call for a group of a batch.

    `retentions` says what rules need. A group may hold more than they need until it is worth a
    write to forget it. Raises StoreBusyError and StoreFailedError.
    """

    CALLS: Final = frozenset({UPDATE})

    def __init__(
        self,
        client: Any,
        table: str,
        retentions: Mapping[str, Retention],
        *,
        now: Seconds = time.time,
    ) -> None:
        self._client = client
        self._table = table
        self._retentions = retentions
        self._now = now

    def add(self, rule: str, group: GroupKey, hits: Collection[bytes]) -> Set[bytes]:
        """Join hits into the set of a group, and return all that the set holds now."""
        retention = self._retentions.get(rule, LONGEST)
        held = self._add(_hits_key(rule, group), hits, retention)
        unneeded = surplus(held, retention)
        if len(unneeded) >= SURPLUS_WORTH_A_WRITE:
            self._forget(_hits_key(rule, group), unneeded)
        since = min((unpack(one).time for one in hits), default=int(self._now()))
        return {
            one for one in held if not is_expired(unpack(one), retention, int(self._now()), since)
        }

    def _add(self, key: Values, hits: Collection[bytes], retention: Retention) -> frozenset[bytes]:
        until = int(self._now()) + retention.seconds + 2 * LATENESS
        values: Values = {":until": {"N": str(until)}}
        expression = "SET #expires = :until"
        if hits:
            values[":hits"] = {"BS": sorted(set(hits))}
            expression += " ADD hits :hits"
        answer = call(
            self._client,
            UPDATE,
            "update_item",
            TableName=self._table,
            Key=key,
            UpdateExpression=expression,
            ExpressionAttributeNames={"#expires": tables.EXPIRY},
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        stored = answer.get("Attributes", {}).get("hits", {}).get("BS", ())
        return frozenset(bytes(one) for one in stored)

    def _forget(self, key: Values, hits: Set[bytes]) -> None:
        call(
            self._client,
            UPDATE,
            "update_item",
            TableName=self._table,
            Key=key,
            UpdateExpression="DELETE hits :hits",
            ExpressionAttributeValues={":hits": {"BS": sorted(hits)}},
        )


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
            **_key("L", name),
            "owner": {"S": owner},
            "until": {"N": f"{now + seconds:.3f}"},
            tables.EXPIRY: {"N": str(int(now) + seconds + LATENESS)},
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
                Key=_key("L", name),
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
                Key=_key("M", name),
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
            Key=_key("M", name),
            ConsistentRead=True,
        )
        item = answer.get("Item")
        if item is None:
            return None
        at = datetime.fromisoformat(item["at"]["S"]).astimezone(UTC)
        return Mark(at=at, detail=item["detail"]["S"])


def _key(sort: str, name: str) -> Values:
    return {tables.PARTITION_KEY: {"S": f"{sort}#{name}"}}


def _hits_key(rule: str, group: GroupKey) -> Values:
    """Return the key of a group, whose values may be long and of an attacker's choice."""
    text = "".join(f"{len(part)}:{part}" for part in (rule, *group))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _key("H", digest[:40])
