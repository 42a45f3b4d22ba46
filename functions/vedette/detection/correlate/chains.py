"""Rules that must match in order within the timespan.

CloudTrail tells time in whole seconds, so the order of events within one second is unknown: there
any order counts. A chain goes through the rules in the order of the correlation; what matters of
a chain is how late it can begin, for it must lie within the window.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

from vedette.detection.correlate.hits import Hit
from vedette.detection.ir import AllOf, AnyOf, Condition, Held, Not

MOST_RULES = 10
_NEVER = -1


class ChainLength:
    """Compares the number of rules that matched in order, each later than the one before."""

    def __init__(self, rules: int, compared: Callable[[Fraction | int], bool]) -> None:
        self._compared = compared
        # By length and last rule: the latest second at which such a chain begins.
        self._starts = [[_NEVER] * rules for _ in range(rules + 1)]

    def add(self, hit: Hit) -> None:
        last = hit.source
        self._starts[1][last] = hit.time
        for length in range(2, last + 2):
            best = max(self._starts[length - 1][:last], default=_NEVER)
            self._starts[length][last] = max(self._starts[length][last], best)

    def remove(self, hit: Hit) -> None:
        """Do nothing: chains that begin too early are left out when asked."""

    def holds(self, start: int) -> bool:
        lengths = (
            length
            for length in range(len(self._starts) - 1, 0, -1)
            if max(self._starts[length]) >= max(start, 0)
        )
        return self._compared(next(lengths, 0))


class OrderedExpression:
    """Asks a boolean expression of the rules in a chain.

    It holds if there is a chain such that the expression is true: a rule in it counts as matched; a
    rule under `not` counts as matched if it did at all in the window.
    """

    def __init__(self, expression: Condition, rules: Sequence[str]) -> None:
        self._expression = expression
        self._bits = {rule: 1 << place for place, rule in enumerate(rules)}
        self._latest = dict.fromkeys(self._bits.values(), _NEVER)
        # By the set of rules in a chain, as bits: the latest second at which it begins.
        self._starts: dict[int, int] = {}

    def add(self, hit: Hit) -> None:
        bit = 1 << hit.source
        self._latest[bit] = hit.time
        longer = {chain | bit: start for chain, start in self._starts.items() if chain < bit}
        for chain, start in longer.items():
            self._starts[chain] = max(self._starts.get(chain, _NEVER), start)
        self._starts[bit] = hit.time

    def remove(self, hit: Hit) -> None:
        """Do nothing: chains that begin too early are left out when asked."""

    def holds(self, start: int) -> bool:
        present = sum(bit for bit, latest in self._latest.items() if latest >= max(start, 0))
        chains = (chain for chain, begin in self._starts.items() if begin >= start)
        return any(self._true(self._expression, chain, present) for chain in (0, *chains))

    def _true(self, expression: Condition, counted: int, other: int) -> bool:
        """Evaluate with rules counted by one set; under `not`, by the other."""
        match expression:
            case AllOf(parts):
                return all(self._true(part, counted, other) for part in parts)
            case AnyOf(parts):
                return any(self._true(part, counted, other) for part in parts)
            case Not(part):
                return not self._true(part, other, counted)
            case Held(rule):
                return bool(self._bits[rule] & counted)
            case _:
                raise TypeError(f"a correlation's condition holds no {type(expression).__name__}")
