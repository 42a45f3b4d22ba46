"""What the condition of a correlation asks of the hits in a window.

Sigma leaves the following open; here it is so: an event that two of the rules match counts for
both; a condition such as `lt: 3` is asked only at events, so nothing matches for want of events; a
number that stands twice in one event counts once; a percentile between two values is interpolated
(as `percentile_cont` of SQL does).
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final, Protocol

from vedette.detection.correlate.chains import ChainLength, OrderedExpression
from vedette.detection.correlate.hits import Hit, number_of
from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledCorrelation,
    Condition,
    CorrelationType,
    Held,
    Not,
    Threshold,
)
from vedette.detection.match.predicates import COMPARISONS

_MEDIAN: Final = 50


class Figure(Protocol):
    """Says over the window that it was given whether the condition holds."""

    def add(self, hit: Hit) -> None:
        """Take a hit into the window."""
        ...

    def remove(self, hit: Hit) -> None:
        """Take a hit out of the window."""
        ...

    def holds(self, start: int) -> bool:
        """Tell whether the condition holds over the window, which begins at `start`."""
        ...


def figure_for(correlation: CompiledCorrelation) -> Figure:
    """Return what asks the condition of a correlation."""
    in_order = correlation.type is CorrelationType.TEMPORAL_ORDERED
    if correlation.expression is not None:
        made = OrderedExpression if in_order else _Expression
        return made(correlation.expression, correlation.rules)
    threshold = correlation.threshold or Threshold(operator="gte", count=len(correlation.rules))
    if in_order:
        return ChainLength(len(correlation.rules), _Compared(threshold))
    return _FIGURES[correlation.type](_Compared(threshold), threshold)


class _Compared:
    """Compares a figure with a threshold."""

    def __init__(self, threshold: Threshold) -> None:
        # The functions of `operator` compare fractions as well.
        self._compare: Callable[[Any, Any], bool] = COMPARISONS[threshold.operator]
        self._count = Fraction(threshold.count)

    def __call__(self, figure: Fraction | int) -> bool:
        return self._compare(figure, self._count)


class _Distinct:
    """Counts what is distinct among the hits of the window: events, values or rules."""

    def __init__(self, compared: _Compared, key: Callable[[Hit], bytes | int]) -> None:
        self._compared = compared
        self._key = key
        self._present: Counter[bytes | int] = Counter()

    def add(self, hit: Hit) -> None:
        self._present[self._key(hit)] += 1

    def remove(self, hit: Hit) -> None:
        key = self._key(hit)
        self._present[key] -= 1
        if not self._present[key]:
            del self._present[key]

    def holds(self, start: int) -> bool:  # noqa: ARG002 - the window holds all it needs
        return self._compared(len(self._present))


class _Measured:
    """Keeps the numbers of the window: each number of an event once."""

    def __init__(self, compared: _Compared) -> None:
        self.compared = compared
        self._present: Counter[tuple[bytes, bytes]] = Counter()

    def add(self, hit: Hit) -> None:
        self._present[hit.event, hit.value] += 1
        if self._present[hit.event, hit.value] == 1:
            self.enter(number_of(hit.value))

    def remove(self, hit: Hit) -> None:
        self._present[hit.event, hit.value] -= 1
        if not self._present[hit.event, hit.value]:
            del self._present[hit.event, hit.value]
            self.leave(number_of(hit.value))

    def enter(self, number: float) -> None:
        raise NotImplementedError

    def leave(self, number: float) -> None:
        raise NotImplementedError


class _Total(_Measured):
    """Sums up or averages; fractions make it exact, so that no order of events changes it."""

    def __init__(self, compared: _Compared, *, is_average: bool) -> None:
        super().__init__(compared)
        self._is_average = is_average
        self._sum = Fraction()
        self._count = 0

    def enter(self, number: float) -> None:
        self._sum += Fraction(number)
        self._count += 1

    def leave(self, number: float) -> None:
        self._sum -= Fraction(number)
        self._count -= 1

    def holds(self, start: int) -> bool:  # noqa: ARG002 - the window holds all it needs
        return self.compared(self._sum / self._count if self._is_average else self._sum)


class _Percentile(_Measured):
    """Keeps the numbers sorted and interpolates between the two nearest ranks."""

    def __init__(self, compared: _Compared, percentile: int) -> None:
        super().__init__(compared)
        self._percentile = percentile
        self._numbers: list[float] = []

    def enter(self, number: float) -> None:
        insort(self._numbers, number)

    def leave(self, number: float) -> None:
        del self._numbers[bisect_left(self._numbers, number)]

    def holds(self, start: int) -> bool:  # noqa: ARG002 - the window holds all it needs
        return self.compared(percentile_of(self._numbers, self._percentile))


def percentile_of(ordered: Sequence[float], percentile: int) -> Fraction:
    """Interpolate a percentile of numbers that are sorted; there must be at least one."""
    rank = Fraction((len(ordered) - 1) * percentile, 100)
    below = int(rank)
    above = min(below + 1, len(ordered) - 1)
    low, high = Fraction(ordered[below]), Fraction(ordered[above])
    return low + (high - low) * (rank - below)


class _Expression:
    """Asks a boolean expression of which rules matched in the window."""

    def __init__(self, expression: Condition, rules: Sequence[str]) -> None:
        self._expression = expression
        self._rules = rules
        self._present: Counter[str] = Counter()

    def add(self, hit: Hit) -> None:
        self._present[self._rules[hit.source]] += 1

    def remove(self, hit: Hit) -> None:
        self._present[self._rules[hit.source]] -= 1

    def holds(self, start: int) -> bool:  # noqa: ARG002 - the window holds all it needs
        return _true(self._expression, self._present)


def _true(expression: Condition, present: Counter[str]) -> bool:
    match expression:
        case AllOf(parts):
            return all(_true(part, present) for part in parts)
        case AnyOf(parts):
            return any(_true(part, present) for part in parts)
        case Not(part):
            return not _true(part, present)
        case Held(rule):
            return present[rule] > 0
        case _:
            raise TypeError(f"a correlation's condition holds no {type(expression).__name__}")


_FIGURES: Final[dict[CorrelationType, Callable[["_Compared", Threshold], Figure]]] = {
    CorrelationType.EVENT_COUNT: lambda compared, _: _Distinct(compared, lambda hit: hit.event),
    CorrelationType.VALUE_COUNT: lambda compared, _: _Distinct(compared, lambda hit: hit.value),
    CorrelationType.TEMPORAL: lambda compared, _: _Distinct(compared, lambda hit: hit.source),
    CorrelationType.VALUE_SUM: lambda compared, _: _Total(compared, is_average=False),
    CorrelationType.VALUE_AVG: lambda compared, _: _Total(compared, is_average=True),
    CorrelationType.VALUE_MEDIAN: lambda compared, _: _Percentile(compared, _MEDIAN),
    CorrelationType.VALUE_PERCENTILE: lambda compared, threshold: _Percentile(
        compared, threshold.percentile if threshold.percentile is not None else _MEDIAN
    ),
}
