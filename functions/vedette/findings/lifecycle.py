"""The lifecycle of a finding, as pure functions of what stands and what is observed or asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vedette.findings.action import ActionKind, ActionRefusedError, HumanAction, do
from vedette.findings.happenings import happen
from vedette.findings.observation import Observation
from vedette.findings.story import Story
from vedette.findings.tracked import TimelineEntry, TrackedFinding, Transition
from vedette.findings.verdicts import in_order, judge

__all__ = ["ActionKind", "ActionRefusedError", "Change", "HumanAction", "act", "observe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a finding. `before` is None if it is new.

    Without `entries` it is a repeat: something was learned that nobody needs to hear of.
    """

    before: TrackedFinding | None
    after: TrackedFinding
    entries: tuple[TimelineEntry, ...] = ()

    @property
    def transition(self) -> Transition | None:
        """Return the transition that people want to hear of, if this change has one."""
        told = self.after.transition
        is_new = told is not None and bool(self.entries) and told.version == self.after.version
        return told if is_new else None


def observe(
    state: TrackedFinding | None, observations: Iterable[Observation], now: datetime
) -> Change | None:
    """Take observations of one finding into its state; None if they change nothing."""
    told = list(observations)
    story = Story(state, now)
    for verdict in sorted((one for one in told if not one.tells_events), key=in_order):
        judge(story, verdict)
    events = [one for one in told if one.tells_events]
    if events:
        happen(story, events)
    return _change(story)


def act(state: TrackedFinding, action: HumanAction) -> Change | None:
    """Do what a person asks; None if it is so already. Raises ActionRefusedError."""
    story = Story(state, action.at)
    do(story, state, action)
    return _change(story)


def _change(story: Story) -> Change | None:
    if story.state is None or story.state == story.before:
        return None
    return Change(before=story.before, after=story.state, entries=tuple(story.entries))
