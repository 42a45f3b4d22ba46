"""The sweep: a list of account-regions in S3, worked off by a bounded number at a time."""

from typing import Any, Final

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.buckets import private_bucket
from infra.bus import ROLE_PATH
from infra.functions import Function

# We share the quotas of the accounts' APIs with production.
AT_ONCE: Final = 8
# All units of a batch must be done before the function's time is over.
UNITS_PER_BATCH: Final = 2
LIST_KEPT_DAYS: Final = 7
LONGEST_SECONDS: Final = 6 * 3600
# More than the function's time, less than the five minutes of an Express workflow.
TASK_SECONDS: Final = 250
# Source: Step Functions Developer Guide, handling transient Lambda service exceptions.
PASSING_ERRORS: Final = (
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
)


class Sweep(Construct):
    """A state machine that is started with `{"sweep": id, "key": key of the list}`.

    The list is a JSON array of `{"account", "region", "global"}` in `bucket`. The function gets
    `{"sweep": id, "Items": [some of them]}` and answers whether any of them `failed`. A batch that
    fails keeps no other from being swept; the execution fails at its end, so that it shows.
    """

    def __init__(self, scope: Construct, name: str, *, sweep: Function) -> None:
        super().__init__(scope, name)
        self.bucket = private_bucket(
            self, "Lists", days=LIST_KEPT_DAYS, removal=RemovalPolicy.RETAIN
        )
        self.role = _role(self)
        stack = Stack.of(self)
        definition = machine_definition(
            partition=stack.partition,
            function=sweep.function.function_arn,
            bucket=self.bucket.bucket_name,
        )
        self.machine = stepfunctions.CfnStateMachine(
            self,
            "Machine",
            role_arn=self.role.role_arn,
            definition_string=stack.to_json_string(definition),
        )
        self._let_run(sweep)
        reason = (
            "It calls one function, whose logs and metrics tell all; it would take rights on *."
        )
        acknowledge(self.machine, "SF1", reason)
        acknowledge(self.machine, "SF2", reason)

    @property
    def executions(self) -> str:
        """Return the ARN of the machine's executions, without what follows the machine's name."""
        stack = Stack.of(self)
        place = f"arn:{stack.partition}:states:{stack.region}:{stack.account}"
        return f"{place}:execution:{self.machine.attr_name}"

    def acknowledge_planner(self, role: iam.Role) -> None:
        """Accept that a role reaches the lists and executions of all sweeps."""
        self._acknowledge_lists(role)
        self._acknowledge_executions(role, ":*")

    def _let_run(self, sweep: Function) -> None:
        """Let the machine call the function, read lists and start children of itself."""
        # Source: Step Functions Developer Guide, IAM policies for Distributed Map states.
        for actions, resource in (
            (["lambda:InvokeFunction"], sweep.function.function_arn),
            (["s3:GetObject"], self.bucket.arn_for_objects("*")),
            (["states:StartExecution"], self.machine.ref),
            (["states:DescribeExecution", "states:StopExecution"], f"{self.executions}/*"),
        ):
            self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource]))
        self._acknowledge_lists(self.role)
        self._acknowledge_executions(self.role, "/*")

    def _acknowledge_lists(self, role: iam.Role) -> None:
        lists = self.bucket.node.default_child
        if not isinstance(lists, s3.CfnBucket):
            raise TypeError("a bucket is made of a plain bucket")
        finding = f"Resource::<{Stack.of(self).get_logical_id(lists)}.Arn>/*"
        acknowledge(role, "IAM5", "Each sweep has a list with a new key.", finding)

    def _acknowledge_executions(self, role: iam.Role, end: str) -> None:
        stack = Stack.of(self)
        place = f"arn:<AWS::Partition>:states:{stack.region}:<AWS::AccountId>:execution"
        finding = f"Resource::{place}:<{stack.get_logical_id(self.machine)}.Name>{end}"
        acknowledge(role, "IAM5", "Executions have names that nobody knows before.", finding)


def machine_definition(*, partition: str, function: str, bucket: str) -> dict[str, Any]:
    """Return the machine in Amazon States Language, with paths in JSONPath."""
    return {
        "StartAt": "Sweep",
        "TimeoutSeconds": LONGEST_SECONDS,
        "States": {
            "Sweep": {
                "Type": "Map",
                "Label": "Sweep",
                "MaxConcurrency": AT_ONCE,
                "ItemReader": {
                    "Resource": f"arn:{partition}:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "JSON"},
                    "Parameters": {"Bucket": bucket, "Key.$": "$.key"},
                },
                "ItemBatcher": {
                    "MaxItemsPerBatch": UNITS_PER_BATCH,
                    "BatchInput": {"sweep.$": "$.sweep"},
                },
                "ItemProcessor": _batch(partition, function),
                "ResultPath": "$.batches",
                "Next": "Look",
            },
            "Look": {
                "Type": "Pass",
                "Parameters": {"failed.$": "States.ArrayContains($.batches[*].failed, true)"},
                "Next": "Complete?",
            },
            "Complete?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.failed", "BooleanEquals": True, "Next": "Incomplete"}],
                "Default": "Complete",
            },
            "Complete": {"Type": "Succeed"},
            "Incomplete": {
                "Type": "Fail",
                "Error": "SweepIncomplete",
                "Cause": "At least one batch failed: see the logs of the function that sweeps.",
            },
        },
    }


def _batch(partition: str, function: str) -> dict[str, Any]:
    """Return what is done with one batch. Its answer is tiny: all of them are one state's input."""
    return {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "SweepBatch",
        "States": {
            "SweepBatch": {
                "Type": "Task",
                "Resource": f"arn:{partition}:states:::lambda:invoke",
                "TimeoutSeconds": TASK_SECONDS,
                "Parameters": {
                    "FunctionName": function,
                    "Payload": {"Items.$": "$.Items", "sweep.$": "$.BatchInput.sweep"},
                },
                "ResultSelector": {"failed.$": "$.Payload.failed"},
                "Retry": [
                    {
                        "ErrorEquals": list(PASSING_ERRORS),
                        "IntervalSeconds": 2,
                        "MaxAttempts": 4,
                        "BackoffRate": 2,
                    }
                ],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
                "End": True,
            },
            "Failed": {"Type": "Pass", "Parameters": {"failed": True}, "End": True},
        },
    }


def _role(scope: Construct) -> iam.Role:
    stack = Stack.of(scope)
    machines = f"arn:{stack.partition}:states:{stack.region}:{stack.account}:stateMachine:*"
    # Source: Step Functions Developer Guide, cross-service confused deputy prevention.
    ours = {
        "ArnLike": {"aws:SourceArn": machines},
        "StringEquals": {"aws:SourceAccount": stack.account},
    }
    return iam.Role(
        scope,
        "Role",
        path=ROLE_PATH,
        description="Vedette: runs sweeps",
        assumed_by=iam.ServicePrincipal("states.amazonaws.com", conditions=ours),
    )
