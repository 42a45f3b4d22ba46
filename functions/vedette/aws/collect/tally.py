"""Counts what was looked at and what failed, per service and region."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from vedette.aws.errors import Problem, ReadError
from vedette.resources.coverage import REASONS_KEPT, Coverage, Listing, Note, NoteKind
from vedette.resources.resource import GLOBAL_REGION


@dataclass(slots=True)
class Count:
    """The counts of one service in one region."""

    looked_at: int = 0
    gone: int = 0
    denied: int = 0
    errors: int = 0
    reasons: dict[str, None] = field(default_factory=dict)

    def failed(self, error: ReadError) -> None:
        """Count a read that failed."""
        if error.denied:
            self.denied += 1
        else:
            self.errors += 1
        if len(self.reasons) < REASONS_KEPT:
            self.reasons[error.reason] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """How the listing of one kind in one region ended; `asked`: whether it made any call."""

    kind: str
    service: str
    region: str
    problem: ReadError | None
    asked: bool = True


class Tally:
    """Gathers counts and listings, and tells off from failed at the end."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], Count] = defaultdict(Count)
        self._listed: list[Listed] = []
        self._notes: list[Note] = []

    def at(self, service: str, region: str) -> Count:
        """Return the counts of a service in a region, to be changed in place."""
        return self._counts[service, region]

    def listed(self, listed: Listed) -> None:
        """Record how a listing ended."""
        self._listed.append(listed)
        if listed.problem is not None:
            self.at(listed.service, listed.region).failed(listed.problem)

    def note(self, note: Note) -> None:
        """Record something that is left out by choice."""
        if note not in self._notes:
            self._notes.append(note)

    def settle(self) -> tuple[list[Listing], list[Coverage], list[Note]]:
        """Return listings, coverage and notes; regions that a policy switches off are notes."""
        off = self.regions_off()
        for region in sorted(off):
            self.note(_region_off(region))
        listings = [
            Listing(
                kind=one.kind,
                region=one.region,
                problem=None if one.problem is None else one.problem.reason,
            )
            for one in self._listed
            if one.region not in off
        ]
        counts = [(key, count) for key, count in sorted(self._counts.items()) if key[1] not in off]
        return listings, [_coverage(*key, count) for key, count in counts], self._notes

    def regions_off(self) -> frozenset[str]:
        """Return the regions in which every listing was refused by an organisation's policy."""
        by_region: defaultdict[str, list[Listed]] = defaultdict(list)
        for one in self._listed:
            if one.asked:
                by_region[one.region].append(one)
        return frozenset(
            region
            for region, listed in by_region.items()
            if region != GLOBAL_REGION and _all_refused(listed)
        )


def _all_refused(listed: Iterable[Listed]) -> bool:
    return all(
        one.problem is not None and one.problem.problem is Problem.DENIED_BY_ORGANISATION
        for one in listed
    )


def _region_off(region: str) -> Note:
    return Note(
        kind=NoteKind.REGION_OFF_BY_ORGANISATION,
        region=region,
        text=f"An organisation's policy refuses every read in {region}: taken as switched off.",
    )


def _coverage(service: str, region: str, count: Count) -> Coverage:
    return Coverage(
        service=service,
        region=region,
        looked_at=count.looked_at,
        gone=count.gone,
        denied=count.denied,
        errors=count.errors,
        reasons=tuple(count.reasons),
    )
