"""moto's memory, where its API gives no way, or a slow one: messages, tables, buckets."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from moto.backends import get_backend

from tests.deployed.harness.stack import ACCOUNT

MILLISECONDS: Final = 1000
PARTITION: Final = "aws"


def make_earlier(region: str, *, seconds: float) -> None:
    """Move the times of all messages in queues into the past: what was hidden becomes visible."""
    for messages in _messages(region):
        for message in messages:
            message.visible_at -= seconds * MILLISECONDS
            message.delayed_until -= seconds * MILLISECONDS


def empty_queues(region: str) -> None:
    """Take all messages out of all queues, hidden ones too."""
    for messages in _messages(region):
        messages.clear()


def empty_tables(region: str, names: Iterable[str]) -> None:
    """Take everything out of tables, without a trace in their streams."""
    tables = get_backend("dynamodb")[ACCOUNT][region].tables
    for name in names:
        tables[name].items.clear()


def buckets() -> set[str]:
    """Return the names of all buckets."""
    return set(get_backend("s3")[ACCOUNT][PARTITION].buckets)


def drop_buckets(names: Iterable[str]) -> None:
    """Delete buckets with all that is in them."""
    backends: Any = get_backend("s3")
    for name in names:
        del backends[ACCOUNT][PARTITION].buckets[name]
        # Names are unique in the whole world.
        backends.bucket_accounts.pop(name, None)


def put_message(arn: str, body: str) -> None:
    """Put a message into a queue, whatever its policy says."""
    region, account, name = arn.split(":")[3:]
    get_backend("sqs")[account][region].send_message(name, body)


def _messages(region: str) -> Iterator[Any]:
    queues: Any = get_backend("sqs")[ACCOUNT][region].queues.values()
    return (one._messages for one in queues)  # noqa: SLF001 - moto shows only what is visible
