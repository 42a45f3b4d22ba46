"""Findings kept in memory: the reference of the store's port."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import RLock

from vedette.findings.lifecycle import Change, HumanAction, act, observe
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.store import Clock, FindingStoreError, Recorded, UnknownFindingError
from vedette.findings.tracked import FindingStatus, TimelineEntry, TrackedFinding


class MemoryFindings:
    """The finding store of tests; `writes` counts, `failing` refuses findings by id."""

    def __init__(self, now: Clock = lambda: datetime.now(UTC)) -> None:
        self.writes = 0
        self.failing: dict[str, FindingStoreError] = {}
        self._now = now
        self._states: dict[str, TrackedFinding] = {}
        self._entries: defaultdict[str, list[TimelineEntry]] = defaultdict(list)
        self._lock = RLock()

    def record(self, observations: Iterable[Observation]) -> Recorded:
        told: defaultdict[str, list[Observation]] = defaultdict(list)
        for one in observations:
            told[one.id].append(one)
        changes: list[Change] = []
        failed: dict[str, FindingStoreError] = {}
        with self._lock:
            for finding, some in told.items():
                if finding in self.failing:
                    failed[finding] = self.failing[finding]
                    continue
                change = observe(self._states.get(finding), some, self._now())
                if change is not None:
                    changes.append(self._write(change))
        return Recorded(tuple(changes), failed)

    def act(self, action: HumanAction) -> Change | None:
        with self._lock:
            state = self._states.get(action.finding)
            if state is None:
                raise UnknownFindingError(f"there is no finding {action.finding}")
            change = act(state, action)
            return None if change is None else self._write(change)

    def get(self, finding: str) -> TrackedFinding | None:
        return self._states.get(finding)

    def get_many(self, findings: Iterable[str]) -> Mapping[str, TrackedFinding]:
        return {one: self._states[one] for one in findings if one in self._states}

    def timeline(self, finding: str) -> Sequence[TimelineEntry]:
        return list(self._entries[finding])

    def open_by_severity(self, severity: Severity) -> Iterator[TrackedFinding]:
        return (one for one in self._latest() if one.is_open and one.severity is severity)

    def of_resource(self, arn: str) -> Iterator[TrackedFinding]:
        return (one for one in self._unresolved() if one.resource and one.resource.arn == arn)

    def of_rule(self, account: str, rule: str) -> Iterator[TrackedFinding]:
        return (one for one in self._unresolved() if (one.account, one.rule) == (account, rule))

    def unannounced(self, before: datetime) -> Iterator[TrackedFinding]:
        found = [
            (one.transition.at, one)
            for one in self._latest()
            if one.unannounced and one.transition and one.transition.at < before
        ]
        return (one for _, one in sorted(found, key=lambda pair: pair[0]))

    def mark_announced(self, finding: str, version: int) -> bool:
        with self._lock:
            state = self._states.get(finding)
            if state is None or state.transition is None or state.transition.version != version:
                return False
            self._states[finding] = state.model_copy(update={"announced_version": version})
            return True

    def _write(self, change: Change) -> Change:
        self._states[change.after.id] = change.after
        self._entries[change.after.id] += change.entries
        self.writes += 1
        return change

    def _latest(self) -> list[TrackedFinding]:
        return sorted(self._states.values(), key=lambda one: one.opened_at, reverse=True)

    def _unresolved(self) -> Iterator[TrackedFinding]:
        return (one for one in self._latest() if one.status is not FindingStatus.RESOLVED)
