"""Collects what a hunt finds, puts it together to cases, and makes the report of it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from vedette import __version__
from vedette.findings.case import SessionLink, Sighting, form_cases
from vedette.findings.match import Match, TracedMatch
from vedette.operations.hunt import Hunted
from vedette.operations.hunt_sightings import time_text
from vedette.reporting.hunt_report import (
    SHOWN_PROBLEMS,
    CaseEntry,
    HuntReport,
    reported_case,
)

MOST_ENTRIES: Final = 20_000
MOST_LINKS: Final = 100_000
MOST_TOUCHED: Final = 50
MOST_EVENT_IDS: Final = 20


class _Repeated:
    """A match and its repetitions, each within the window of another."""

    __slots__ = ("count", "event_ids", "first", "last", "touched", "traced")

    def __init__(self, traced: TracedMatch) -> None:
        match = traced.match
        ids = match.event_ids if match.event_ids is not None else (match.event_id,)
        self.traced = traced
        self.first = self.last = traced.second
        self.count = 1
        self.touched = set(traced.touched)
        self.event_ids = set(sorted(one for one in ids if one is not None)[:MOST_EVENT_IDS])

    def is_near(self, other: "_Repeated", window: int) -> bool:
        """Tell whether another match repeats this one; without a time nobody knows."""
        if self.first is None or self.last is None or other.first is None:
            return self.first is None and other.first is None
        return self.first - window <= other.first <= self.last + window

    def join(self, other: "_Repeated") -> None:
        """Take in another one. The smallest are kept, so that no order of arrival matters."""
        self.traced = min(self.traced, other.traced, key=_earliest)
        if self.first is not None and other.first is not None:
            self.first = min(self.first, other.first)
            self.last = max(self.last or 0, other.last or 0)
        self.count += other.count
        self.touched = set(sorted(self.touched | other.touched)[:MOST_TOUCHED])
        self.event_ids = set(sorted(self.event_ids | other.event_ids)[:MOST_EVENT_IDS])

    def entry(self) -> CaseEntry:
        """Return what reports show."""
        return CaseEntry(
            match=self.traced.match,
            count=self.count,
            first=time_text(self.first),
            last=time_text(self.last),
            event_ids=tuple(sorted(self.event_ids)),
        )

    def sighting(self) -> Sighting:
        """Return what cases are formed of."""
        match = self.traced.match
        return Sighting(
            rule=match.rule,
            title=match.title,
            severity=match.severity,
            time=self.first or 0,
            until=self.last or 0,
            event_ids=tuple(sorted(self.event_ids)),
            event_count=max(self.count, match.event_count),
            principal=match.principal,
            key=self.traced.key,
            session=match.identity,
            account=match.account,
            region=match.region,
            outcome=match.outcome,
            touched=tuple(sorted(self.touched)),
            tags=match.tags,
            detail=self.entry(),
        )


class StoryReceiver:
    """Takes matches and makes cases of them; its memory is bounded."""

    as_lines = False

    def __init__(self, most_entries: int = MOST_ENTRIES) -> None:
        self._most = most_entries
        self._repeated: defaultdict[str, list[_Repeated]] = defaultdict(list)
        self._entries = 0
        self._links: set[SessionLink] = set()
        self._left_out = 0
        self._links_left_out = 0

    def take_lines(self, lines: bytes) -> None:
        """Take no lines: stories are told of traced matches."""
        raise NotImplementedError

    def take_link(self, link: SessionLink) -> None:
        """Take note that somebody was given credentials."""
        if len(self._links) < MOST_LINKS:
            self._links.add(link)
        elif link not in self._links:
            self._links_left_out += 1

    def take_match(self, traced: TracedMatch) -> None:
        """Take one match. Beyond the limit only repetitions are taken, others are counted."""
        several = self._repeated[f"{traced.match.severity}\0{traced.repeats}"]
        new = _Repeated(traced)
        near = [one for one in several if one.is_near(new, traced.window)]
        if near:
            kept, *bridged = near
            kept.join(new)
            for one in bridged:
                kept.join(one)
                several.remove(one)
                self._entries -= 1
        elif self._entries < self._most:
            several.append(new)
            self._entries += 1
        else:
            self._left_out += 1

    def report(self, hunted: Hunted) -> HuntReport:
        """Return the report of a hunt that has ended."""
        rules = hunted.rules
        sightings = [one.sighting() for several in self._repeated.values() for one in several]
        return HuntReport(
            vedette=__version__,
            files=hunted.files,
            bytes=hunted.bytes,
            events=hunted.events,
            seconds=round(hunted.seconds, 3),
            rules=rules.count(),
            matches=hunted.matches,
            severities=dict(hunted.severities),
            cases=tuple(map(reported_case, form_cases(sightings, self._links))),
            dark=dict(rules.dark),
            refused=tuple(map(str, rules.refused)),
            for_other_logs=len(rules.found.for_other_logs),
            problems=tuple(hunted.problems[:SHOWN_PROBLEMS]),
            problem_count=hunted.problem_count,
            remarks=(*hunted.remarks, *self._remarks()),
        )

    def _remarks(self) -> Iterator[str]:
        if self._left_out:
            yield (
                f"Cases hold up to {self._most:,} different matches: {self._left_out:,} more are in"
                " none. Narrow the hunt (--since, --rule, --severity), or use --output jsonl."
            )
        if self._links_left_out:
            yield (
                f"Role sessions were followed up to {MOST_LINKS:,}: {self._links_left_out:,} more"
                " were not, so a story may stand as several cases."
            )


def _earliest(traced: TracedMatch) -> tuple[int, str]:
    match: Match = traced.match
    return (traced.second or 0, match.event_id or "")
