"""The hub stack: what Vedette runs in the one account that watches the others."""

from collections.abc import Mapping
from typing import Final

import aws_cdk
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.api import Api
from infra.audit_role import AuditRole, Trust
from infra.buckets import private_bucket
from infra.bus import Bus
from infra.encryption import CustomerKey
from infra.forwarder import Forwarder
from infra.functions import SHAPES
from infra.grants import callers
from infra.handlers import READERS, Handlers
from infra.named import settings_of, targets_of
from infra.plan import Plan
from infra.queues import EventQueue, Failures
from infra.routing import Routing
from infra.schedules import Schedules
from infra.sweep import Sweep
from infra.tables import Tables
from infra.topics import Topics
from infra.trail import Trail
from infra.watch import Watch, Watched
from vedette import __version__

AUDITORS: Final = ("plan_sweep", "reevaluate", "sweep")
# STATE of a finding of whose last transition people have not been told yet.
TO_ANNOUNCE: Final = {
    "dynamodb": {
        "Keys": {"sk": {"S": ["STATE"]}},
        "NewImage": {"unannounced_version": {"N": [{"exists": True}]}},
    }
}


class Hub(aws_cdk.Stack):
    """Composes the capabilities; the order below is that of the data's way."""

    def __init__(self, scope: Construct, name: str, plan: Plan) -> None:
        super().__init__(
            scope,
            name,
            description="Vedette: security operations for AWS (hub)",
            env=aws_cdk.Environment(region=plan.deployment.region),
        )
        self.plan = plan
        self.external_id = plan.deployment.external_id or f"vedette-{self.account}"
        self.key = CustomerKey(self, "Key").key if plan.deployment.customer_key else None
        self.tables = Tables(self, "Tables", self.key)
        self.topics = Topics(self, "Topics", email=plan.email, key=self.key)
        self.canary_bucket = private_bucket(
            self, "CanaryBucket", days=None, removal=aws_cdk.RemovalPolicy.RETAIN
        )
        self.handlers = Handlers(self, "Functions", plan=plan, key=self.key)
        self.sweep = self._functions()
        self.queues = self._queues(self.key)
        self._events()
        self._alerts()
        self._people_and_clock()
        self._reading()
        if plan.deployment.trail:
            Trail(self, "Trail")
        self._outputs()

    def _functions(self) -> Sweep:
        values = settings_of(self)
        sweep = Sweep(self, "Sweep", sweep=self.handlers.add("sweep", values))
        canary = self.handlers.add("canary", values)
        values["canary_role"] = canary.role.role_arn
        values["sweep_machine"] = sweep.machine.ref
        values["sweep_bucket"] = sweep.bucket.bucket_name
        for handler in SHAPES:
            if handler not in {"canary", "sweep"}:
                self.handlers.add(handler, values)
        self.handlers.allow(targets_of(self, sweep))
        sweep.acknowledge_planner(self.handlers["plan_sweep"].role)
        return sweep

    def _queues(self, key: kms.IKey | None) -> Mapping[str, EventQueue]:
        return {
            queue: EventQueue(
                self,
                f"{queue.capitalize()}Events",
                timeout=SHAPES[handler].timeout,
                window=window,
                key=key,
            )
            for queue, (handler, _, window, _) in READERS.items()
        }

    def _events(self) -> None:
        self.bus = bus = Bus(
            self,
            "Bus",
            accounts=self.plan.deployment.accounts,
            organisation=self.plan.organisation,
            key=self.key,
        )
        patterns = self.plan.patterns
        Routing(self, "Routing", bus=bus, patterns=patterns, queues=self.queues)
        self.forwarder = Forwarder(self, "Forwarder", patterns=patterns, hub_bus=bus.arn)
        self.handlers.read(self.queues)

    def _alerts(self) -> None:
        for resource, topic in (
            ("alert_topic", self.topics.alerts),
            ("chat_topic", self.topics.chat),
            ("escalation_topic", self.topics.escalation),
        ):
            publishers = callers(self.plan.grants, "sns:Publish", resource)
            topic.admit([self.handlers[one].role.role_arn for one in publishers])
        self.untold = Failures(self, "Untold", self.key)
        self.handlers["dispatch"].read_stream(
            self.tables.findings.table_stream_arn or "",
            self.untold,
            pattern=self.to_json_string(TO_ANNOUNCE),
        )

    def _people_and_clock(self) -> None:
        self.api = Api(self, "Api", act=self.handlers["act"], shared=self.handlers.shared)
        self.schedules = Schedules(
            self,
            "Schedules",
            functions=self.handlers.functions,
            sweep_hour=self.plan.deployment.sweep_hour,
            key=self.key,
        )
        Watch(
            self,
            "Watch",
            watched=Watched(
                functions=self.handlers.functions,
                dead_letters=[
                    *(queue.dead_letters for queue in self.queues.values()),
                    self.bus.undelivered.queue,
                    self.forwarder.undelivered.queue,
                    self.untold.queue,
                    self.schedules.failures.queue,
                ],
                machine=self.sweep.machine,
            ),
            topic=self.topics.health.topic,
        )

    def _reading(self) -> None:
        """The hub's own account is read as every other is, through the same role."""
        AuditRole(
            self,
            "Audit",
            trust=Trust(hub=self.account, auditors=self._auditors(), external_id=self.external_id),
            policy=self.plan.audit_policy,
        )

    def _auditors(self) -> list[str]:
        return [self.handlers[one].role.role_arn for one in AUDITORS]

    def _outputs(self) -> None:
        outputs = {
            "Version": __version__,
            "ApiUrl": self.api.url,
            "AlertTopic": self.topics.alerts.arn,
            "ChatTopic": self.topics.chat.arn,
            "EscalationTopic": self.topics.escalation.arn,
            "HubAccount": self.account,
            "HubRoles": aws_cdk.Fn.join(",", self._auditors()),
            "ExternalId": self.external_id,
            "WatchedRegions": ",".join(self.plan.deployment.watched_regions),
        }
        for name, value in outputs.items():
            aws_cdk.CfnOutput(self, name, value=value)
