"""Planning and sweeping as they are deployed: built from settings, with what goes in and out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vedette.aws.clients import deployed_client
from vedette.aws.fleet import Fleet
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.state import Leases, Marks
from vedette.aws.sweep_machine import SweepMachine
from vedette.configuration.deployed import (
    ASSET_ROOT,
    PlanSweepSettings,
    SweepSettings,
    deployed_configuration,
)
from vedette.operations.plan_sweep import Outcome, Planned, SweepPlan
from vedette.operations.reevaluate_content import posture_content
from vedette.operations.sweep import Sweep, Swept
from vedette.operations.sweep_memory import Unit
from vedette.operations.telemetry import Metric, Telemetry

# Source: Step Functions API Reference, StartExecution: names have 80 characters at most.
SWEEP_ID: Final = r"[A-Za-z0-9-]{1,60}"
_EVENT_ID: Final = re.compile(r"[0-9a-f-]{8,64}", re.ASCII)

Account = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Region = Annotated[str, StringConstraints(pattern=r"^([a-z]{2}(-[a-z]+)+-\d{1,2}|global)$")]


class ListedUnit(BaseModel):
    """A unit as it stands in a sweep's list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: Account
    region: Region
    is_global: bool = Field(alias="global")


class SweepBatch(BaseModel):
    """What the state machine gives the function that sweeps."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: tuple[ListedUnit, ...] = Field(alias="Items", min_length=1, max_length=100)
    sweep: Annotated[str, StringConstraints(pattern=rf"^{SWEEP_ID}$")]


def sweep_id(event: Mapping[str, Any], now: datetime) -> str:
    """Return the id of the sweep that a scheduled event asks for: the same if it comes twice.

    A person may give one as `sweep`; without anything it is the hour.
    """
    named = event.get("sweep")
    if isinstance(named, str) and re.fullmatch(SWEEP_ID, named):
        return named
    event_id = event.get("id")
    hour = now.astimezone(UTC).strftime("%Y%m%dT%H")
    if isinstance(event_id, str) and _EVENT_ID.fullmatch(event_id):
        return f"sweep-{event_id}"[:60]
    return f"sweep-{hour}"


def deployed_plan(settings: PlanSweepSettings) -> SweepPlan:
    """Build the operation that plans sweeps."""
    table, client = settings.state_table, deployed_client("dynamodb")
    return SweepPlan(
        fleet=_fleet(settings),
        machine=SweepMachine(
            deployed_client("s3"),
            deployed_client("stepfunctions"),
            bucket=settings.sweep_bucket,
            machine=settings.sweep_machine,
        ),
        marks=Marks(client, table),
        leases=Leases(client, table),
    )


def deployed_sweep(settings: SweepSettings, root: Path = ASSET_ROOT) -> Sweep:
    """Build the operation that sweeps. Raises DeployedSettingsError and ContentError."""
    client = deployed_client("dynamodb")
    return Sweep(
        posture_content(deployed_configuration(root), settings.accounts),
        fleet=_fleet(settings),
        store=DynamoFindings(client, settings.findings_table),
        marks=Marks(client, settings.state_table),
    )


def plan(operation: SweepPlan, event: Mapping[str, Any], telemetry: Telemetry) -> dict[str, Any]:
    """Plan the sweep that an event asks for, and say what became of it."""
    planned = operation.run(sweep_id(event, datetime.now(UTC)))
    _tell_plan(planned, telemetry)
    return {
        "sweep": planned.sweep,
        "outcome": planned.outcome.value,
        "units": planned.units,
        "unfinished": planned.unfinished,
        "unreachable": sorted(planned.unreachable),
    }


def sweep_batch(operation: Sweep, event: object, telemetry: Telemetry) -> dict[str, Any]:
    """Sweep a batch. Raises pydantic's ValidationError for what is none.

    `failed` in the answer tells whether some unit could not be read or recorded.
    """
    batch = SweepBatch.model_validate(event)
    units = [Unit(account=one.account, region=one.region) for one in batch.items]
    swept = operation.run(units, batch.sweep)
    for one in swept:
        _tell_unit(one, batch.sweep, telemetry)
    return {
        "sweep": batch.sweep,
        "failed": any(one.failed is not None for one in swept),
        "units": [one.told() for one in swept],
    }


def _fleet(settings: PlanSweepSettings | SweepSettings) -> Fleet:
    return Fleet(settings.accounts, role=settings.audit_role, external_id=settings.external_id)


def _tell_plan(planned: Planned, telemetry: Telemetry) -> None:
    said: dict[str, str | int] = {"sweep": planned.sweep, "units": planned.units}
    telemetry.say("INFO", f"sweep {planned.outcome.value}", **said)
    if planned.unfinished is not None:
        other = planned.outcome is Outcome.OTHER_RUNS
        message = "the sweep before still runs" if other else "the sweep before did not finish"
        telemetry.say("ERROR", message, sweep=planned.unfinished)
        telemetry.count({Metric.TROUBLE: 1})
    for account, reason in planned.unreachable.items():
        telemetry.say("ERROR", "an account cannot be read", account=account, reason=reason)


def _tell_unit(swept: Swept, sweep: str, telemetry: Telemetry) -> None:
    place: dict[str, str | int] = {
        "sweep": sweep,
        "account": swept.unit.account,
        "region": swept.unit.region,
    }
    counts = {one.value: count for one, count in swept.verdicts.items()}
    telemetry.say("INFO", "swept", **place, **counts, baseline=swept.baseline)
    telemetry.count({Metric.CHANGES: swept.transitions.total()})
    for reason in swept.told()["reasons"]:
        telemetry.say("WARNING", "not everything could be read", **place, reason=reason)
    if swept.failed is not None:
        telemetry.say("ERROR", "a unit could not be swept", **place, reason=swept.failed)
        telemetry.count({Metric.TROUBLE: 1})
