"""All functions together: they share one upload of code and one layer of dependencies."""

from collections.abc import Iterator, Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import RUNTIME, Deployed, Function
from infra.grants import Target, statements
from infra.plan import Plan
from infra.queues import EventQueue

# Names of enum members. Source: aws_logs.RetentionDays.
_MONTHS: Final = {
    14: "TWO_WEEKS",
    30: "ONE_MONTH",
    60: "TWO_MONTHS",
    90: "THREE_MONTHS",
    120: "FOUR_MONTHS",
    150: "FIVE_MONTHS",
    180: "SIX_MONTHS",
    365: "ONE_YEAR",
    400: "THIRTEEN_MONTHS",
    545: "EIGHTEEN_MONTHS",
    731: "TWO_YEARS",
}
# How each queue is read: the function, the batch, how long it gathers, how many run at once.
READERS: Final = {
    "detect": ("detect", 100, Duration.seconds(5), 10),
    # Calls that make one resource come within seconds: it is read once.
    "change": ("reevaluate", 100, Duration.seconds(20), 5),
    "signal": ("intake", 50, Duration.seconds(5), 2),
}


class Handlers(Construct):
    """The functions by the name of their handler."""

    def __init__(self, scope: Construct, name: str, *, plan: Plan, key: kms.IKey | None) -> None:
        super().__init__(scope, name)
        self._grants = plan.grants
        layer = lambda_.LayerVersion(
            self,
            "Dependencies",
            description="Vedette: dependencies",
            code=lambda_.Code.from_asset(str(plan.layer)),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[lambda_.Architecture.ARM_64],
        )
        self.shared = Deployed(
            code=lambda_.Code.from_asset(str(plan.code)),
            layer=layer,
            retention=retention_of(plan.deployment.log_retention_days),
            key=key,
        )
        self.functions: dict[str, Function] = {}

    def __getitem__(self, handler: str) -> Function:
        return self.functions[handler]

    def __iter__(self) -> Iterator[str]:
        return iter(self.functions)

    def add(self, handler: str, values: Mapping[str, str]) -> Function:
        """Add the function of a handler; `values` are those of settings, by field."""
        name = "".join(word.capitalize() for word in handler.split("_"))
        added = Function(self, name, handler=handler, shared=self.shared, values=values)
        self.functions[handler] = added
        return added

    def allow(self, targets: Mapping[str, Target]) -> None:
        """Give each function what it declares, on the resources behind the logical names."""
        for handler, function in self.functions.items():
            function.allow(statements(self._grants.get(handler, {}), targets))

    def read(self, queues: Mapping[str, EventQueue]) -> None:
        """Let the functions work off the queues."""
        for queue, (handler, batch, window, concurrency) in READERS.items():
            self.functions[handler].read_queue(
                queues[queue], batch=batch, window=window, concurrency=concurrency
            )


def retention_of(days: int) -> logs.RetentionDays:
    """Return CloudWatch's retention of so many days."""
    return logs.RetentionDays[_MONTHS[days]]
