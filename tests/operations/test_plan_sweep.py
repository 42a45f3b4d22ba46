"""A sweep is planned once, over every region of every account, and none while another runs."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.marks import MemoryLeases, MemoryMarks
from tests.operations.sweeping import OTHER, REGION, US, Accounts, Buckets, clock
from vedette.aws.sweep_machine import Ended, MachineError
from vedette.findings.store import StoreBusyError
from vedette.operations.plan_sweep import LEASE, Outcome, Planned, SweepPlan
from vedette.operations.sweep_deployed import SweepBatch, sweep_id
from vedette.operations.sweep_memory import FINISHED_MARK, PLANNED_MARK


class Machine:
    """A state machine whose sweeps all end as `end` says."""

    def __init__(self) -> None:
        self.started: dict[str, list[dict[str, Any]]] = {}
        self.end = Ended.SUCCEEDED
        self.failing: MachineError | None = None

    def start(self, sweep: str, units: list[dict[str, Any]]) -> str:
        if self.failing is not None:
            raise self.failing
        self.started[sweep] = units
        return f"arn:{sweep}"

    def ended(self, execution: str) -> Ended:
        assert execution.removeprefix("arn:") in self.started
        return self.end


class Planning:
    """Plans sweeps of two accounts."""

    def __init__(self, *unread: str) -> None:
        self.machine, self.marks, self.leases = Machine(), MemoryMarks(), MemoryLeases()
        members = {f"a{one}": Buckets() for one in (US, OTHER) if one not in unread}
        self._operation = SweepPlan(
            fleet=Accounts(**members),
            machine=self.machine,
            marks=self.marks,
            leases=self.leases,
            now=clock(),
        )

    def plan(self, sweep: str) -> Planned:
        return self._operation.run(sweep)

    def order(self, sweep: str) -> tuple[tuple[str, str], ...]:
        """Plan a sweep and return its units as they are listed."""
        self.plan(sweep)
        return tuple((one["account"], one["region"]) for one in self.machine.started[sweep])


def test_every_region_of_every_account_is_listed_and_what_an_account_has_once() -> None:
    planning = Planning()

    planned = planning.plan("first")

    assert planned.outcome is Outcome.STARTED
    assert planned.units == 4
    listed = planning.machine.started["first"]
    assert sorted((one["account"], one["region"], one["global"]) for one in listed) == [
        (US, REGION, False),
        (US, "global", True),
        (OTHER, REGION, False),
        (OTHER, "global", True),
    ]
    assert SweepBatch.model_validate({"Items": listed, "sweep": "first"}).sweep == "first"


def test_units_are_mixed_and_the_same_for_the_same_sweep() -> None:
    assert Planning().order("first") == Planning().order("first")
    assert len({Planning().order(f"sweep-{number}") for number in range(10)}) > 1


def test_the_same_sweep_is_started_once() -> None:
    planning = Planning()
    planning.plan("first")
    planning.machine.started["first"] = []

    assert planning.plan("first").outcome is Outcome.STARTED_BEFORE
    assert planning.machine.started["first"] == []


def test_none_is_started_while_another_runs_or_is_being_planned() -> None:
    planning = Planning()
    planning.plan("first")
    planning.machine.end = Ended.RUNNING

    planned = planning.plan("second")
    assert (planned.outcome, planned.unfinished) == (Outcome.OTHER_RUNS, "first")

    planning.leases.held[LEASE] = "third"
    assert planning.plan("fourth").outcome is Outcome.OTHER_PLANS
    assert set(planning.machine.started) == {"first"}


@pytest.mark.parametrize("end", [Ended.FAILED, Ended.FORGOTTEN])
def test_a_sweep_that_did_not_finish_is_noticed_by_the_next(end: Ended) -> None:
    planning = Planning()
    planning.plan("first")
    planning.machine.end = end

    planned = planning.plan("second")

    assert (planned.outcome, planned.unfinished) == (Outcome.STARTED, "first")
    assert FINISHED_MARK not in planning.marks.known


def test_a_sweep_that_finished_is_marked_with_the_time_it_began() -> None:
    planning = Planning()
    planning.plan("first")
    began = planning.marks.known[PLANNED_MARK].at

    assert planning.plan("second").unfinished is None
    assert planning.marks.known[FINISHED_MARK].detail == "first"
    assert planning.marks.known[FINISHED_MARK].at == began


def test_an_account_that_cannot_be_read_is_told_and_left_to_the_sweep_to_report() -> None:
    planning = Planning(OTHER)

    planned = planning.plan("first")

    assert planned.unreachable == {OTHER: "sts:AssumeRole was denied (AccessDenied)"}
    assert {"account": OTHER, "region": "global", "global": True} in planning.machine.started[
        "first"
    ]


def test_what_did_not_start_can_be_tried_again() -> None:
    planning = Planning()
    planning.machine.failing = MachineError("stepfunctions:StartExecution was throttled")
    with pytest.raises(MachineError, match="throttled"):
        planning.plan("first")
    planning.machine.failing = None

    assert planning.plan("first").outcome is Outcome.STARTED


def test_a_state_table_that_does_not_answer_is_told() -> None:
    planning = Planning()
    planning.marks.failing = StoreBusyError("dynamodb:GetItem was throttled")

    with pytest.raises(StoreBusyError):
        planning.plan("first")
    assert not planning.leases.held


NOW = datetime(2026, 6, 1, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            {"id": "0aed3d7b-97c4-4d2d-8d92-6f3fae7e4b55"},
            "sweep-0aed3d7b-97c4-4d2d-8d92-6f3fae7e4b55",
        ),
        ({"sweep": "by-hand"}, "by-hand"),
        ({}, "sweep-20260601T03"),
        ({"id": 7, "sweep": "../etc"}, "sweep-20260601T03"),
        ({"id": "../etc/passwd"}, "sweep-20260601T03"),
        ({"sweep": "x" * 61}, "sweep-20260601T03"),
        ({"sweep": "by-hand\n"}, "sweep-20260601T03"),
    ],
)
def test_a_schedule_names_a_sweep_the_same_way_each_time(
    event: dict[str, Any], expected: str
) -> None:
    assert sweep_id(event, NOW) == expected
