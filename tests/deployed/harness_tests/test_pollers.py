"""Pollers: what a function's answer means, and how a stream's batch is split and given up."""

from typing import Any

import pytest

from tests.deployed.harness.pollers import StreamPoller, failed_of
from tests.deployed.harness.runtime.runtime_api import Outcome

MAPPING = {
    "EventSourceArn": "arn:stream",
    "StartingPosition": "TRIM_HORIZON",
    "BatchSize": 10,
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 2,
    "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:r:a:failures"}},
}


@pytest.mark.parametrize(
    ("outcome", "failed"),
    [
        (Outcome(payload=None), set()),
        (Outcome(payload={"batchItemFailures": []}), set()),
        (Outcome(payload={"batchItemFailures": [{"itemIdentifier": "1"}]}), {"1"}),
        (Outcome(payload={"batchItemFailures": [{"itemIdentifier": "9"}]}), {"1", "2"}),
        (Outcome(payload={"batchItemFailures": [{"itemIdentifier": ""}]}), {"1", "2"}),
        (Outcome(error="died"), {"1", "2"}),
    ],
)
def test_an_answer_says_which_records_failed(outcome: Outcome, failed: set[str]) -> None:
    assert failed_of(outcome, ["1", "2"]) == failed


class Stream:
    """A stream with five records, read once."""

    def __init__(self) -> None:
        self.records = [{"dynamodb": {"SequenceNumber": str(number)}} for number in range(5)]

    def describe_stream(self, **_: Any) -> Any:
        return {"StreamDescription": {"Shards": [{"ShardId": "s"}]}}

    def get_shard_iterator(self, **_: Any) -> Any:
        return {"ShardIterator": "i"}

    def get_records(self, **_: Any) -> Any:
        records, self.records = self.records, []
        return {"Records": records, "NextShardIterator": "i"}


def test_a_batch_is_halved_until_the_record_to_blame_stands_alone_and_is_given_up() -> None:
    handled: list[str] = []
    noted: list[Any] = []

    def invoke(event: Any) -> Outcome:
        ids = [one["dynamodb"]["SequenceNumber"] for one in event["Records"]]
        if "2" in ids:
            return Outcome(error="poison")
        handled.extend(ids)
        return Outcome()

    def note(queue: str, message: Any) -> None:
        noted.append((queue, message["DDBStreamBatchInfo"]["startSequenceNumber"]))

    poller = StreamPoller(name="p", mapping=MAPPING, client=Stream(), note=note, invoke=invoke)
    rounds = 0
    while poller.pump():
        rounds += 1
    assert handled == ["0", "1", "3", "4"]
    assert noted == [("arn:aws:sqs:r:a:failures", "2")]
    assert rounds < 12
