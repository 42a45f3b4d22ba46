"""Lambda's own pollers: they read a queue or a stream as the function's role and invoke it.

Source: Lambda Developer Guide, "Using Lambda with Amazon SQS" and "… with Amazon DynamoDB".
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from tests.deployed.harness.runtime.runtime_api import Outcome
from vedette.detection.patterns.matching import matches_pattern

Invoke = Callable[[Any], Outcome]
Note = Callable[[str, Any], None]  # (ARN of a queue, message)
Record = dict[str, Any]
# What one ReceiveMessage gives at most.
AT_ONCE: Final = 10
FAILURES: Final = "batchItemFailures"
ITEM: Final = "itemIdentifier"


class Poller(Protocol):
    """One event source of one function."""

    @property
    def name(self) -> str: ...

    def pump(self) -> bool:
        """Invoke the function once with what is there; return whether anything was."""
        ...


@dataclass(slots=True, kw_only=True)
class QueuePoller:
    """Reads a queue in batches; what fails stays hidden until its time is over."""

    name: str
    client: Any
    url: str
    arn: str
    region: str
    batch: int
    invoke: Invoke

    def pump(self) -> bool:
        """Invoke the function once with the messages that are visible."""
        messages = self._receive()
        if not messages:
            return False
        records = [self._record(one) for one in messages]
        failed = failed_of(self.invoke({"Records": records}), [one["messageId"] for one in records])
        done = [one for one in messages if one["MessageId"] not in failed]
        for start in range(0, len(done), AT_ONCE):
            self.client.delete_message_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": one["ReceiptHandle"]}
                    for number, one in enumerate(done[start : start + AT_ONCE])
                ],
            )
        return True

    def _receive(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < self.batch:
            more = self.client.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=min(AT_ONCE, self.batch - len(found)),
                MessageSystemAttributeNames=["All"],
            ).get("Messages", [])
            found += more
            if not more:
                break
        return found

    def _record(self, message: Mapping[str, Any]) -> Record:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.arn,
            "awsRegion": self.region,
        }


def failed_of(outcome: Outcome, ids: Sequence[str]) -> set[str]:
    """Return which records of a batch failed, as Lambda reads the function's answer."""
    if outcome.error is not None:
        return set(ids)
    answer = outcome.payload
    failures = answer.get(FAILURES) if isinstance(answer, dict) else None
    if not failures:
        return set()
    failed = {one.get(ITEM) for one in failures}
    # An id that is not of this batch, or none, fails the whole batch.
    return failed if failed <= set(ids) else set(ids)


@dataclass(slots=True, kw_only=True)
class _Part:
    """Records that are delivered together, and how often they were tried."""

    records: list[Record]
    tries: int = 0


class StreamPoller:
    """Reads a table's stream in order: a record that fails holds up those behind it."""

    def __init__(
        self, *, name: str, mapping: Mapping[str, Any], client: Any, note: Note, invoke: Invoke
    ) -> None:
        """`mapping` has the properties of the event source mapping; `note` sends to a queue."""
        self.name = name
        self._mapping = mapping
        self._client = client
        self._note = note
        self._invoke = invoke
        self._iterator = self._first()
        self._parts: list[_Part] = []

    def start_over(self) -> None:
        """Forget what was read; go on with what comes from now on."""
        self._parts.clear()
        self._iterator = self._first("LATEST")

    def pump(self) -> bool:
        """Try once to deliver what stands first."""
        self._read()
        if not self._parts:
            return False
        part = self._parts.pop(0)
        ids = [one["dynamodb"]["SequenceNumber"] for one in part.records]
        failed = failed_of(self._invoke({"Records": part.records}), ids)
        first = min((number for number, one in enumerate(ids) if one in failed), default=None)
        if first is not None:
            self._parts[:0] = self._again(part, part.records[first:])
        return True

    def _again(self, part: _Part, rest: list[Record]) -> list[_Part]:
        if self._mapping.get("BisectBatchOnFunctionError") and len(rest) > 1:
            # To split a batch does not count as a retry.
            half = len(rest) // 2
            return [_Part(records=each, tries=part.tries) for each in (rest[:half], rest[half:])]
        if part.tries < int(self._mapping.get("MaximumRetryAttempts", -1)):
            return [_Part(records=rest, tries=part.tries + 1)]
        self._give_up(rest)
        return []

    def _give_up(self, records: Sequence[Record]) -> None:
        """Note where the records stand: that, and not the records, is what AWS keeps."""
        ids = [one["dynamodb"]["SequenceNumber"] for one in records]
        queue = self._mapping["DestinationConfig"]["OnFailure"]["Destination"]
        noted = {
            "requestContext": {"condition": "RetryAttemptsExhausted"},
            "DDBStreamBatchInfo": {
                "streamArn": self._mapping["EventSourceArn"],
                "startSequenceNumber": ids[0],
                "endSequenceNumber": ids[-1],
                "batchSize": len(ids),
            },
        }
        self._note(queue, noted)

    def _read(self) -> None:
        answer = self._client.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        wanted = [one for one in map(_plain, answer["Records"]) if self._wants(one)]
        size = int(self._mapping["BatchSize"])
        for start in range(0, len(wanted), size):
            self._parts.append(_Part(records=wanted[start : start + size]))

    def _wants(self, record: Record) -> bool:
        filters = self._mapping.get("FilterCriteria", {}).get("Filters", [])
        return not filters or any(
            matches_pattern(json.loads(one["Pattern"]), record) for one in filters
        )

    def _first(self, kind: str | None = None) -> str:
        arn = self._mapping["EventSourceArn"]
        described = self._client.describe_stream(StreamArn=arn)["StreamDescription"]
        (shard,) = described["Shards"]
        iterator: str = self._client.get_shard_iterator(
            StreamArn=arn,
            ShardId=shard["ShardId"],
            ShardIteratorType=kind or self._mapping["StartingPosition"],
        )["ShardIterator"]
        return iterator


def _plain(record: Record) -> Record:
    """Return a record as Lambda hands it over: bytes as text, times as seconds."""

    def written(value: Any) -> Any:
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, datetime):
            return value.timestamp()
        raise TypeError(type(value).__name__)

    plain: Record = json.loads(json.dumps(record, default=written))
    return plain
