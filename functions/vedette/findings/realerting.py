"""Why something that people know of alerts them again."""

from collections.abc import Iterator

from vedette.findings.episodes import events_of_episode
from vedette.findings.occurrences import MOST_OF_A_SORT, success_after_denials
from vedette.findings.tracked import Because, TrackedFinding

_TIMES = 10


def reasons_to_realert(before: TrackedFinding, after: TrackedFinding) -> tuple[Because, ...]:
    """Return what makes what was learned worth another alert; nothing if it is more of the same."""
    return tuple(_reasons(before, after))


def _reasons(before: TrackedFinding, after: TrackedFinding) -> Iterator[Because]:
    if _succeeded(after) and not _succeeded(before):
        yield Because.SUCCESS_AFTER_DENIALS
    if before.principals and set(after.principals) - set(before.principals):
        yield Because.NEW_PRINCIPAL
    if before.regions and set(after.regions) - set(before.regions):
        yield Because.NEW_REGION
    if _grew(before, after):
        yield Because.TEN_TIMES_THE_VOLUME


def _succeeded(state: TrackedFinding) -> bool:
    return success_after_denials(events_of_episode(state))


def _grew(before: TrackedFinding, after: TrackedFinding) -> bool:
    """Tell whether there are ten times the events people heard of, or more than can be counted."""
    told = before.told_events
    if told == 0:
        return False
    if after.events.count >= _TIMES * told:
        return True
    uncountable = _TIMES * told > MOST_OF_A_SORT
    return uncountable and before.events.exact and not after.events.exact
