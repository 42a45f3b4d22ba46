"""Whether events that matter raise an alarm: trail, log group, metric filter, alarm, recipient.

One analysis for all monitoring controls of CIS. It evaluates each filter against sample records of
the events, so spelling and order of a pattern do not count, and several filters may share the work.
Somebody is told when an alarm's actions are on and name an SNS topic with a confirmed subscription,
a Lambda function, or Systems Manager (OpsCenter, Incident Manager). Thresholds are not judged.
Source: CIS AWS Foundations Benchmark 5.0, section 4.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vedette.resources.arn import Arn, ArnError, parse_arn
from vedette.resources.cloudtrail import Trail
from vedette.resources.cloudwatch import Metric, MetricAlarm, MetricFilter
from vedette.resources.facts import Fact, UnreadableFactError, known, why_unreadable
from vedette.resources.inventory import Inventory
from vedette.resources.metric_filter import FilterPatternError, parse_filter
from vedette.resources.monitored_events import SampleEvent, Samples
from vedette.resources.resource import SAMPLE_ACCOUNT, SAMPLE_REGION, Resource
from vedette.resources.three_valued import Truth, all_of, any_of
from vedette.resources.trail_events import (
    ALL_MANAGEMENT_EVENTS,
    EventSelection,
    records_management_event,
)
from vedette.resources.trail_recording import first_problem, holds

MONITORING_FACTS: tuple[tuple[type[Resource], str], ...] = tuple(
    (Trail, name)
    for name in (
        "is_multi_region",
        "is_logging",
        "log_group",
        "selections",
        "metric_filters",
        "alarms",
        "subscriptions",
    )
)
UNDECIDED = (
    "it cannot be told whether somebody is told: a filter's pattern leaves it open, "
    "or an alarm notifies a topic of another account"
)
_TOLD_DIRECTLY = frozenset({"lambda", "ssm", "ssm-incidents"})
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Monitor:
    """A metric filter on a trail's log group, its alarms, and whether these tell somebody."""

    filter: MetricFilter
    selections: tuple[EventSelection, ...]
    alarms: tuple[str, ...]
    tells: Truth

    def __str__(self) -> str:
        """Name the filter and its alarms."""
        return f"{self.filter.name} -> {', '.join(self.alarms) or 'no alarm'}"

    def catches(self, event: SampleEvent) -> Truth:
        """Tell whether the event reaches the log group and matches the filter there."""
        if not records_management_event(self.selections, event.source, event.access):
            return False
        try:
            matches = parse_filter(self.filter.pattern).matches(event.record)
        except FilterPatternError:
            return False
        return None if matches and self.filter.is_restricted else matches

    def reports(self, event: SampleEvent) -> Truth:
        """Tell whether somebody is told when the event occurs."""
        return False if self.tells is False else all_of((self.tells, self.catches(event)))


@dataclass(frozen=True, slots=True)
class Watch:
    """How events are watched: `missing` names those that nobody is told of, `by` who matches any.

    `by` holds `<filter> -> <alarms>`; `reason` is a sentence for people.
    """

    missing: tuple[str, ...]
    by: tuple[str, ...]
    reason: str


def watch_over(samples: Samples, account: str, inventory: Inventory) -> Watch:
    """Judge how these events are watched in the account.

    Raises UnreadableFactError if what could not be read, or is undecided, would decide it.
    """
    events = [sample.in_account(account) for sample in samples]
    monitoring = _monitoring(inventory.readable(Trail))
    monitors = monitoring.monitors
    reported = [any_of(monitor.reports(event) for monitor in monitors) for event in events]
    if not all(reported):
        _refuse_to_guess(monitoring, inventory, reported)
    missing = dict.fromkeys(
        event.label for event, is_reported in zip(events, reported, strict=True) if not is_reported
    )
    matching = tuple(one for one in monitors if any(one.catches(event) for event in events))
    reason = _reason(tuple(missing), monitoring, matching)
    return Watch(tuple(missing), tuple(map(str, matching)), reason)


@dataclass(frozen=True, slots=True)
class _Monitoring:
    """The monitors of all trails that count, whether there are such, and what is not known."""

    monitors: tuple[Monitor, ...]
    has_trail: bool
    unread: str | None


