"""What several trails record together, and what is not known about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from vedette.resources.cloudtrail import Trail
from vedette.resources.facts import Fact, known, why_unreadable
from vedette.resources.three_valued import Truth, all_of
from vedette.resources.trail_events import EventSelection


@dataclass(frozen=True, slots=True)
class Recording:
    """The selections of trails that log, and the names of these trails.

    `unread` says why some trail could not be judged; None if all could. What is selected is sure
    all the same.
    """

    selections: tuple[EventSelection, ...]
    trails: tuple[str, ...]
    unread: str | None


def recording_of(trails: Iterable[Trail], *, in_all_regions: bool = False) -> Recording:
    """Add up what trails record; with `in_all_regions`, what multi-region trails record."""
    selections: list[EventSelection] = []
    names: list[str] = []
    unread: str | None = None
    for trail in trails:
        conditions = [trail.is_logging, *([trail.is_multi_region] if in_all_regions else [])]
        counts = all_of(map(holds, conditions))
        reason = first_problem(*conditions) if counts is None else None
        if counts:
            reason = why_unreadable(trail.selections)
            if reason is None:
                selections += known(trail.selections)
                names.append(trail.id)
        unread = unread or reason
    return Recording(tuple(selections), tuple(names), unread)


def holds(fact: Fact[bool]) -> Truth:
    """Return what a fact says, or None if it could not be read."""
    return None if why_unreadable(fact) else known(fact)


def first_problem(*facts: Fact[object]) -> str | None:
    """Return why the first of the unreadable facts is so, or None if all were read."""
    return next((reason for fact in facts if (reason := why_unreadable(fact))), None)
