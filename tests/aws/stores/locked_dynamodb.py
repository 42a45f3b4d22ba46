"""moto's DynamoDB, made to do one thing at a time, as DynamoDB does with one item.

By itself moto reads, decides and writes without a lock: under threads additions get lost and
several conditional writes win. What is measured about races says nothing without this mend. The
stand-in needs none, since it lets one request at a time into moto.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import RLock
from typing import Any, Final

from moto.dynamodb.models import DynamoDBBackend

OPERATIONS: Final = (
    *("get_item", "put_item", "update_item", "delete_item", "query", "scan"),
    *("transact_write_items", "transact_get_items", "batch_write_item", "batch_get_item"),
)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one call at a time into moto's DynamoDB, within this process."""
    lock = RLock()
    before = {name: getattr(DynamoDBBackend, name) for name in _known()}
    for name, method in before.items():
        setattr(DynamoDBBackend, name, _guarded(method, lock))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(DynamoDBBackend, name, method)


def _known() -> Iterator[str]:
    return (name for name in OPERATIONS if hasattr(DynamoDBBackend, name))


def _guarded(method: Callable[..., Any], lock: RLock) -> Callable[..., Any]:
    @wraps(method)
    def guarded(*arguments: Any, **named: Any) -> Any:
        with lock:
            return method(*arguments, **named)

    return guarded
