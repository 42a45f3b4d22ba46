"""Tables as the stores describe them, and a client that counts its calls and fails on request."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any

from botocore.exceptions import ClientError

from vedette.aws.stores.tables import Table

Failure = Callable[[dict[str, Any]], Exception | None]


def make_table(client: Any, name: str, table: Table) -> str:
    """Create a table as it is described, and return its name."""
    keys = [{"AttributeName": table.partition_key, "KeyType": "HASH"}]
    if table.sort_key is not None:
        keys.append({"AttributeName": table.sort_key, "KeyType": "RANGE"})
    indexes = [
        {
            "IndexName": one.name,
            "KeySchema": [
                {"AttributeName": one.partition_key, "KeyType": "HASH"},
                {"AttributeName": one.sort_key, "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        for one in table.indexes
    ]
    client.create_table(
        TableName=name,
        KeySchema=keys,
        AttributeDefinitions=[
            {"AttributeName": one, "AttributeType": "S"} for one in table.text_attributes
        ],
        BillingMode="PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )
    return name


class Counting:
    """Passes calls on to a client, counts them, and fails those that `failing` names."""

    def __init__(self, client: Any) -> None:
        self.calls: Counter[str] = Counter()
        self.failing: dict[str, Failure] = {}
        self._client = client
        self._lock = Lock()

    def __getattr__(self, method: str) -> Callable[..., Any]:
        """Return one of the client's methods."""

        def call(**parameters: Any) -> Any:
            with self._lock:
                self.calls[method] += 1
            failure = self.failing.get(method)
            error = None if failure is None else failure(parameters)
            if error is not None:
                raise error
            return getattr(self._client, method)(**parameters)

        return call

    @property
    def writes(self) -> int:
        """Return how many writes were asked for."""
        return self.calls["update_item"] + self.calls["transact_write_items"]


def error(code: str, **more: Any) -> ClientError:
    """Return DynamoDB's refusal with an error code."""
    response: Any = {"Error": {"Code": code, "Message": "said no"}, **more}
    return ClientError(response, "Operation")


def cancelled(*reasons: str) -> ClientError:
    """Return DynamoDB's word that a transaction was cancelled."""
    return error("TransactionCanceledException", CancellationReasons=[{"Code": r} for r in reasons])


def times(count: int, failure: Exception) -> Failure:
    """Fail so many times."""
    left = [failure] * count
    return lambda _: left.pop() if left else None


@contextmanager
def together(*work: Callable[[], object]) -> Iterator[None]:
    """Run all at once, and raise what one of them raises."""
    errors: list[BaseException] = []

    def run(one: Callable[[], object]) -> None:
        try:
            one()
        except BaseException as problem:  # noqa: BLE001 - raised again below
            errors.append(problem)

    threads = [Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    yield
