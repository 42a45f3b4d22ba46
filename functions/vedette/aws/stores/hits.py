"""The hits of rules with memory, in DynamoDB.

Key: `pk` is `H#<digest of rule and group>`. `expires` lets DynamoDB clear away what is
over; that may take days, so nothing read relies on it. It is a module of its own as it needs the
detection engine, which most functions do without.
"""

import hashlib
import time
from collections.abc import Collection, Mapping, Set
from typing import Any, Final

from vedette.aws.stores import tables
from vedette.aws.stores.calling import Values, call
from vedette.aws.stores.retention import LONGEST, Retention, is_expired, surplus
from vedette.aws.stores.state import UPDATE, Seconds, state_item_key
from vedette.detection.correlate.hits import unpack
from vedette.detection.correlate.store import GroupKey

SURPLUS_WORTH_A_WRITE: Final = 64


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
        until = int(self._now()) + retention.seconds + 2 * tables.LATENESS
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


def _hits_key(rule: str, group: GroupKey) -> Values:
    """Return the key of a group, whose values may be long and of an attacker's choice."""
    text = "".join(f"{len(part)}:{part}" for part in (rule, *group))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return state_item_key("H", digest[:40])
