"""What happens to a finding while a batch of observations or an action is taken in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vedette.findings.observation import Observation, second_of
from vedette.findings.tracked import (
    ALERTING,
    VEDETTE,
    Because,
    Disposition,
    FindingStatus,
    TimelineEntry,
    TrackedFinding,
    Transition,
    TransitionKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a finding. `told` says whether people want to hear of it."""

    kind: TransitionKind
    occurred_at: datetime
    because: tuple[Because, ...] = ()
    actor: str = VEDETTE
    reason: str = ""
    told: bool = True
    disposition: Disposition | None = None
    until: datetime | None = None


class Story:
    """Follows one finding through the steps that it takes at `now`."""

    def __init__(self, before: TrackedFinding | None, now: datetime) -> None:
        self.before = before
        self.state = before
        self.now = now
        self.version = 1 if before is None else before.version + 1
        self.entries: list[TimelineEntry] = []

    def learn(self, **values: Any) -> None:
        """Change what is known without a step."""
        if self.state is not None:
            self.state = self.state.model_copy(update=values)

    def take(self, step: Step, after: TrackedFinding) -> None:
        """Take a step, after which the finding is as given."""
        status_before = None if self.state is None else self.state.status
        values: dict[str, Any] = {"version": self.version}
        if after.status is not status_before or step.kind is TransitionKind.REOPENED:
            values["status_at"] = self.now
        if step.kind in (TransitionKind.OPENED, TransitionKind.REOPENED):
            values["opened_at"] = self.now
        if step.kind in ALERTING:
            values["told_events"] = after.events.count
        if step.told and step.kind in ALERTING:
            values["transition"] = Transition(
                kind=step.kind,
                at=self.now,
                version=self.version,
                because=step.because,
                actor=step.actor,
            )
        self.state = after.model_copy(update=values)
        self.entries.append(self._entry(step, self.state, status_before))

    def _entry(
        self, step: Step, after: TrackedFinding, status_before: FindingStatus | None
    ) -> TimelineEntry:
        return TimelineEntry(
            finding=after.id,
            version=self.version,
            place=len(self.entries),
            kind=step.kind,
            at=self.now,
            occurred_at=step.occurred_at,
            actor=step.actor,
            status=after.status,
            status_before=status_before,
            severity=after.severity,
            episode=after.episode,
            because=step.because,
            reason=step.reason or after.reason,
            disposition=step.disposition,
            until=step.until,
        )


def moment(time: datetime) -> str:
    """Return a time as a text by which observations have an order."""
    return f"{second_of(time):010d}.{time.microsecond:06d}"


def described(observation: Observation) -> dict[str, Any]:
    """Return what the latest observation says about a finding as a whole."""
    return {
        "rule": observation.rule,
        "title": observation.title,
        "region": observation.region,
        "reason": observation.reason,
        "resource": observation.resource,
        "principal": observation.principal,
        "evidence": observation.evidence,
        "controls": observation.controls,
        "tags": observation.tags,
        "window": observation.window,
        "is_sample": observation.is_sample,
        "origin": observation.origin,
    }
