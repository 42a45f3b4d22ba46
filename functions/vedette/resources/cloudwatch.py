"""Snapshots of what watches a log group: metric filters and the alarms on their metrics."""

from typing import ClassVar

from vedette.resources.resource import Resource, Value


class Metric(Value):
    """A CloudWatch metric by namespace and name."""

    namespace: str
    name: str


class MetricFilter(Value):
    """A metric filter of a log group: its pattern and the metrics that a match counts in.

    `is_restricted` tells that the filter looks at a part of the log events only, or at transformed
    ones. Source: CloudWatch Logs API Reference, MetricFilter (`fieldSelectionCriteria`,
    `applyOnTransformedLogs`).
    """

    name: str
    pattern: str
    metrics: tuple[Metric, ...]
    is_restricted: bool = False


class MetricAlarm(Value):
    """An alarm: the metrics it watches and the ARNs it acts on when it goes off."""

    name: str
    metrics: tuple[Metric, ...]
    actions_enabled: bool
    actions: tuple[str, ...]


class CloudWatchAccount(Resource):
    """The account as the subject of monitoring; its id is the account's.

    What watches it stands at its trails (`vedette.resources.cloudtrail.Trail`).
    """

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "cloudwatch"
