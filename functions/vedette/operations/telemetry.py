"""What a function tells of its own work: one line of JSON each, without events and secrets.

Metrics are lines in CloudWatch's embedded metric format, without dimensions: one series for each
name of `Metric`, whichever functions count it.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, Protocol

NAMESPACE: Final = "Vedette"
_SAID: Final = 500


class Metric(StrEnum):
    """What is counted; CloudWatch bills each name as one series."""

    EVENTS = "Events"
    FORGED = "ForgedEvents"
    UNREADABLE = "UnreadableEvents"
    FAILED = "FailedMessages"
    CHANGES = "FindingChanges"
    ANNOUNCED = "AnnouncedTransitions"
    HELD = "HeldTransitions"
    REPEATED = "RepeatedTransitions"
    SKIPPED = "SkippedTransitions"
    UNSENT = "UnsentMessages"
    ESCALATED = "EscalatedFindings"
    RECONCILED = "Reconciliations"
    TROUBLE = "Trouble"


class Stream(Protocol):
    """Takes lines; the standard output of a function is one."""

    def write(self, text: str, /) -> object:
        """Take a text."""
        ...


class Telemetry:
    """Writes log lines and metrics of one function."""

    def __init__(
        self,
        function: str,
        stream: Stream | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._function = function
        self._stream = stream
        self._now = now

    def say(self, level: str, message: str, **details: str | int) -> None:
        """Write a log line. `details` hold ids, counts and reasons, never what an event says."""
        known: dict[str, object] = {"level": level, "function": self._function, "message": message}
        bounded = {
            name: one[:_SAID] if isinstance(one, str) else one for name, one in details.items()
        }
        self._write({**known, **bounded})

    def count(self, counts: Mapping[Metric, int]) -> None:
        """Write metrics, those that are not zero."""
        counted = {one.value: count for one, count in counts.items() if count}
        if not counted:
            return
        metrics = [{"Name": name, "Unit": "Count"} for name in counted]
        directive = {"Namespace": NAMESPACE, "Dimensions": [[]], "Metrics": metrics}
        head = {"_aws": {"Timestamp": int(self._now() * 1_000), "CloudWatchMetrics": [directive]}}
        self._write({**head, "function": self._function, **counted})

    def _write(self, line: Mapping[str, object]) -> None:
        (self._stream or sys.stdout).write(json.dumps(line) + "\n")
