"""Runs one handler as Lambda does, and tells what it cost; it imports nothing of the project.

    python pipeline_subject.py start client|HANDLER
    python pipeline_subject.py serve HANDLER

`start` imports the handler and builds what it keeps for the life of the process; `client` stands
for what every function in Python pays: boto3 and one client. `serve` handles the events that come
as lines of JSON and answers each with a line. The code's folder comes by PYTHONPATH.
"""

import importlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


class Context:
    """What Lambda tells a function about its call."""

    def get_remaining_time_in_millis(self) -> int:
        """Return more than any call takes here."""
        return 60_000


class Calls:
    """Counts the calls of the process's AWS clients, those of DynamoDB by table."""

    def __init__(self) -> None:
        """Count what clients do that are made from now on."""
        import boto3  # noqa: PLC0415 - a start counts what it costs

        self.counted: Counter[str] = Counter()
        boto3.setup_default_session()
        session: Any = boto3.DEFAULT_SESSION
        session.events.register("provide-client-params.*.*", self._count)

    def _count(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        operation = f"{model.service_model.service_name}:{model.name}"
        tables = sorted(set(_tables(params)))
        self.counted[" ".join((operation, *tables))] += 1


def _tables(params: Mapping[str, Any]) -> Iterator[str]:
    if "TableName" in params:
        yield str(params["TableName"])
    yield from map(str, params.get("RequestItems", ()))
    for part in params.get("TransactItems", ()):
        yield from (str(one["TableName"]) for one in part.values())


def started(name: str) -> Any:
    """Return the module of a handler with everything built that it keeps."""
    module = importlib.import_module(f"vedette.handlers.{name}")
    for built in list(vars(module).values()):
        if getattr(built, "__module__", "") == module.__name__ and hasattr(built, "cache_info"):
            built()
    return module


def start(name: str) -> None:
    """Start, and print processor time in milliseconds and peak memory in MB."""
    before = time.process_time()
    if name == "client":
        import boto3  # noqa: PLC0415 - what it costs is the question

        boto3.client("dynamodb")
    else:
        started(name)
    cost = (time.process_time() - before) * 1_000
    print(json.dumps({"cpu_ms": cost, "peak_mb": peak_megabytes()}), file=sys.__stdout__)


def serve(name: str) -> None:
    """Handle events until there are no more."""
    # What functions log goes to the standard output, which is for answers here.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    calls = Calls()
    handler = started(name).handler
    for line in sys.stdin:
        event = json.loads(line)
        calls.counted.clear()
        before = time.process_time()
        answer = handler(event, Context())
        cost = (time.process_time() - before) * 1_000
        told = {"cpu_ms": cost, "peak_mb": peak_megabytes(), "calls": dict(calls.counted)}
        answers.write(json.dumps(told | {"answer": answer}) + "\n")
        answers.flush()


def peak_megabytes() -> float:
    """Return the most memory that this process held, 0 where the kernel does not tell.

    `getrusage` would tell what the parent held at the fork, too.
    """
    if not STATUS.exists():
        return 0.0
    lines = STATUS.read_text(encoding="utf-8").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1_024 / 1_000_000


if __name__ == "__main__":
    {"start": start, "serve": serve}[sys.argv[1]](sys.argv[2])
