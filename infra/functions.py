"""The functions: what each is given, and what it is allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.bus import ROLE_PATH
from infra.queues import EventQueue, Failures
from vedette.configuration.deployed import SETTINGS

RUNTIME: Final = lambda_.Runtime.PYTHON_3_13


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionShape:
    """What a function is given to run with; memory in MB brings processor time with it."""

    timeout: Duration
    memory: int
    description: str


# pydantic would look through every installed distribution for plugins, of which there are none.
ALWAYS: Final = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}
SHAPES: Final[Mapping[str, FunctionShape]] = {
    "detect": FunctionShape(
        timeout=Duration.seconds(60), memory=512, description="Events to detections"
    ),
    "reevaluate": FunctionShape(
        timeout=Duration.seconds(120), memory=512, description="Changed resources to verdicts"
    ),
    "intake": FunctionShape(
        timeout=Duration.seconds(60), memory=512, description="Signals of other services"
    ),
    "plan_sweep": FunctionShape(
        timeout=Duration.seconds(120), memory=512, description="Lists what a sweep looks at"
    ),
    # An Express workflow, which waits for it, ends after five minutes.
    "sweep": FunctionShape(
        timeout=Duration.seconds(240), memory=1024, description="Reads and judges a region"
    ),
    "dispatch": FunctionShape(
        timeout=Duration.seconds(120), memory=512, description="Transitions to alerts"
    ),
    # The API waits no longer than 30 s for it.
    "act": FunctionShape(
        timeout=Duration.seconds(25), memory=512, description="What people do with findings"
    ),
    "reconcile": FunctionShape(
        timeout=Duration.seconds(300), memory=512, description="Finds what stayed unsaid"
    ),
    "canary": FunctionShape(
        timeout=Duration.seconds(60), memory=512, description="Makes calls that must come back"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What all functions share: code, dependencies, logs, and the key of the customer."""

    code: lambda_.Code
    layer: lambda_.ILayerVersion
    retention: logs.RetentionDays
    key: kms.IKey | None


class Function(Construct):
    """One handler: a role of its own, logs that end, and the settings that its model names."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        handler: str,
        shared: Deployed,
        values: Mapping[str, str],
    ) -> None:
        """`handler` names the module; `values` are those of settings, by field.

        Raises KeyError for a setting that the function needs and that nothing gives.
        """
        super().__init__(scope, name)
        shape = SHAPES[handler]
        self.role = iam.Role(
            self,
            "Role",
            path=ROLE_PATH,
            description=f"Vedette: {shape.description}",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        log = logs.LogGroup(
            self,
            "Logs",
            retention=shared.retention,
            removal_policy=RemovalPolicy.DESTROY,
            encryption_key=shared.key,
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log.log_group_arn]
            )
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"Vedette: {shape.description}",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"vedette.handlers.{handler}.handler",
            code=shared.code,
            layers=[shared.layer],
            role=self.role,
            log_group=log,
            timeout=shape.timeout,
            memory_size=shape.memory,
            environment=_environment(handler, values),
        )
        if shared.key:
            self._use_key(shared.key)
        acknowledge(
            self.function,
            "L1",
            "The newest runtime is taken up when all tests run on it; 3.13 lasts until 2029.",
        )

    def allow(self, statements: Sequence[iam.PolicyStatement]) -> None:
        """Add statements to the function's role."""
        for statement in statements:
            self.role.add_to_policy(statement)

    def read_queue(
        self, queue: EventQueue, *, batch: int, window: Duration, concurrency: int
    ) -> None:
        """Let the function work a queue off; it answers which messages it could not handle."""
        self._let(
            "sqs", ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"), queue.queue.queue_arn
        )
        mapping = lambda_.CfnEventSourceMapping(
            self,
            "Events",
            function_name=self.function.function_name,
            event_source_arn=queue.queue.queue_arn,
            batch_size=batch,
            maximum_batching_window_in_seconds=int(window.to_seconds()),
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=lambda_.CfnEventSourceMapping.ScalingConfigProperty(
                maximum_concurrency=concurrency
            ),
        )
        self._allowed_first(mapping)

    def read_stream(self, stream: str, failures: Failures, *, pattern: str) -> None:
        """Let the function read a table's stream, only images that fit a filter pattern.

        A batch that fails is halved until the record that is to blame stands alone; after the
        tries its place in the stream is noted in `failures`.
        """
        reading = ("DescribeStream", "GetRecords", "GetShardIterator")
        self._let("dynamodb", reading, stream)
        self._let("sqs", ("SendMessage",), failures.queue.queue_arn)
        failures.admit(self.role.role_arn)
        source = lambda_.CfnEventSourceMapping
        mapping = source(
            self,
            "Changes",
            function_name=self.function.function_name,
            event_source_arn=stream,
            starting_position="TRIM_HORIZON",
            batch_size=25,
            maximum_batching_window_in_seconds=1,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=10,
            maximum_record_age_in_seconds=21_600,
            function_response_types=["ReportBatchItemFailures"],
            filter_criteria=source.FilterCriteriaProperty(
                filters=[source.FilterProperty(pattern=pattern)]
            ),
            destination_config=source.DestinationConfigProperty(
                on_failure=source.OnFailureProperty(destination=failures.queue.queue_arn)
            ),
        )
        self._allowed_first(mapping)

    def _use_key(self, key: kms.IKey) -> None:
        """Let the function use the customer's key for what AWS services keep for it."""
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[key.key_arn],
                conditions={
                    "StringEquals": {
                        "kms:ViaService": [
                            f"{service}.{Stack.of(self).region}.amazonaws.com"
                            for service in ("dynamodb", "sns", "sqs")
                        ]
                    }
                },
            )
        )

    def _let(self, service: str, operations: Sequence[str], resource: str) -> None:
        actions = [f"{service}:{one}" for one in operations]
        self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))

    def _allowed_first(self, mapping: lambda_.CfnEventSourceMapping) -> None:
        """AWS refuses a mapping whose function may not read the source yet."""
        policy = self.role.node.try_find_child("DefaultPolicy")
        if policy is not None:
            mapping.node.add_dependency(policy)


def _environment(handler: str, values: Mapping[str, str]) -> dict[str, str]:
    settings = SETTINGS[handler]
    given = {
        variable: values[field]
        for field, variable in settings.variables().items()
        if field in values or settings.model_fields[field].is_required()
    }
    return given | ALWAYS
