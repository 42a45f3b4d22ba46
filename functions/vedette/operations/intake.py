"""Signals of other services to findings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from vedette.findings.observation import Observation
from vedette.findings.store import FindingStore
from vedette.findings.suppression import Suppression
from vedette.operations.batches import Batch, Message
from vedette.operations.envelopes import Envelope
from vedette.operations.intake_guardduty import guardduty_signals
from vedette.operations.intake_securityhub import asff_signals, ocsf_signals
from vedette.operations.intake_services import (
    access_signals,
    health_signals,
    inspector_signals,
    macie_signals,
)
from vedette.operations.intake_signals import Signal, UnreadableSignalError, observed_signal
from vedette.operations.recording import record_all
from vedette.operations.telemetry import Metric, Telemetry

ReadSignals = Callable[[Envelope], Iterator[Signal]]
# By source and detail-type. Other events in the queue are not findings (backups, snapshots).
READERS: Final[Mapping[tuple[str, str], ReadSignals]] = {
    ("aws.access-analyzer", "Access Analyzer Finding"): access_signals,
    ("aws.access-analyzer", "Unused Access Finding for IAM entities"): access_signals,
    ("aws.guardduty", "GuardDuty Finding"): guardduty_signals,
    ("aws.health", "AWS Health Abuse Event"): health_signals,
    ("aws.health", "AWS Health Event"): health_signals,
    ("aws.inspector2", "Inspector2 Finding"): inspector_signals,
    ("aws.macie", "Macie Finding"): macie_signals,
    ("aws.securityhub", "Findings Imported V2"): ocsf_signals,
    ("aws.securityhub", "Security Hub Findings - Imported"): asff_signals,
}


class Intake:
    """Takes signals in, in batches."""

    def __init__(
        self,
        store: FindingStore,
        accounts: frozenset[str],
        telemetry: Telemetry,
        suppressions: Sequence[Suppression] = (),
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._telemetry = telemetry
        self._suppressions = suppressions

    def handle(self, event: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
        """Take in the messages of one call, and return which of them failed."""
        batch = Batch(event, self._accounts, self._telemetry)
        told = [
            (frozenset({message}), one)
            for message, observations in batch.each(lambda one: self._read(one, batch))
            for one in observations
        ]
        record_all(told, self._store, batch, self._suppressions)
        return batch.answer()

    def _read(self, message: Message, batch: Batch) -> tuple[str, list[Observation]]:
        envelope = message.envelope
        read = READERS.get((envelope.source, envelope.kind))
        if read is None:
            return message.id, []
        try:
            signals = list(read(envelope))
        except UnreadableSignalError as error:
            batch.refuse(f"{envelope.kind}: {error}")
            return message.id, []
        ours = [one for one in signals if one.account in self._accounts]
        batch.counts[Metric.FORGED] += len(signals) - len(ours)
        return message.id, [observed_signal(one, envelope) for one in ours]