def _monitoring(trails: Iterable[Trail]) -> _Monitoring:
    monitors: list[Monitor] = []
    has_trail = False
    problems: list[str | None] = []
    for trail in trails:
        counts = _counts(trail)
        if counts is None:
            problems.append(first_problem(trail.is_multi_region, trail.is_logging, trail.log_group))
        if not counts:
            continue
        has_trail = True
        problem = _problem_in_chain(trail)
        problems.append(problem)
        monitors += () if problem else _monitors(trail)
    return _Monitoring(tuple(monitors), has_trail, next(filter(None, problems), None))


def _counts(trail: Trail) -> Truth:
    return all_of(
        (holds(trail.is_multi_region), holds(trail.is_logging), _is_there(trail.log_group))
    )


def _is_there(fact: Fact[str | None]) -> Truth:
    return None if why_unreadable(fact) else known(fact) is not None


def _problem_in_chain(trail: Trail) -> str | None:
    return first_problem(trail.selections, trail.metric_filters, trail.alarms, trail.subscriptions)


def _monitors(trail: Trail) -> Iterator[Monitor]:
    for one in known(trail.metric_filters):
        alarms = [alarm for alarm in known(trail.alarms) if set(alarm.metrics) & set(one.metrics)]
        yield Monitor(
            filter=one,
            selections=known(trail.selections),
            alarms=tuple(alarm.name for alarm in alarms),
            tells=any_of(_tells(alarm, trail) for alarm in alarms),
        )


def _tells(alarm: MetricAlarm, trail: Trail) -> Truth:
    if not alarm.actions_enabled:
        return False
    return any_of(_reaches_somebody(action, trail) for action in alarm.actions)


def _reaches_somebody(action: str, trail: Trail) -> Truth:
    try:
        target = parse_arn(action)
    except ArnError:
        return False
    if target.service != "sns":
        return target.service in _TOLD_DIRECTLY
    subscriptions = known(trail.subscriptions)
    return subscriptions[action] > 0 if action in subscriptions else None


def _refuse_to_guess(
    monitoring: _Monitoring, inventory: Inventory, reported: Sequence[Truth]
) -> None:
    if monitoring.unread is not None:
        raise UnreadableFactError(monitoring.unread)
    inventory.all(Trail)
    if False not in reported:
        raise UnreadableFactError(UNDECIDED)


def _reason(missing: Sequence[str], monitoring: _Monitoring, matching: Sequence[Monitor]) -> str:
    if not missing:
        return "Metric filters match all these events, and their alarms tell somebody."
    if not monitoring.has_trail:
        return "No multi-region trail that is logging sends its events to CloudWatch Logs."
    names = ", ".join(missing[:_SHOWN]) + (" and more" if len(missing) > _SHOWN else "")
    silent = [one.filter.name for one in matching if one.tells is False]
    if silent:
        return f"Nobody is told of: {names}. No alarm that tells somebody is on: {silent[0]}."
    return f"No metric filter with an alarm matches: {names}."


def sample_trail(*patterns: str, **facts: object) -> Trail:
    """Build an example trail whose log group has these filters, each with an alarm that tells.

    `facts` replace the facts of the trail.
    """
    topic = _sample_arn("sns", "security")
    metrics = [Metric(namespace="Security", name=f"m{index}") for index in range(len(patterns))]
    chain: dict[str, object] = {
        "is_multi_region": True,
        "is_logging": True,
        "log_group": _sample_arn("logs", "log-group:trail:*"),
        "selections": (ALL_MANAGEMENT_EVENTS,),
        "metric_filters": tuple(
            MetricFilter(name=metric.name, pattern=pattern, metrics=(metric,))
            for metric, pattern in zip(metrics, patterns, strict=True)
        ),
        "alarms": tuple(
            MetricAlarm(name=one.name, metrics=(one,), actions_enabled=True, actions=(topic,))
            for one in metrics
        ),
        "subscriptions": {topic: 1},
    }
    return Trail.sample(**(chain | facts))


def _sample_arn(service: str, resource: str) -> str:
    return str(
        Arn(
            partition="aws",
            service=service,
            region=SAMPLE_REGION,
            account=SAMPLE_ACCOUNT,
            resource=resource,
        )
    )


def any_call(*names: str) -> str:
    """Write the filter pattern that matches calls of these names."""
    return "{ " + " || ".join(f"($.eventName = {name})" for name in names) + " }"
