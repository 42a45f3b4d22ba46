"""Lambda: reads and judges a batch of account-regions."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.configuration.deployed import SweepSettings
from vedette.operations.sweep import Sweep
from vedette.operations.sweep_deployed import deployed_sweep, sweep_batch
from vedette.operations.telemetry import Telemetry


@cache
def operation() -> Sweep:
    """Build the operation, once for the life of the process."""
    return deployed_sweep(SweepSettings.read())


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Sweep a batch of the state machine's list."""
    return sweep_batch(operation(), event, Telemetry("sweep"))
