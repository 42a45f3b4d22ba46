"""The rules on the hub's bus: which queue gets which events."""

from collections.abc import Mapping

from constructs import Construct

from infra.bus import Bus
from infra.queues import EventQueue
from infra.rules import Patterns, Way, event_rule


class Routing(Construct):
    """The patterns that forward an event decide again here, so that no other gets through."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        bus: Bus,
        patterns: Patterns,
        queues: Mapping[str, EventQueue],
    ) -> None:
        """`queues` has one for each queue that a pattern names."""
        super().__init__(scope, name)
        undelivered = bus.undelivered.queue.queue_arn
        arns: dict[str, list[str]] = {queue: [] for queue in queues}
        for pattern in patterns:
            queue = queues[pattern.queue].queue.queue_arn
            way = Way(target=queue, undelivered=undelivered, bus=bus.arn)
            arns[pattern.queue].append(event_rule(self, pattern, way).attr_arn)
        for queue_name, rules in arns.items():
            queues[queue_name].admit(rules)
        bus.undelivered.admit([arn for rules in arns.values() for arn in rules])
