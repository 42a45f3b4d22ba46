"""What correlations mean, written down plainly: quadratic, without windows that slide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from statistics import median
from typing import Any

from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledCorrelation,
    Condition,
    CorrelationType,
    Held,
    Not,
)

COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
}


@dataclass(frozen=True)
class Event:
    """An event as a test tells it: the rules that match it, and its fields."""

    id: str
    time: int
    rules: tuple[str, ...]
    fields: Mapping[str, Any]

    def texts(self, field: str) -> list[str]:
        value = self.fields.get(field)
        if value is None:
            return []
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]


Found = set[tuple[tuple[str, ...], int, int, frozenset[str]]]


def found_by(correlation: CompiledCorrelation, events: Iterable[Event]) -> Found:
    """Return group, first and last moment and events of each episode."""
    once = {event.id: event for event in events}.values()
    groups: dict[tuple[str, ...], list[tuple[Event, str]]] = {}
    for event in once:
        for rule in set(event.rules) & set(correlation.rules):
            named = [correlation.aliases.get(f, {}).get(rule, f) for f in correlation.group_by]
            for group in product(*(sorted(set(event.texts(name))) for name in named)):
                groups.setdefault(group, []).append((event, rule))
    return {one for group, some in groups.items() for one in _in_group(correlation, group, some)}


def _in_group(
    correlation: CompiledCorrelation, group: tuple[str, ...], all_of_group: list[tuple[Event, str]]
) -> Found:
    counted = [one for one in all_of_group if _counts(correlation, one[0])]
    fired = sorted(
        time
        for time in {event.time for event, _ in counted}
        if _holds(correlation, _window(counted, time, correlation.timespan))
    )
    found: Found = set()
    while fired:
        stretch = [fired.pop(0)]
        while fired and fired[0] - correlation.timespan <= stretch[-1]:
            stretch.append(fired.pop(0))
        taking_part = frozenset(
            event.id
            for event, _ in counted
            if stretch[0] - correlation.timespan <= event.time <= stretch[-1]
        )
        found.add((group, stretch[0], stretch[-1], taking_part))
    return found


def _counts(correlation: CompiledCorrelation, event: Event) -> bool:
    threshold = correlation.threshold
    if correlation.type is CorrelationType.EVENT_COUNT or correlation.type.startswith("temporal"):
        return True
    assert threshold is not None
    if correlation.type is CorrelationType.VALUE_COUNT:
        return all(event.texts(field) for field in threshold.fields)
    return bool(_numbers(event, threshold.fields[0]))


def _numbers(event: Event, field: str) -> set[float]:
    return {float(text) for text in event.texts(field) if _is_number(text)}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _window(
    counted: Sequence[tuple[Event, str]], time: int, timespan: int
) -> list[tuple[Event, str]]:
    return [one for one in counted if time - timespan <= one[0].time <= time]


def _holds(correlation: CompiledCorrelation, window: list[tuple[Event, str]]) -> bool:
    if correlation.expression is not None:
        present = {rule for _, rule in window}
        if correlation.type is CorrelationType.TEMPORAL:
            return _true(correlation.expression, present, present)
        return any(
            _true(correlation.expression, set(chain), present)
            for length in range(len(correlation.rules) + 1)
            for chain in combinations(correlation.rules, length)
            if _in_order(chain, window)
        )
    assert correlation.threshold is not None
    compare = COMPARE[correlation.threshold.operator]
    return compare(_figure(correlation, window), correlation.threshold.count)


def _figure(correlation: CompiledCorrelation, window: list[tuple[Event, str]]) -> float:
    threshold = correlation.threshold
    assert threshold is not None
    match correlation.type:
        case CorrelationType.EVENT_COUNT:
            figure: float = len({event.id for event, _ in window})
        case CorrelationType.VALUE_COUNT:
            texts = (product(*map(event.texts, threshold.fields)) for event, _ in window)
            figure = len({one for several in texts for one in several})
        case CorrelationType.TEMPORAL:
            figure = len({rule for _, rule in window})
        case CorrelationType.TEMPORAL_ORDERED:
            figure = _longest_chain(correlation, window)
        case kind:
            by_id = {event.id: event for event, _ in window}
            numbers = [n for event in by_id.values() for n in _numbers(event, threshold.fields[0])]
            figure = _measured(kind, numbers, threshold.percentile or 0)
    return figure


def _longest_chain(correlation: CompiledCorrelation, window: list[tuple[Event, str]]) -> int:
    return next(
        length
        for length in range(len(correlation.rules), 0, -1)
        for chain in combinations(correlation.rules, length)
        if _in_order(chain, window)
    )


def _measured(kind: CorrelationType, numbers: list[float], percentile: int) -> float:
    measures: dict[CorrelationType, Callable[[], float]] = {
        CorrelationType.VALUE_SUM: lambda: sum(numbers),
        CorrelationType.VALUE_AVG: lambda: sum(numbers) / len(numbers),
        CorrelationType.VALUE_MEDIAN: lambda: median(numbers),
        CorrelationType.VALUE_PERCENTILE: lambda: _percentile(sorted(numbers), percentile),
    }
    return measures[kind]()


def _percentile(ordered: list[float], percentile: int) -> float:
    rank = (len(ordered) - 1) * percentile / 100
    low = int(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


def _in_order(chain: Sequence[str], window: list[tuple[Event, str]]) -> bool:
    """Tell whether the rules of a chain can be placed at times that never go back."""
    now = -1
    for rule in chain:
        times = [event.time for event, matched in window if matched == rule and event.time >= now]
        if not times:
            return False
        now = min(times)
    return True


def _true(expression: Condition, counted: set[str], other: set[str]) -> bool:
    match expression:
        case AllOf(parts):
            return all(_true(part, counted, other) for part in parts)
        case AnyOf(parts):
            return any(_true(part, counted, other) for part in parts)
        case Not(part):
            return not _true(part, other, counted)
        case Held(rule):
            return rule in counted
        case _:
            raise AssertionError(expression)
