"""The port through which findings are kept, and what can go wrong there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vedette.findings.lifecycle import Change, HumanAction
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.tracked import TimelineEntry, TrackedFinding

Clock = Callable[[], datetime]


class FindingStoreError(Exception):
    """The store did not do what it was asked; the message says why."""


class StoreBusyError(FindingStoreError):
    """The store throttled us, or somebody else kept writing the same finding, after all retries.

    Trying the same again later is right and safe.
    """


class StoreFailedError(FindingStoreError):
    """The store refused or could not be reached; trying again may not help."""


class UnknownFindingError(FindingStoreError):
    """There is no finding of this id."""


class TooNewError(FindingStoreError):
    """The stored finding was written by a later version of Vedette than this one."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a batch of observations: what was written, and what failed by finding."""

    changes: tuple[Change, ...]
    failed: Mapping[str, FindingStoreError]


class FindingStore(Protocol):
    """Keeps what stands about each finding, and its timeline.

    Every method may raise StoreBusyError and StoreFailedError.
    """

    def record(self, observations: Iterable[Observation]) -> Recorded:
        """Take observations into the findings that they are about.

        What changes nothing is not written. A finding that could not be written stands under
        `failed` and keeps no other from being written.
        """
        ...

    def act(self, action: HumanAction) -> Change | None:
        """Do what a person asks; None if it is so already.

        Raises UnknownFindingError, and ActionRefusedError where the lifecycle does not allow it.
        """
        ...

    def get(self, finding: str) -> TrackedFinding | None:
        """Return the finding of this id as it stands."""
        ...

    def get_many(self, findings: Iterable[str]) -> Mapping[str, TrackedFinding]:
        """Return the findings of these ids that exist."""
        ...

    def timeline(self, finding: str) -> Sequence[TimelineEntry]:
        """Return what happened to a finding, the first first."""
        ...

    def open_by_severity(self, severity: Severity) -> Iterator[TrackedFinding]:
        """Yield the findings that are not resolved or suppressed, the latest opened first."""
        ...

    def of_resource(self, arn: str) -> Iterator[TrackedFinding]:
        """Yield the findings that are not resolved about a resource."""
        ...

    def of_rule(self, account: str, rule: str) -> Iterator[TrackedFinding]:
        """Yield the findings that are not resolved of a rule in an account."""
        ...

    def unannounced(self, before: datetime) -> Iterator[TrackedFinding]:
        """Yield the findings whose last transition came before then and has not been told."""
        ...

    def mark_announced(self, finding: str, version: int) -> bool:
        """Note that people were told of the transition to `version`.

        Returns False if there has been a later one since, which is still to be told.
        """
        ...
