"""The queues of a deployment by how their logical ids begin; a test holds them to the stack."""

from collections.abc import Mapping
from typing import Final

QUEUE: Final = "AWS::SQS::Queue"
FUNCTION: Final = "AWS::Lambda::Function"
RULE: Final = "AWS::Events::Rule"
# The name of the hub's bus.
BUS: Final = "vedette"
# As the ids of rules begin: on the hub's bus, and on the default bus of a region.
ROUTING: Final = "Routing"
FORWARDER: Final = "Forwarder"
# Those that feed functions, by the name that people know them by.
FED: Final[Mapping[str, str]] = {
    "DetectEventsQueue": "detect",
    "ChangeEventsQueue": "change",
    "SignalEventsQueue": "signal",
}
# Those of what could not be handled.
LAST: Final[Mapping[str, str]] = {
    "DetectEventsDeadLetters": "detect, failed",
    "ChangeEventsDeadLetters": "change, failed",
    "SignalEventsDeadLetters": "signal, failed",
    "BusUndelivered": "bus, undelivered",
    "ForwarderUndelivered": "forwarder, undelivered",
    "UntoldQueue": "alerts, unsent",
    "SchedulesFailures": "schedules, not started",
}
# What is in these holds no event, and why nothing is to be done about it.
NOTES: Final[Mapping[str, str]] = {
    "UntoldQueue": (
        "places in the table's stream at which alerts could not be sent, not the findings "
        "themselves; reconcile looks for those every 15 minutes and announces them"
    ),
    "SchedulesFailures": (
        "runs by the clock that could not be started; the next one does their work"
    ),
}
# The function that reads each queue that is fed: the queue's kind is how both ids begin.
READERS: Final[Mapping[str, str]] = {
    "Detect": "FunctionsDetectFunction",
    "Change": "FunctionsReevaluateFunction",
    "Signal": "FunctionsIntakeFunction",
}


def fitting(names: Mapping[str, str], logical: str) -> str | None:
    """Return what stands under the beginning of a logical id; None if nothing does."""
    return next((one for start, one in names.items() if logical.startswith(start)), None)


def on_hub_bus(rule: str) -> bool:
    """Tell whether a rule, by its logical id, is on the hub's bus, not on the default one."""
    return rule.startswith(ROUTING)


def name_of(logical: str) -> str:
    """Return the name that people know a queue by."""
    return fitting({**FED, **LAST}, logical) or logical
