"""Reads what watches a trail's log group: metric filters, their alarms, whom these notify.

Few calls: filters of the trails' log groups alone; the region's alarms once, and only if there are
filters; topics only if such an alarm notifies them, one call each. GetTopicAttributes counts
confirmed subscriptions in one call, where ListSubscriptionsByTopic takes one for each hundred.
"""

from collections.abc import Callable

from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.errors import Problem, ReadError
from vedette.resources.arn import ArnError, parse_arn
from vedette.resources.cloudtrail import Trail
from vedette.resources.cloudwatch import Metric, MetricAlarm, MetricFilter
from vedette.resources.facts import known

DESCRIBE_METRIC_FILTERS = "logs:DescribeMetricFilters"
DESCRIBE_ALARMS = "cloudwatch:DescribeAlarms"
GET_TOPIC_ATTRIBUTES = "sns:GetTopicAttributes"
LOG_GROUP_PREFIX = "log-group:"


def read_metric_filters(reader: Reader, trail: Trail) -> tuple[MetricFilter, ...]:
    """Return the metric filters on the trail's log group; it may have none.

    A log group of another account, such as an organisation trail's, counts as denied.
    """
    log_group = known(trail.log_group)
    if log_group is None:
        return ()
    arn = parse_arn(log_group)
    if arn.account != reader.account:
        reason = "the log group belongs to another account"
        raise ReadError(DESCRIBE_METRIC_FILTERS, Problem.DENIED, reason)
    name = arn.resource.removeprefix(LOG_GROUP_PREFIX).removesuffix(":*")
    return reader.once(f"filters of {log_group}", lambda shared: _filters(shared, name, arn.region))


def read_alarms(reader: Reader, trail: Trail) -> tuple[MetricAlarm, ...]:
    """Return the alarms on metrics that the trail's filters count in."""
    metrics = {metric for one in read_metric_filters(reader, trail) for metric in one.metrics}
    if not metrics:
        return ()
    alarms = reader.once(DESCRIBE_ALARMS, _alarms)
    return tuple(alarm for alarm in alarms if metrics.intersection(alarm.metrics))


def read_subscriptions(reader: Reader, trail: Trail) -> dict[str, int]:
    """Return how many confirmed subscriptions the topics have that these alarms notify."""
    topics = {action for alarm in read_alarms(reader, trail) for action in alarm.actions}
    return {
        topic: reader.once(f"subscriptions of {topic}", _counting(topic))
        for topic in sorted(topics)
        if _is_own_topic(reader, topic)
    }


def _filters(reader: Reader, log_group: str, region: str) -> tuple[MetricFilter, ...]:
    listed = reader.pages(
        DESCRIBE_METRIC_FILTERS, "metricFilters", region=region, logGroupName=log_group, limit=50
    )
    return tuple(_filter(one) for one in listed)


def _filter(listed: Answer) -> MetricFilter:
    restricted = bool(listed.get("fieldSelectionCriteria"))
    return MetricFilter(
        name=listed["filterName"],
        pattern=listed.get("filterPattern", ""),
        metrics=tuple(
            Metric(namespace=one["metricNamespace"], name=one["metricName"])
            for one in listed["metricTransformations"]
        ),
        is_restricted=restricted or listed.get("applyOnTransformedLogs", False),
    )


def _alarms(reader: Reader) -> tuple[MetricAlarm, ...]:
    listed = reader.pages(
        DESCRIBE_ALARMS, "MetricAlarms", AlarmTypes=["MetricAlarm"], MaxRecords=100
    )
    return tuple(
        MetricAlarm(
            name=one["AlarmName"],
            metrics=tuple(_metrics(one)),
            actions_enabled=one["ActionsEnabled"],
            actions=tuple(one.get("AlarmActions") or ()),
        )
        for one in listed
    )


def _metrics(alarm: Answer) -> list[Metric]:
    """Return the metric that an alarm watches, or those that its expression takes."""
    queries = [
        one["MetricStat"]["Metric"] for one in alarm.get("Metrics") or () if "MetricStat" in one
    ]
    return [
        Metric(namespace=one["Namespace"], name=one["MetricName"])
        for one in (alarm, *queries)
        if "Namespace" in one and "MetricName" in one
    ]


def _is_own_topic(reader: Reader, action: str) -> bool:
    try:
        arn = parse_arn(action)
    except ArnError:
        return False
    return arn.service == "sns" and arn.account == reader.account


def _counting(topic: str) -> Callable[[Reader], int]:
    """A topic that is gone has no subscriptions."""

    def count(reader: Reader) -> int:
        region = parse_arn(topic).region
        absent = ("NotFound", "NotFoundException")
        answer = reader.optional(GET_TOPIC_ATTRIBUTES, *absent, region=region, TopicArn=topic)
        return int(answer["Attributes"]["SubscriptionsConfirmed"]) if answer else 0

    return count
