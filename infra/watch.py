"""Alarms about Vedette itself, few and priced, and one dashboard.

Prices are those of us-east-1 (CloudWatch pricing): an alarm costs $0.10 a month for each metric
that it looks at; three dashboards in an account are free, each further one costs $3 a month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from infra.functions import Function

Comparison = cloudwatch.ComparisonOperator
Missing = cloudwatch.TreatMissingData
# A sweep is due every 24 h, begins up to 15 minutes late, and may take hours.
SWEEP_PERIODS: Final = 15
SWEEP_PERIOD: Final = Duration.hours(2)
CANARY_PERIODS: Final = 3
RECONCILIATIONS: Final = 4
STREAM_LAG: Final = Duration.minutes(15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the alarms look at."""

    functions: Mapping[str, Function]
    dead_letters: Sequence[sqs.IQueue]
    machine: stepfunctions.CfnStateMachine


class Watch(Construct):
    """Alarms on what would otherwise be silent; all go to the health topic."""

    def __init__(self, scope: Construct, name: str, *, watched: Watched, topic: sns.ITopic) -> None:
        super().__init__(scope, name)
        self._action = actions.SnsAction(topic)
        self._functions = watched.functions
        self._dead_letters = watched.dead_letters
        self._machine = watched.machine
        self.alarms = [
            self._unhandled(),
            self._dispatch_fails(),
            self._dispatch_lags(),
            self._no_sweep(),
            self._no_canary(),
            self._alerts_in_trouble(),
            self._no_reconciliation(),
        ]
        self._dashboard()

    def _unhandled(self) -> cloudwatch.Alarm:
        """$0.10 for each queue (7)."""
        depths = {f"q{number}": _depth(queue) for number, queue in enumerate(self._dead_letters)}
        total = cloudwatch.MathExpression(
            expression=" + ".join(depths),
            using_metrics=depths,
            label="Messages",
            period=Duration.minutes(5),
        )
        return self._alarm("Unhandled", total, "Events lie unhandled: run `vedette redrive`.")

    def _dispatch_fails(self) -> cloudwatch.Alarm:
        """$0.10."""
        errors = self._functions["dispatch"].function.metric_errors(period=Duration.minutes(5))
        return self._alarm("DispatchFails", errors, "Alerts fail to be sent; they are tried again.")

    def _dispatch_lags(self) -> cloudwatch.Alarm:
        """$0.10."""
        age = self._functions["dispatch"].function.metric(
            "IteratorAge", statistic="Maximum", period=Duration.minutes(5)
        )
        return self._alarm(
            "DispatchLags", age, "Alerts are late.", threshold=STREAM_LAG.to_milliseconds()
        )

    def _no_sweep(self) -> cloudwatch.Alarm:
        """$0.10. No sweep in 30 hours came to its end without a batch that failed."""
        return self._alarm(
            "NoSweep",
            self._sweeps("ExecutionsSucceeded", SWEEP_PERIOD),
            "No complete sweep for more than a day: some findings may be out of date.",
            at_least_once_in=SWEEP_PERIODS,
        )

    def _no_canary(self) -> cloudwatch.Alarm:
        """$0.10. The canary fails while its earlier calls have not come back."""
        canary = self._functions["canary"].function
        hourly = Duration.hours(1)
        succeeded = cloudwatch.MathExpression(
            expression="started - failed",
            using_metrics={
                "started": canary.metric_invocations(period=hourly),
                "failed": canary.metric_errors(period=hourly),
            },
            label="Canaries",
            period=hourly,
        )
        return self._alarm(
            "NoCanary",
            succeeded,
            "Calls do not come back through CloudTrail: run `vedette doctor --deployed`.",
            at_least_once_in=CANARY_PERIODS,
        )

    def _alerts_in_trouble(self) -> cloudwatch.Alarm:
        """$0.10. What `dispatch` and `reconcile` cannot say through the topics that they watch."""
        return self._alarm(
            "AlertsInTrouble",
            _counted("Trouble"),
            "Alerts are in trouble: run `vedette doctor --deployed`.",
        )

    def _no_reconciliation(self) -> cloudwatch.Alarm:
        """$0.10. For an hour nobody looked for what people have not been told."""
        return self._alarm(
            "NoReconciliation",
            _counted("Reconciliations"),
            "Nobody looks for alerts that went missing.",
            at_least_once_in=RECONCILIATIONS,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        said: str,
        *,
        threshold: float = 0,
        at_least_once_in: int | None = None,
    ) -> cloudwatch.Alarm:
        """Alarm above a threshold, or when a count stays below one in so many periods."""
        absent = at_least_once_in is not None
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_description=f"Vedette: {said}",
            metric=metric,
            threshold=1 if absent else threshold,
            comparison_operator=Comparison.LESS_THAN_THRESHOLD
            if absent
            else Comparison.GREATER_THAN_THRESHOLD,
            evaluation_periods=at_least_once_in or 1,
            treat_missing_data=Missing.BREACHING if absent else Missing.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._action)
        return alarm

    def _sweeps(self, name: str, period: Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/States",
            metric_name=name,
            dimensions_map={"StateMachineArn": self._machine.ref},
            statistic="Sum",
            period=period,
        )

    def _dashboard(self) -> None:
        """Free among the first three of an account; its widgets read metrics that are there."""
        dashboard = cloudwatch.Dashboard(self, "Dashboard", default_interval=Duration.days(1))
        graph = cloudwatch.GraphWidget
        # By name: stand-ins for CloudFormation, which know no alarms, give their names at least.
        alarms = [
            cloudwatch.Alarm.from_alarm_name(self, f"{one.node.id}Status", one.alarm_name)
            for one in self.alarms
        ]
        functions = {name: one.function for name, one in self._functions.items()}
        dashboard.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms, width=24))
        dashboard.add_widgets(
            graph(
                title="Calls",
                left=[one.metric_invocations(label=name) for name, one in functions.items()],
            ),
            graph(
                title="Errors",
                left=[one.metric_errors(label=name) for name, one in functions.items()],
            ),
            graph(
                title="Sweeps",
                left=[
                    self._sweeps(name, Duration.hours(1))
                    for name in ("ExecutionsSucceeded", "ExecutionsFailed")
                ],
            ),
            graph(title="Unhandled", left=[_depth(one) for one in self._dead_letters]),
        )


def _counted(name: str) -> cloudwatch.Metric:
    """Return what functions count by themselves, in `vedette.operations.telemetry`."""
    period = Duration.minutes(15)
    return cloudwatch.Metric(namespace="Vedette", metric_name=name, statistic="Sum", period=period)


def _depth(queue: sqs.IQueue) -> cloudwatch.Metric:
    label = Stack.of(queue).resolve(queue.node.path)
    return queue.metric_approximate_number_of_messages_visible(
        statistic="Maximum", period=Duration.minutes(5), label=label
    )
