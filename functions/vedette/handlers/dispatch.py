"""Lambda: the findings table's stream to alerts."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.configuration.deployed import DispatchSettings
from vedette.operations.dispatch_deployed import AlertsDeployed
from vedette.operations.telemetry import Telemetry


@cache
def alerts() -> AlertsDeployed:
    """Build the operation, once for the life of the process."""
    return AlertsDeployed(DispatchSettings.read(), Telemetry("dispatch"))


def handler(event: Mapping[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Tell of the transitions in a batch."""
    return alerts().dispatch(event, lambda: context.get_remaining_time_in_millis() / 1_000)
