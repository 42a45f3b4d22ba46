"""Dispatching and reconciling as they are deployed: built from settings, once for a process."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from vedette.alerting.facts import Accounts
from vedette.alerting.sender import Channel
from vedette.aws.clients import deployed_client
from vedette.aws.senders.pace import Pace
from vedette.aws.senders.topics import SnsTopics
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.state import Leases, Marks
from vedette.configuration.content import built_in_root
from vedette.configuration.deployed import (
    ASSET_ROOT,
    DispatchSettings,
    ReconcileSettings,
    deployed_configuration,
)
from vedette.operations.dispatch import Dispatch
from vedette.operations.dispatch import report as report_dispatched
from vedette.operations.dispatch_announcing import Announcer, Sent
from vedette.operations.dispatch_texts import RuleTexts
from vedette.operations.reconcile import reconcile
from vedette.operations.reconcile import report as report_reconciled
from vedette.operations.reconcile_desk import Desk
from vedette.operations.telemetry import Telemetry

SecondsLeft = Callable[[], float]


class AlertsDeployed:
    """What dispatching and reconciling have in common."""

    def __init__(
        self,
        settings: DispatchSettings | ReconcileSettings,
        telemetry: Telemetry,
        root: Path = ASSET_ROOT,
    ) -> None:
        """Raise DeployedSettingsError and ContentError."""
        client = deployed_client("dynamodb")
        topics = {Channel.ALERTS: settings.alert_topic, Channel.CHAT: settings.chat_topic}
        if isinstance(settings, ReconcileSettings):
            topics[Channel.ESCALATION] = settings.escalation_topic
        configuration = deployed_configuration(root)
        self._telemetry = telemetry
        self._sent = Sent()
        # A batch of which nothing is to be told needs no client.
        self._sender = SnsTopics(cache(lambda: deployed_client("sns")), topics)
        self._leases = Leases(client, settings.state_table)
        self._marks = Marks(client, settings.state_table)
        self._store = DynamoFindings(client, settings.findings_table)
        self._texts = RuleTexts(built_in_root())
        self._accounts = Accounts(configuration.accounts.names)
        self._dispatch = Dispatch(self._store, self._accounts, self._texts)
        self._escalate_after = timedelta(minutes=configuration.deployment.escalation_minutes)

    def dispatch(
        self, event: Mapping[str, Any], seconds_left: SecondsLeft
    ) -> dict[str, list[dict[str, str]]]:
        """Tell of a batch of the findings table's stream; the answer names what to try again."""
        done = self._dispatch.run(event, self._announcer(seconds_left))
        report_dispatched(done, self._telemetry)
        return done.answer()

    def reconcile(self, seconds_left: SecondsLeft) -> None:
        """Reconcile. Raises UnfinishedError after everything else was done."""
        desk = Desk(
            store=self._store,
            marks=self._marks,
            sender=self._sender,
            announcer=self._announcer(seconds_left),
            accounts=self._accounts,
            texts=self._texts,
            now=datetime.now(UTC),
            escalate_after=self._escalate_after,
        )
        report_reconciled(reconcile(desk), self._telemetry)

    def _announcer(self, seconds_left: SecondsLeft) -> Announcer:
        return Announcer(self._sender, Pace(self._leases, seconds_left), self._sent)
