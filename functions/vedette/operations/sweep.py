"""Reads and judges whole account-regions: what events missed, and what nobody has looked at yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from vedette.aws.collect.catalogue import collectors
from vedette.aws.fleet import Fleet, UnreachableAccountError
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.state import Marks as StateMarks
from vedette.findings.lifecycle import Change
from vedette.findings.observation import Observation
from vedette.findings.store import FindingStore, FindingStoreError
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate_content import PostureContent
from vedette.operations.reevaluate_reading import Clock, Live, Members, Request, read, utc_now
from vedette.operations.reevaluate_whole import Whole
from vedette.operations.sweep_memory import (
    BASELINE_MARK,
    Marks,
    Unit,
    memory,
    prints_of,
    remembered,
)
from vedette.posture.catalogue import CataloguedRule

CALLS: Final = (
    DynamoFindings.RECORD_CALLS | DynamoFindings.READ_CALLS | StateMarks.CALLS | Fleet.CALLS
)
AT_ONCE: Final = 500
REASONS_TOLD: Final = 5
REASON_LENGTH: Final = 200


@dataclass(slots=True)
class Swept:
    """What became of a unit. `failed` tells why it could not be read or recorded, if so."""

    unit: Unit
    failed: str | None = None
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    transitions: Counter[str] = field(default_factory=Counter)
    baseline: int = 0
    reasons: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return a small document about it."""
        return {
            "account": self.unit.account,
            "region": self.unit.region,
            "failed": self.failed,
            "verdicts": {one.value: self.verdicts[one] for one in Verdict},
            "transitions": dict(sorted(self.transitions.items())),
            "baseline": self.baseline,
            "reasons": [one[:REASON_LENGTH] for one in self.reasons[:REASONS_TOLD]],
        }


class Sweep:
    """Sweeps units, one after the other; a unit that fails keeps no other from being swept."""

    def __init__(
        self,
        content: PostureContent,
        *,
        fleet: Members,
        store: FindingStore,
        marks: Marks,
        now: Clock = utc_now,
    ) -> None:
        self._content = content
        self._fleet = fleet
        self._store = store
        self._marks = marks
        self._now = now

    def run(self, units: Iterable[Unit], sweep: str) -> list[Swept]:
        """Sweep units and say what became of each; `sweep` is the id of the whole."""
        return [self._unit(unit, sweep) for unit in units]

    def _unit(self, unit: Unit, sweep: str) -> Swept:
        swept = Swept(unit)
        try:
            self._sweep(unit, swept, sweep)
        except (UnreachableAccountError, FindingStoreError) as error:
            swept.failed = str(error)[:REASON_LENGTH]
        return swept

    def _sweep(self, unit: Unit, swept: Swept, sweep: str) -> None:
        rules = self._rules(unit)
        mark = self._marks.get(unit.mark)
        known, prints = remembered(mark), prints_of(self._content, rules)
        live = self._read(unit, rules)
        whole = Whole(
            content=self._content,
            rules=rules,
            live=live,
            regions=frozenset({*live.snapshot.regions, unit.region}),
            store=self._store,
            is_baseline=lambda rule: prints[rule.id] not in known,
        )
        self._record(whole.observations(), swept)
        if whole.verdicts.first:
            # Also where all of it stands already: a sweep that was cut off here has told nobody.
            self._marks.set(BASELINE_MARK, self._now(), sweep)
        swept.verdicts = whole.verdicts.counts
        swept.reasons = live.reasons
        if _unreadable(live) and not whole.verdicts.judged:
            swept.failed = "; ".join(live.reasons[:REASONS_TOLD])[:REASON_LENGTH] or "no answer"
        if swept.failed is None:
            self._remember(unit, memory(known, prints, whole.verdicts.blind), mark)

    def _rules(self, unit: Unit) -> list[CataloguedRule]:
        wide = self._content.account_wide
        return [
            one for one in self._content.rules if (one.rule.resource_type in wide) == unit.is_global
        ]

    def _read(self, unit: Unit, rules: Sequence[CataloguedRule]) -> Live:
        member = self._fleet.member(unit.account)
        regions = member.regions() if unit.is_global else (unit.region,)
        return read(Request(member=member, rules=rules, regions=regions), self._now)

    def _record(self, observations: Iterator[Observation], swept: Swept) -> None:
        """Record in portions, so that memory stays bounded; what failed is told at the end."""
        while portion := list(islice(observations, AT_ONCE)):
            recorded = self._store.record(portion)
            for change in recorded.changes:
                _count(change, swept)
            for failure in recorded.failed.values():
                swept.failed = str(failure)[:REASON_LENGTH]

    def _remember(self, unit: Unit, detail: str, mark: Any) -> None:
        if mark is None or mark.detail != detail:
            self._marks.set(unit.mark, self._now(), detail)


def _count(change: Change, swept: Swept) -> None:
    for entry in change.entries:
        swept.transitions[entry.kind.value] += 1
    if change.before is None and change.after.baseline:
        swept.baseline += 1


def _unreadable(live: Live) -> bool:
    """Tell whether nothing could be listed of all that AWS had to be asked for."""
    asked = {one.kind.__name__ for one in collectors() if one.calls}
    listings = [one for one in live.snapshot.listings if one.kind in asked]
    return bool(listings) and all(one.problem is not None for one in listings)
