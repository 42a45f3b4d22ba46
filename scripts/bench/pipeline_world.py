"""A stand-in for AWS with what the functions use, and functions that run against it."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from scripts.bench.pipeline_asset import REGION, VALUES, environment
from vedette.aws.stand_in.server import StandIn
from vedette.aws.stores.tables import FINDINGS, STATE, Table

SUBJECT = Path(__file__).with_name("pipeline_subject.py")
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Handled:
    """What handling one event took: calls of AWS by name, those of DynamoDB by table."""

    answer: Any
    calls: Mapping[str, int]
    cpu_ms: float
    peak_mb: float

    def count(self, *operations: str) -> int:
        """Return how many calls there were of these, such as `dynamodb:UpdateItem findings`."""
        return sum(self.calls.get(one, 0) for one in operations)


class Function:
    """A function that is running; its handler has been started once and stays warm."""

    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests = requests
        self._answers = answers

    def handle(self, event: Event) -> Handled:
        """Let the handler handle an event. Raises SystemExit if it fails."""
        self._requests.write(json.dumps(event, default=_text) + "\n")
        self._requests.flush()
        line = self._answers.readline()
        if not line:
            raise SystemExit("a handler failed; see above")
        return Handled(**json.loads(line))


class World:
    """The tables, topics and buckets of a deployment, and an account with one of its own."""

    def __init__(self, aws: StandIn, code: Path, bytecode: Path, accounts: Sequence[str]) -> None:
        self.aws = aws
        self._code = code
        self._bytecode = bytecode
        self._accounts = json.dumps(list(accounts))
        database, topics = aws.client("dynamodb", REGION), aws.client("sns", REGION)
        _create(database, VALUES["findings_table"], FINDINGS)
        _create(database, VALUES["state_table"], STATE)
        for topic in ("alert_topic", "chat_topic", "escalation_topic"):
            topics.create_topic(Name=VALUES[topic].rpartition(":")[2])

    @contextmanager
    def function(self, handler: str) -> Iterator[Function]:
        """Start a function anew, for as long as the block runs."""
        variables = environment(
            self._code,
            handler,
            self._accounts,
            AWS_ENDPOINT_URL=self.aws.endpoint_url,
            PYTHONPYCACHEPREFIX=str(self._bytecode),
        )
        process = subprocess.Popen(
            [sys.executable, SUBJECT, "serve", handler],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            # Both are there, since both were asked for.
            requests, answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
            yield Function(requests, answers)
            requests.close()

    def findings(self) -> list[dict[str, Any]]:
        """Return the items of all findings."""
        database = self.aws.client("dynamodb", REGION)
        pages = database.get_paginator("scan").paginate(TableName=VALUES["findings_table"])
        items = [item for page in pages for item in page["Items"]]
        return [item for item in items if item["sk"]["S"] == "STATE"]


def batch(envelopes: Iterable[Event]) -> dict[str, Any]:
    """Return messages as Lambda gets them from a queue."""
    return {
        "Records": [
            {"messageId": f"m{number}", "body": json.dumps(one)}
            for number, one in enumerate(envelopes)
        ]
    }


def streamed(items: Iterable[Event]) -> dict[str, Any]:
    """Return records of the findings table's stream in which these items are new."""
    return {
        "Records": [
            {
                "eventID": str(number),
                "eventName": "INSERT",
                "dynamodb": {
                    "Keys": {key: item[key] for key in ("pk", "sk")},
                    "NewImage": dict(item),
                    "SequenceNumber": str(number),
                },
            }
            for number, item in enumerate(items)
        ]
    }


def _create(database: Any, name: str, table: Table) -> None:
    keys = [(table.partition_key, "HASH"), (table.sort_key, "RANGE")]
    indexes = [
        {
            "IndexName": one.name,
            "KeySchema": _schema([(one.partition_key, "HASH"), (one.sort_key, "RANGE")]),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        for one in table.indexes
    ]
    database.create_table(
        TableName=name,
        KeySchema=_schema(keys),
        AttributeDefinitions=[
            {"AttributeName": one, "AttributeType": "S"} for one in table.text_attributes
        ],
        BillingMode="PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    )


def _schema(keys: Iterable[tuple[str | None, str]]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in keys if name]


def _text(value: object) -> str:
    """Write bytes as the JSON of DynamoDB's stream does."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)
