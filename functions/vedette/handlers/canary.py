"""Lambda: makes the canary's calls, and fails if earlier ones have not come back."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from vedette.aws.canary import BucketCanary
from vedette.aws.clients import deployed_client
from vedette.aws.stores.state import Marks
from vedette.configuration.deployed import CanarySettings
from vedette.operations.canary import fly
from vedette.operations.telemetry import Telemetry


@cache
def flight() -> Callable[[], None]:
    """Build the operation, once for the life of the process."""
    settings = CanarySettings.read()
    calls = BucketCanary(deployed_client("s3"), settings.canary_bucket)
    marks = Marks(deployed_client("dynamodb"), settings.state_table)
    telemetry = Telemetry("canary")
    return lambda: fly(calls, marks, telemetry)


def handler(_event: Mapping[str, Any], _context: object) -> None:
    """Fly, as the clock asks; raises CanaryLostError where an alarm is due."""
    flight()()
