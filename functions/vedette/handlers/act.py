"""Lambda: what people do with findings, through the API."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from vedette.aws.clients import deployed_client
from vedette.aws.stores.findings import DynamoFindings
from vedette.configuration.deployed import ActSettings
from vedette.operations.act import Actions
from vedette.operations.telemetry import Telemetry


@cache
def actions() -> Actions:
    """Build the operation, once for the life of the process."""
    settings = ActSettings.read()
    findings = DynamoFindings(deployed_client("dynamodb"), settings.findings_table)
    return Actions(findings, settings.accounts, Telemetry("act"))


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer one request."""
    return actions().handle(event)
