"""Lambda: the signal queue to findings of other services."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.aws.clients import deployed_client
from vedette.aws.stores.findings import DynamoFindings
from vedette.configuration.deployed import IntakeSettings, deployed_configuration
from vedette.operations.intake import Intake
from vedette.operations.telemetry import Telemetry


@cache
def intake() -> Intake:
    """Build the operation, once for the life of the process."""
    settings = IntakeSettings.read()
    return Intake(
        DynamoFindings(deployed_client("dynamodb"), settings.findings_table),
        settings.accounts,
        Telemetry("intake"),
        deployed_configuration().suppressions,
    )


def handler(event: Mapping[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Take in a batch of messages."""
    return intake().handle(event)
