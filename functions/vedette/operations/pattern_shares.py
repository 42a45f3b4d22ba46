"""Tells which share of a log the patterns let through: what a deployment has to handle."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vedette.detection.event.records import records
from vedette.detection.patterns.envelope import envelope_of
from vedette.operations.hunt_logs import LocalLogs, LogSource, worth_reading
from vedette.operations.patterns import EventPattern, Queue

OnProgress = Callable[[int, int, str], None]


def no_progress(_done: int, _total: int, _doing: str) -> None:
    """Show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogShares:
    """How many events a log has, and how many each pattern and each queue would get.

    `reads` are the events of calls that only read. `problems` says what could not be read, in
    clauses.
    """

    events: int
    reads: int
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
    return shares_in(patterns, LocalLogs((path,)))


def shares_in(
    patterns: Iterable[EventPattern],
    source: LogSource,
    since: datetime | None = None,
    on_progress: OnProgress = no_progress,
) -> LogShares:
    """Count what the patterns let through of a log, from a time on.

    Raises UserError for a log that cannot be listed.
    """
    several = tuple(patterns)
    events, reads, problems = 0, 0, list[str]()
    by_pattern, by_queue = Counter[str](), Counter[Queue]()
    earliest = "" if since is None else since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    files = worth_reading(source.files(), since)
    for done, file in enumerate(files):
        on_progress(done, len(files), "")
        content = source.read(file)
        if content.problem is not None:
            problems.append(f"{file.name}: {content.problem}")
        said: list[str] = []
        for record in records(content, said.append):
            # CloudTrail writes times alike, so that texts compare as times do.
            if earliest and str(record.get("eventTime")) < earliest:
                continue
            events += 1
            reads += record.get("readOnly") is True
            event = envelope_of(record)
            passed = [one for one in several if one.lets_through(event)]
            by_pattern.update(one.name for one in passed)
            by_queue.update({one.queue for one in passed})
        problems += [f"{file.name}: {one}" for one in said]
    return LogShares(
        events=events,
        reads=reads,
        by_pattern=dict(by_pattern),
        by_queue=dict(by_queue),
        problems=tuple(problems),
    )
