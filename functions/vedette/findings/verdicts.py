"""How a verdict changes a finding: the latest read counts.

A verdict that changes nothing is not written, so nothing remembers when it was read. Of reads that
overtake one another, a failure that differs from what stands is never hidden by an earlier pass; an
earlier read may otherwise decide until the resource is read again, by the next sweep at the latest.
"""

from typing import Any

from vedette.findings.observation import Observation
from vedette.findings.story import Step, Story, described, moment
from vedette.findings.suppressing import accepted, in_force, suppress, why_ended
from vedette.findings.tracked import (
    CONFIGURATION,
    Because,
    FindingStatus,
    SuppressedUntil,
    TrackedFinding,
    TransitionKind,
)
from vedette.findings.verdict import Verdict


def in_order(observation: Observation) -> tuple[Any, ...]:
    """Sort verdicts by time; of one moment the failure comes last, so it is the one that stays."""
    return (observation.time, observation.verdict is Verdict.FAILED, observation.reason)


def judge(story: Story, observation: Observation) -> None:
    """Take in one verdict. UNKNOWN opens nothing and closes nothing."""
    if observation.gone:
        _resolve(story, observation, Because.RESOURCE_GONE)
    elif observation.verdict is Verdict.PASSED:
        _resolve(story, observation, Because.PASSED)
    elif observation.verdict is Verdict.FAILED:
        _fail(story, observation)


def _resolve(story: Story, observation: Observation, because: Because) -> None:
    state = story.state
    if state is None or state.status is FindingStatus.RESOLVED or state.judged_at is None:
        return
    if observation.time <= state.judged_at:
        return
    step = Step(
        kind=TransitionKind.RESOLVED,
        occurred_at=observation.time,
        because=(because,),
        reason=observation.reason,
        # Of what was accepted nobody was told that it is there, nor needs to hear that it is gone.
        told=state.status is not FindingStatus.SUPPRESSED,
    )
    resolved = {
        "status": FindingStatus.RESOLVED,
        "judged_at": observation.time,
        "latest": moment(observation.time),
        "disposition": None,
    }
    story.take(step, state.model_copy(update=resolved))


def _fail(story: Story, observation: Observation) -> None:
    state = story.state
    if state is None:
        _begin(story, _new(story, observation), observation, TransitionKind.OPENED)
    elif state.judged_at is not None and observation.time < state.judged_at:
        return
    elif state.status is FindingStatus.RESOLVED:
        _begin(story, _again(state, observation), observation, TransitionKind.REOPENED)
    else:
        _go_on(story, state, observation)


def _begin(
    story: Story, after: TrackedFinding, observation: Observation, kind: TransitionKind
) -> None:
    """Begin an episode: the first, or another one of a finding that was resolved."""
    suppression = _suppression(after, observation)
    step = Step(
        kind=kind,
        occurred_at=observation.time,
        because=(Because.FAILED_AGAIN,) if kind is TransitionKind.REOPENED else (),
        told=suppression is None and not after.baseline,
    )
    story.take(step, after)
    if suppression is not None:
        suppress(story, suppression, observation.time)


def _suppression(state: TrackedFinding, observation: Observation) -> SuppressedUntil | None:
    """Return what suppresses a finding: the configuration, or a person since an earlier episode."""
    by_configuration = accepted(observation)
    if by_configuration is not None:
        return by_configuration
    ended = why_ended(state.suppression, None, observation.time)
    return state.suppression if ended is None else None


def _go_on(story: Story, state: TrackedFinding, observation: Observation) -> None:
    by_configuration = accepted(observation)
    raised = observation.severity.rank > state.severity.rank
    _learn(story, state, observation)
    after = story.state or state
    if state.status is FindingStatus.SUPPRESSED:
        _go_on_suppressed(story, after, observation, by_configuration)
    elif by_configuration is not None:
        suppress(story, by_configuration, observation.time)
    elif raised:
        story.take(Step(kind=TransitionKind.SEVERITY_RAISED, occurred_at=observation.time), after)


def _go_on_suppressed(
    story: Story,
    state: TrackedFinding,
    observation: Observation,
    by_configuration: SuppressedUntil | None,
) -> None:
    ended = why_ended(state.suppression, by_configuration, observation.time)
    if ended is not None:
        reopened = {
            "status": FindingStatus.OPEN,
            "suppression": None,
            "judged_at": observation.time,
            "latest": moment(observation.time),
        }
        step = Step(kind=TransitionKind.REOPENED, occurred_at=observation.time, because=(ended,))
        story.take(step, state.model_copy(update=reopened))
        return
    theirs = state.suppression is not None and state.suppression.actor != CONFIGURATION
    persons = theirs and in_force(state.suppression, observation.time)
    if by_configuration is not None and by_configuration != state.suppression and not persons:
        story.learn(suppression=by_configuration)


def _learn(story: Story, state: TrackedFinding, observation: Observation) -> None:
    """Take over what is told differently now; what is the same is not worth a write."""
    told = described(observation) | {"severity": observation.severity}
    different = {name: value for name, value in told.items() if getattr(state, name) != value}
    if different:
        story.learn(
            **different,
            judged_at=observation.time,
            latest=moment(observation.time),
            last_seen=max(state.last_seen, observation.time),
        )


def _new(story: Story, observation: Observation) -> TrackedFinding:
    return TrackedFinding(
        **described(observation),
        id=observation.id,
        kind=observation.kind,
        severity=observation.severity,
        status=FindingStatus.OPEN,
        account=observation.account,
        first_seen=observation.time,
        last_seen=observation.time,
        episode_start=observation.time,
        opened_at=story.now,
        status_at=story.now,
        regions=(observation.region,),
        baseline=observation.baseline,
        judged_at=observation.time,
        latest=moment(observation.time),
    )


def _again(state: TrackedFinding, observation: Observation) -> TrackedFinding:
    begun = {
        "status": FindingStatus.OPEN,
        "severity": observation.severity,
        "episode": state.episode + 1,
        "episode_start": observation.time,
        "last_seen": max(state.last_seen, observation.time),
        "judged_at": observation.time,
        "latest": moment(observation.time),
        "baseline": False,
        "disposition": None,
    }
    return state.model_copy(update=described(observation) | begun)
