"""What events mean for the status of a finding, and whether people hear of them."""

from collections.abc import Sequence

from vedette.findings.episodes import border, order_of, settled, with_events, without_past
from vedette.findings.observation import Observation, second_of
from vedette.findings.occurrences import time_of
from vedette.findings.realerting import reasons_to_realert
from vedette.findings.story import Step, Story, described
from vedette.findings.suppressing import accepted, suppress, why_ended
from vedette.findings.tracked import (
    Because,
    FindingStatus,
    SuppressedUntil,
    TrackedFinding,
    TransitionKind,
)


def happen(story: Story, observations: Sequence[Observation]) -> None:
    """Take in events of one finding, told at once."""
    state = story.state
    if state is None:
        _open(story, observations)
        return
    told = [one for one in observations if not _is_past(state, one)]
    if not told:
        return
    after = with_events(state, told)
    if after == state:
        return
    if state.status is FindingStatus.RESOLVED:
        _in_resolved(story, after, told)
    elif state.status is FindingStatus.SUPPRESSED:
        _in_suppressed(story, after, told)
    else:
        _in_open(story, after, told)


def _is_past(state: TrackedFinding, observation: Observation) -> bool:
    """Tell whether it belongs to an episode that is over, while another one runs."""
    resolved = state.status is FindingStatus.RESOLVED
    return not resolved and second_of(observation.time) <= border(state)


def _open(story: Story, observations: Sequence[Observation]) -> None:
    after = with_events(_new(story, max(observations, key=order_of)), observations)
    suppression = _accepted_all(observations)
    step = Step(
        kind=TransitionKind.OPENED,
        occurred_at=after.episode_start,
        told=suppression is None and not after.baseline,
    )
    story.take(step, after)
    if suppression is not None:
        suppress(story, suppression, after.last_seen)


def _in_resolved(story: Story, after: TrackedFinding, told: Sequence[Observation]) -> None:
    """Reopen for what happened after the end, or for something worse that came to light late."""
    before = story.state or after
    reasons = reasons_to_realert(before, after)
    if second_of(after.last_seen) > border(after):
        _reopen(story, without_past(after), told, (Because.NEW_EPISODE, *reasons))
    elif reasons:
        _reopen(story, without_past(after), told, reasons)
    else:
        _learn(story, after)


def _in_suppressed(story: Story, after: TrackedFinding, told: Sequence[Observation]) -> None:
    before = story.state or after
    latest = max(told, key=order_of)
    ended = why_ended(before.suppression, accepted(latest), latest.time)
    reasons = reasons_to_realert(before, after)
    if ended is not None:
        opened = after.model_copy(update={"suppression": None})
        _reopen(story, opened, told, (ended, *reasons))
    elif reasons:
        _alert_again(story, after, TransitionKind.REALERTED, reasons)
    else:
        _learn(story, after)


def _in_open(story: Story, after: TrackedFinding, told: Sequence[Observation]) -> None:
    before = story.state or after
    reasons = reasons_to_realert(before, after)
    contained = before.status is FindingStatus.CONTAINED
    if contained and max(one.time for one in told) > before.status_at:
        _reopen(story, after, told, (Because.AFTER_CONTAINMENT, *reasons))
    elif after.episode_start > before.last_seen:
        _reopen(story, after, told, (Because.NEW_EPISODE, *reasons))
    elif after.severity.rank > before.severity.rank:
        _alert_again(story, after, TransitionKind.SEVERITY_RAISED, reasons)
    elif reasons:
        _alert_again(story, after, TransitionKind.REALERTED, reasons)
    else:
        _learn(story, after)


def _reopen(
    story: Story,
    after: TrackedFinding,
    told: Sequence[Observation],
    because: tuple[Because, ...],
) -> None:
    suppression = _accepted_all(told) or _persons_suppression(after)
    step = Step(
        kind=TransitionKind.REOPENED,
        occurred_at=after.last_seen,
        because=because,
        told=suppression is None,
    )
    reopened = {"status": FindingStatus.OPEN, "baseline": False, "disposition": None}
    story.take(step, after.model_copy(update=reopened))
    if suppression is not None:
        suppress(story, suppression, after.last_seen)


def _alert_again(
    story: Story, after: TrackedFinding, kind: TransitionKind, because: tuple[Because, ...]
) -> None:
    story.take(Step(kind=kind, occurred_at=after.last_seen, because=because), after)


def _learn(story: Story, after: TrackedFinding) -> None:
    story.state = after


def _accepted_all(observations: Sequence[Observation]) -> SuppressedUntil | None:
    """Return how the configuration accepts all of these, or None if it does not accept one."""
    each = [accepted(one) for one in observations]
    known = [one for one in each if one is not None]
    return max(known, key=lambda one: one.until) if len(known) == len(each) else None


def _persons_suppression(state: TrackedFinding) -> SuppressedUntil | None:
    ended = why_ended(state.suppression, None, state.last_seen)
    return state.suppression if ended is None else None


def _new(story: Story, latest: Observation) -> TrackedFinding:
    time = time_of(second_of(latest.time))
    return settled(
        TrackedFinding(
            **described(latest),
            id=latest.id,
            kind=latest.kind,
            severity=latest.severity,
            status=FindingStatus.OPEN,
            account=latest.account,
            first_seen=time,
            last_seen=time,
            episode_start=time,
            opened_at=story.now,
            status_at=story.now,
            regions=(latest.region,),
            baseline=latest.baseline,
        )
    )
