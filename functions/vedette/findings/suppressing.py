"""Suppressions as an observation meets them: in force, expired, lifted, or by configuration."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from vedette.findings.finding import Suppressed
from vedette.findings.observation import Observation
from vedette.findings.story import Step, Story
from vedette.findings.tracked import (
    CONFIGURATION,
    Because,
    FindingStatus,
    SuppressedUntil,
    TransitionKind,
)

_FOREVER: Final = datetime.max.replace(tzinfo=UTC)


def accepted(observation: Observation) -> SuppressedUntil | None:
    """Return how the configuration accepts what was observed, if it still does at that time."""
    if observation.suppressed is None:
        return None
    suppressed = SuppressedUntil(
        reason=observation.suppressed.reason,
        until=_end_of(observation.suppressed),
        actor=CONFIGURATION,
    )
    return suppressed if observation.time < suppressed.until else None


def in_force(suppression: SuppressedUntil | None, at: datetime) -> bool:
    """Tell whether a suppression holds at a time."""
    return suppression is not None and at < suppression.until


def why_ended(
    suppression: SuppressedUntil | None, by_configuration: SuppressedUntil | None, at: datetime
) -> Because | None:
    """Tell why a finding that is suppressed is so no longer; None if it still is."""
    if by_configuration is not None:
        return None
    if not in_force(suppression, at):
        return Because.SUPPRESSION_EXPIRED
    lifted = suppression is not None and suppression.actor == CONFIGURATION
    return Because.SUPPRESSION_LIFTED if lifted else None


def suppress(story: Story, suppression: SuppressedUntil, occurred_at: datetime) -> None:
    """Suppress the finding, which nobody needs to be told."""
    if story.state is None:
        return
    by = Because.BY_CONFIGURATION if suppression.actor == CONFIGURATION else Because.BY_A_PERSON
    step = Step(
        kind=TransitionKind.SUPPRESSED,
        occurred_at=occurred_at,
        because=(by,),
        actor=suppression.actor,
        reason=suppression.reason,
        until=suppression.until,
    )
    suppressed = {"status": FindingStatus.SUPPRESSED, "suppression": suppression}
    story.take(step, story.state.model_copy(update=suppressed))


def _end_of(suppressed: Suppressed) -> datetime:
    """Return the end of a suppression, whose last day (UTC) holds to its end."""
    day = date.fromisoformat(suppressed.expires)
    if day >= date.max:
        return _FOREVER
    return datetime.combine(day, time(), UTC) + timedelta(days=1)
