"""Lambda: lists what a sweep looks at, and starts it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.configuration.deployed import PlanSweepSettings
from vedette.operations.plan_sweep import SweepPlan
from vedette.operations.sweep_deployed import deployed_plan, plan
from vedette.operations.telemetry import Telemetry


@cache
def operation() -> SweepPlan:
    """Build the operation, once for the life of the process."""
    return deployed_plan(PlanSweepSettings.read())


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Plan the sweep that the schedule, or a person, asks for."""
    return plan(operation(), event, Telemetry("plan_sweep"))
