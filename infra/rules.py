"""EventBridge rules made of the patterns of the enabled rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from aws_cdk import aws_events as events
from constructs import Construct

# What EventBridge does by default, said here so that it does not change unseen.
RETRY: Final = events.CfnRule.RetryPolicyProperty(
    maximum_event_age_in_seconds=86_400, maximum_retry_attempts=185
)


class Pattern(Protocol):
    """The pattern of one rule, the queue that it feeds, and the state of the rule."""

    @property
    def name(self) -> str: ...

    @property
    def pattern(self) -> Mapping[str, Any]: ...

    @property
    def queue(self) -> str: ...

    @property
    def state(self) -> str: ...


Patterns = Sequence[Pattern]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From a bus (the default one if none is named) to a target, as a role if it takes one.

    All are ARNs; `undelivered` gets what the target did not take.
    """

    target: str
    undelivered: str
    bus: str | None = None
    role: str | None = None


def event_rule(scope: Construct, pattern: Pattern, way: Way) -> events.CfnRule:
    """Make the rule of a pattern.

    The plain resource is used because only it knows the state in which reads arrive too.
    """
    return events.CfnRule(
        scope,
        _logical(pattern.name),
        description=f"Vedette: {pattern.name}",
        event_bus_name=way.bus,
        event_pattern=dict(pattern.pattern),
        state=pattern.state,
        targets=[
            events.CfnRule.TargetProperty(
                id="Target",
                arn=way.target,
                role_arn=way.role,
                dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=way.undelivered),
                retry_policy=RETRY,
            )
        ],
    )


def _logical(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))
