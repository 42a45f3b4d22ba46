"""What people may do with a finding, and what it takes."""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from vedette.findings.bounds import bounded_text
from vedette.findings.finding import FindingKind
from vedette.findings.story import Step, Story
from vedette.findings.suppressing import suppress
from vedette.findings.tracked import (
    Because,
    Disposition,
    FindingStatus,
    SuppressedUntil,
    TrackedFinding,
    TransitionKind,
)
from vedette.resources.errors import UserError

LONGEST_SUPPRESSION: Final = timedelta(days=366)
_SECOND: Final = timedelta(seconds=1)


class ActionRefusedError(UserError):
    """The finding's state does not allow what a person asks; the message says what does."""


class ActionKind(StrEnum):
    """What a person may do with a finding."""

    ACKNOWLEDGE = "acknowledge"
    CONTAIN = "contain"
    RESOLVE = "resolve"
    SUPPRESS = "suppress"
    REOPEN = "reopen"


class HumanAction(BaseModel):
    """What a person asks of a finding; `actor` is the ARN that the gateway vouches for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    finding: str
    kind: ActionKind
    actor: str = Field(min_length=1)
    at: AwareDatetime
    reason: str = ""
    until: AwareDatetime | None = None
    disposition: Disposition | None = None

    @field_validator("reason")
    @classmethod
    def _bounded_reason(cls, value: str) -> str:
        return bounded_text(value.strip())


def do(story: Story, state: TrackedFinding, action: HumanAction) -> None:
    """Take the step that a person asks for, if the finding's state allows it."""
    if action.kind is ActionKind.SUPPRESS:
        _suppress(story, state, action)
    elif action.kind is ActionKind.REOPEN:
        _reopen(story, state, action)
    elif action.kind is ActionKind.RESOLVE:
        _resolve(story, state, action)
    else:
        _take_up(story, state, action)


def _take_up(story: Story, state: TrackedFinding, action: HumanAction) -> None:
    """Acknowledge or contain what is open, unless somebody already has."""
    if not state.is_open:
        raise ActionRefusedError(
            f"The finding is {state.status}; reopen it before you {action.kind} it."
        )
    contained = state.status is FindingStatus.CONTAINED
    if action.kind is ActionKind.CONTAIN and not contained:
        _take(story, state, action, TransitionKind.CONTAINED, {"status": FindingStatus.CONTAINED})
    elif action.kind is ActionKind.ACKNOWLEDGE and state.status is FindingStatus.OPEN:
        acknowledged = {"status": FindingStatus.ACKNOWLEDGED}
        _take(story, state, action, TransitionKind.ACKNOWLEDGED, acknowledged)


def _resolve(story: Story, state: TrackedFinding, action: HumanAction) -> None:
    if state.kind is FindingKind.POSTURE:
        raise ActionRefusedError(
            "A posture finding is resolved when the rule passes: put the resource right, "
            "or suppress the finding with a reason and a date."
        )
    if state.status is FindingStatus.RESOLVED:
        return
    _require_reason(action)
    resolved = {
        "status": FindingStatus.RESOLVED,
        "disposition": action.disposition,
        "past_until": max(action.at, state.last_seen),
        "past_episodes": state.episode,
        "judged_at": None if state.judged_at is None else max(action.at, state.judged_at),
    }
    _take(story, state, action, TransitionKind.RESOLVED, resolved)


def _suppress(story: Story, state: TrackedFinding, action: HumanAction) -> None:
    if state.status is FindingStatus.RESOLVED:
        raise ActionRefusedError("The finding is resolved: there is nothing to suppress.")
    _require_reason(action)
    if action.until is None or not action.at < action.until <= action.at + LONGEST_SUPPRESSION:
        raise ActionRefusedError(
            f"Say until when, at most {LONGEST_SUPPRESSION.days} days from now."
        )
    wanted = SuppressedUntil(reason=action.reason, until=action.until, actor=action.actor)
    if state.status is not FindingStatus.SUPPRESSED or state.suppression != wanted:
        suppress(story, wanted, action.at)


def _reopen(story: Story, state: TrackedFinding, action: HumanAction) -> None:
    if state.status is FindingStatus.OPEN:
        return
    reopened: dict[str, Any] = {"status": FindingStatus.OPEN, "suppression": None}
    if state.status is FindingStatus.RESOLVED:
        if state.kind is FindingKind.POSTURE:
            raise ActionRefusedError("A posture finding reopens by itself when the rule fails.")
        reopened |= {
            "past_episodes": state.episode - 1,
            "past_until": state.episode_start - _SECOND,
            "disposition": None,
        }
    _take(story, state, action, TransitionKind.REOPENED, reopened)


def _take(
    story: Story,
    state: TrackedFinding,
    action: HumanAction,
    kind: TransitionKind,
    changed: dict[str, Any],
) -> None:
    step = Step(
        kind=kind,
        occurred_at=action.at,
        because=(Because.BY_A_PERSON,),
        actor=action.actor,
        reason=action.reason,
        disposition=action.disposition,
    )
    story.take(step, state.model_copy(update=changed))


def _require_reason(action: HumanAction) -> None:
    if not action.reason:
        raise ActionRefusedError(f"To {action.kind} a finding, say why.")
