"""The re-evaluation as it is deployed: built from settings, fed by a queue."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vedette.aws.clients import deployed_client
from vedette.aws.fleet import Fleet
from vedette.aws.stores.findings import DynamoFindings
from vedette.configuration.deployed import (
    ASSET_ROOT,
    ReevaluateSettings,
    deployed_configuration,
)
from vedette.operations.batches import Batch, Message
from vedette.operations.reevaluate import Reevaluated, Reevaluation
from vedette.operations.reevaluate_content import deployed_change_map, posture_content
from vedette.operations.telemetry import Metric, Telemetry

REASONS_LOGGED = 5


def deployed_reevaluation(settings: ReevaluateSettings, root: Path = ASSET_ROOT) -> Reevaluation:
    """Build the operation. Raises DeployedSettingsError and ContentError."""
    fleet = Fleet(settings.accounts, role=settings.audit_role, external_id=settings.external_id)
    return Reevaluation(
        deployed_change_map(root),
        posture_content(deployed_configuration(root), settings.accounts),
        fleet=fleet,
        store=DynamoFindings(deployed_client("dynamodb"), settings.findings_table),
    )


class ChangeQueue:
    """Works batches of the change queue off."""

    def __init__(
        self, operation: Reevaluation, settings: ReevaluateSettings, telemetry: Telemetry
    ) -> None:
        self._operation = operation
        self._accounts = settings.accounts
        self._telemetry = telemetry

    def answer(self, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Re-evaluate what a batch changed, and say which messages are to come again."""
        batch = Batch(event, self._accounts, self._telemetry)
        records = [one for one in batch.messages if one.envelope.is_cloudtrail]
        for _ in range(len(batch.messages) - len(records)):
            batch.refuse("not a record of CloudTrail")
        if records:
            result = self._operation.run(_record(one) for one in records)
            self._tell(batch, result)
        return batch.answer()

    def each(self, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Do the same message by message, where one of them takes the others along."""
        batch = Batch(event, self._accounts, self._telemetry)
        for result in batch.each(lambda one: self._operation.run([_record(one)])):
            self._tell(batch, result)
        return batch.answer()

    def _tell(self, batch: Batch, result: Reevaluated) -> None:
        batch.fail(result.retry, "not re-evaluated")
        batch.counts[Metric.CHANGES] += result.recorded
        left = {f"left_{one.value}": count for one, count in result.left.items() if count}
        verdicts = {one.value: count for one, count in result.verdicts.items()}
        said = {"resources": result.resources, "changes": result.recorded, **verdicts, **left}
        self._telemetry.say("INFO", "re-evaluated", **said)
        for reason in list(result.reasons)[:REASONS_LOGGED]:
            self._telemetry.say("WARNING", "not everything could be read", reason=reason)


def _record(message: Message) -> tuple[str, Any]:
    return message.id, message.envelope.detail
