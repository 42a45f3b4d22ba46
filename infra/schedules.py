"""What happens by the clock: the daily sweep, the reconciliation, the canary."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.bus import ROLE_PATH
from infra.functions import Function
from infra.queues import Failures

RECONCILE: Final = "rate(15 minutes)"
CANARY: Final = "rate(1 hour)"
# Sweeps of many deployments do not begin in the same second.
JITTER_MINUTES: Final = 15
RETRY_SECONDS: Final = 3600
RETRIES: Final = 10


def schedules_of(sweep_hour: int) -> Mapping[str, str]:
    """Return the schedule of each function that has one; `sweep_hour` is in UTC."""
    return {
        "plan_sweep": f"cron(0 {sweep_hour} * * ? *)",
        "reconcile": RECONCILE,
        "canary": CANARY,
    }


class Schedules(Construct):
    """One schedule per function, a role that may start those functions alone, and a queue."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        functions: Mapping[str, Function],
        sweep_hour: int,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, name)
        self.failures = Failures(self, "Failures", key)
        self.group = scheduler.CfnScheduleGroup(self, "Group")
        self.role = _role(self, self.group)
        self.failures.admit(self.role.role_arn)
        times = schedules_of(sweep_hour)
        policy = self._policy([functions[one] for one in times])
        for function, when in times.items():
            schedule = self._schedule(function, when, functions[function])
            schedule.node.add_dependency(policy)

    def _policy(self, started: list[Function]) -> iam.Policy:
        policy = iam.Policy(self, "Policy", roles=[self.role])
        policy.add_statements(
            iam.PolicyStatement(
                actions=["lambda:InvokeFunction"],
                resources=[one.function.function_arn for one in started],
            ),
            iam.PolicyStatement(
                actions=["sqs:SendMessage"], resources=[self.failures.queue.queue_arn]
            ),
        )
        return policy

    def _schedule(self, name: str, when: str, function: Function) -> scheduler.CfnSchedule:
        of = scheduler.CfnSchedule
        minutes = JITTER_MINUTES if when.startswith("cron") else None
        window = of.FlexibleTimeWindowProperty(
            mode="FLEXIBLE" if minutes else "OFF", maximum_window_in_minutes=minutes
        )
        return of(
            self,
            "".join(word.capitalize() for word in name.split("_")),
            description=f"Vedette: starts {name}",
            group_name=self.group.ref,
            schedule_expression=when,
            flexible_time_window=window,
            target=of.TargetProperty(
                arn=function.function.function_arn,
                role_arn=self.role.role_arn,
                dead_letter_config=of.DeadLetterConfigProperty(arn=self.failures.queue.queue_arn),
                retry_policy=of.RetryPolicyProperty(
                    maximum_event_age_in_seconds=RETRY_SECONDS, maximum_retry_attempts=RETRIES
                ),
            ),
        )


def _role(scope: Construct, group: scheduler.CfnScheduleGroup) -> iam.Role:
    stack = Stack.of(scope)
    place = f"arn:{stack.partition}:scheduler:{stack.region}:{stack.account}"
    # Source: EventBridge Scheduler User Guide, confused deputy prevention: the group is the source.
    ours = {
        "StringEquals": {
            "aws:SourceAccount": stack.account,
            "aws:SourceArn": f"{place}:schedule-group/{group.ref}",
        }
    }
    return iam.Role(
        scope,
        "Role",
        path=ROLE_PATH,
        description="Vedette: starts functions by the clock",
        assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=ours),
    )
