"""Lambda: tells what stayed unsaid, escalates, and looks after the alerts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.configuration.deployed import ReconcileSettings
from vedette.operations.dispatch_deployed import AlertsDeployed
from vedette.operations.telemetry import Telemetry


@cache
def alerts() -> AlertsDeployed:
    """Build the operation, once for the life of the process."""
    return AlertsDeployed(ReconcileSettings.read(), Telemetry("reconcile"))


def handler(_event: Mapping[str, Any], context: Any) -> None:
    """Reconcile, as the clock asks every quarter of an hour."""
    alerts().reconcile(lambda: context.get_remaining_time_in_millis() / 1_000)
