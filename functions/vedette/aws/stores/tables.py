"""The tables that the stores use, as data, from which the infrastructure makes them.

All attributes named here are texts but for the expiry, which is a number of seconds since 1970.
This module needs nothing of AWS.
"""

from dataclasses import dataclass
from typing import Final

PARTITION_KEY: Final = "pk"
SORT_KEY: Final = "sk"
EXPIRY: Final = "expires"
# Seconds by which something may come late; what expires is kept for that much longer.
LATENESS: Final = 86_400

OPEN_BY_SEVERITY: Final = "open_by_severity"
BY_RESOURCE: Final = "by_resource"
BY_ACCOUNT_AND_RULE: Final = "by_account_and_rule"
UNANNOUNCED: Final = "unannounced"

OPEN_SEVERITY: Final = "open_severity"
OPENED_AT: Final = "opened_at"
RESOURCE_ARN: Final = "resource_arn"
ACCOUNT_RULE: Final = "account_rule"
UNANNOUNCED_SHARD: Final = "unannounced_shard"
UNANNOUNCED_SINCE: Final = "unannounced_since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A global secondary index that holds the keys alone; items without its keys are not in it."""

    name: str
    partition_key: str
    sort_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, on demand. `streams` asks for new and old images."""

    partition_key: str
    sort_key: str | None = None
    expiry: str | None = None
    streams: bool = False
    indexes: tuple[Index, ...] = ()

    @property
    def text_attributes(self) -> tuple[str, ...]:
        """Return every attribute that is a key somewhere, each once."""
        own = (self.partition_key, *((self.sort_key,) if self.sort_key else ()))
        keys = (key for one in self.indexes for key in (one.partition_key, one.sort_key))
        return tuple(dict.fromkeys((*own, *keys)))


# Indexes hold keys alone, so a repeat, which changes none of them, writes the finding's item only.
FINDINGS: Final = Table(
    partition_key=PARTITION_KEY,
    sort_key=SORT_KEY,
    streams=True,
    indexes=(
        Index(name=OPEN_BY_SEVERITY, partition_key=OPEN_SEVERITY, sort_key=OPENED_AT),
        Index(name=BY_RESOURCE, partition_key=RESOURCE_ARN, sort_key=OPENED_AT),
        Index(name=BY_ACCOUNT_AND_RULE, partition_key=ACCOUNT_RULE, sort_key=OPENED_AT),
        Index(name=UNANNOUNCED, partition_key=UNANNOUNCED_SHARD, sort_key=UNANNOUNCED_SINCE),
    ),
)
STATE: Final = Table(partition_key=PARTITION_KEY, expiry=EXPIRY)
