"""Tells which share of a log the patterns let through: what a deployment has to handle."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vedette.detection.event.records import records
from vedette.detection.patterns.envelope import envelope_of
from vedette.operations.hunt_logs import LocalLogs, worth_reading
from vedette.operations.patterns import EventPattern, Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class LogShares:
    """How many events a log has, and how many each pattern and each queue would get.

    `problems` says what could not be read, in clauses.
    """

    events: int
    by_pattern: Mapping[str, int]
    by_queue: Mapping[Queue, int]
    problems: tuple[str, ...]

    def share(self, count: int) -> float:
        """Return a count as a share of all events, 0 for an empty log."""
        return count / self.events if self.events else 0.0


def shares_of(patterns: Iterable[EventPattern], path: Path) -> LogShares:
    """Count what the patterns let through of CloudTrail's files below a path.

    Raises UsageError for a path that is not there.
    """
    several = tuple(patterns)
    source = LocalLogs((path,))
    events, problems = 0, list[str]()
    by_pattern, by_queue = Counter[str](), Counter[Queue]()
    for file in worth_reading(source.files(), None):
        content = source.read(file)
        if content.problem is not None:
            problems.append(f"{file.name}: {content.problem}")
        said: list[str] = []
        for record in records(content, said.append):
            events += 1
            event = envelope_of(record)
            passed = [one for one in several if one.lets_through(event)]
            by_pattern.update(one.name for one in passed)
            by_queue.update({one.queue for one in passed})
        problems += [f"{file.name}: {one}" for one in said]
    return LogShares(
        events=events,
        by_pattern=dict(by_pattern),
        by_queue=dict(by_queue),
        problems=tuple(problems),
    )
