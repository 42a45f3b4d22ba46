"""Lists what a sweep looks at, and starts it: once per sweep, and none while another runs."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from vedette.aws.fleet import Fleet, UnreachableAccountError
from vedette.aws.stores.state import Leases as StateLeases
from vedette.aws.stores.state import Marks as StateMarks
from vedette.aws.sweep_machine import Ended, SweepMachine
from vedette.operations.reevaluate_reading import Clock, Members, utc_now
from vedette.operations.sweep_memory import FINISHED_MARK, PLANNED_MARK, Mark, Marks, Unit
from vedette.resources.resource import GLOBAL_REGION

CALLS: Final = StateMarks.CALLS | StateLeases.CALLS | SweepMachine.CALLS | Fleet.CALLS
# In a member's account, as the audit role.
READS: Final = frozenset({"ec2:DescribeRegions"})
LEASE: Final = "plan_sweep"
# As long as the function may run.
LEASE_SECONDS: Final = 120


class Outcome(StrEnum):
    """What became of planning."""

    STARTED = "started"
    STARTED_BEFORE = "started_before"
    OTHER_RUNS = "other_runs"
    OTHER_PLANS = "other_plans"


class Leases(Protocol):
    """Something that one at a time may do. Every method may raise FindingStoreError."""

    def take(self, name: str, owner: str, seconds: int) -> bool:
        """Take a lease; False if somebody else holds it."""
        ...

    def release(self, name: str, owner: str) -> bool:
        """Give a lease back."""
        ...


class Machine(Protocol):
    """What runs a sweep. Every method may raise MachineError."""

    def start(self, sweep: str, units: list[dict[str, Any]]) -> str:
        """Start a sweep of units, and return what to call its run."""
        ...

    def ended(self, execution: str) -> Ended:
        """Return what became of a run."""
        ...


@dataclass(slots=True)
class Planned:
    """What became of planning a sweep.

    `unfinished` is the id of the sweep before, if that did not come to its end; `unreachable` tells
    by account why its regions are not known: such an account is listed all the same, so that the
    sweep tells of it too.
    """

    sweep: str
    outcome: Outcome
    units: int = 0
    unfinished: str | None = None
    unreachable: dict[str, str] = field(default_factory=dict)


class SweepPlan:
    """Plans sweeps."""

    def __init__(
        self,
        *,
        fleet: Members,
        machine: Machine,
        marks: Marks,
        leases: Leases,
        now: Clock = utc_now,
    ) -> None:
        self._fleet = fleet
        self._machine = machine
        self._marks = marks
        self._leases = leases
        self._now = now

    def run(self, sweep: str) -> Planned:
        """Start a sweep of this id, unless it was started before or another one runs.

        Raises MachineError and FindingStoreError, after which it may be tried again.
        """
        if not self._leases.take(LEASE, sweep, LEASE_SECONDS):
            return Planned(sweep, Outcome.OTHER_PLANS)
        try:
            return self._plan(sweep)
        finally:
            self._leases.release(LEASE, sweep)

    def _plan(self, sweep: str) -> Planned:
        mark = self._marks.get(PLANNED_MARK)
        before, execution = _last(mark)
        if before == sweep:
            return Planned(sweep, Outcome.STARTED_BEFORE)
        planned = Planned(sweep, Outcome.STARTED)
        if before is not None and mark is not None:
            ended = self._machine.ended(execution)
            if ended is Ended.RUNNING:
                planned.outcome, planned.unfinished = Outcome.OTHER_RUNS, before
                return planned
            self._look_back(before, ended, mark.at, planned)
        units = self._units(sweep, planned)
        planned.units = len(units)
        started = self._machine.start(sweep, [_told(one) for one in units])
        detail = json.dumps({"sweep": sweep, "execution": started}, separators=(",", ":"))
        self._marks.set(PLANNED_MARK, self._now(), detail)
        return planned

    def _look_back(self, before: str, ended: Ended, at: datetime, planned: Planned) -> None:
        if ended is Ended.SUCCEEDED:
            self._marks.set(FINISHED_MARK, at, before)
        else:
            planned.unfinished = before

    def _units(self, sweep: str, planned: Planned) -> list[Unit]:
        """Return all units, mixed, so that neighbours share neither an account nor a region."""
        units = [unit for one in sorted(self._fleet.accounts) for unit in self._of(one, planned)]
        # The same for the same sweep, so that planning it again gives the same list.
        random.Random(sweep).shuffle(units)  # noqa: S311 - it spreads load, it guards nothing
        return units

    def _of(self, account: str, planned: Planned) -> Iterator[Unit]:
        yield Unit(account=account, region=GLOBAL_REGION)
        try:
            regions = self._fleet.member(account).regions()
        except UnreachableAccountError as error:
            planned.unreachable[account] = str(error)
            return
        yield from (Unit(account=account, region=one) for one in regions)


def _told(unit: Unit) -> dict[str, Any]:
    return {"account": unit.account, "region": unit.region, "global": unit.is_global}


def _last(mark: Mark | None) -> tuple[str | None, str]:
    """Return the id and the execution of the sweep that was started last."""
    if mark is None:
        return None, ""
    told = json.loads(mark.detail)
    return str(told["sweep"]), str(told["execution"])
