"""Lambda: the change queue to verdicts about what is there now."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.configuration.deployed import ReevaluateSettings
from vedette.operations.reevaluate_deployed import ChangeQueue, deployed_reevaluation
from vedette.operations.telemetry import Telemetry


@cache
def queue() -> ChangeQueue:
    """Build the operation, once for the life of the process."""
    settings = ReevaluateSettings.read()
    return ChangeQueue(deployed_reevaluation(settings), settings, Telemetry("reevaluate"))


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Re-evaluate what a batch of messages changed."""
    changes = queue()
    try:
        return changes.answer(event)
    except Exception as error:  # noqa: BLE001 - what one message does must not take others along
        reason = type(error).__name__
        Telemetry("reevaluate").say("ERROR", "batch failed, handled one by one", reason=reason)
        return changes.each(event)
