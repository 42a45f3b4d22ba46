"""CloudWatch Logs filter patterns for JSON events: read into an expression, then evaluated.

Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax", JSON log events. Order of
operations is parentheses, then `&&`, then `||`. A condition on a property that an event lacks, or
that holds an object or an array, does not match, not even `!=`; only NOT EXISTS does.

Whoever may write a filter chose its pattern, so it is bounded, read in one pass and evaluated
without recursion. What the guide leaves open, or what is a regular expression, is None: undecided.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vedette.resources.policy.matching import glob_matches
from vedette.resources.three_valued import Truth, all_of, any_of, negated

PATTERN_LIMIT = 1024
"""The longest pattern that PutMetricFilter takes, in characters."""

AND, OR, OPEN, CLOSE = "&&", "||", "(", ")"
_PRECEDENCE = {OR: 1, AND: 2}
_PROPERTY = r"\.(?:[A-Za-z0-9_-]+|\*)|\[(?:\d{1,9}|\*)\]"
_STEP = re.compile(_PROPERTY)
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<connective>&&|\|\||[()])
    |(?P<selector>\$(?:{_PROPERTY})+)
        \s*(?:
            (?P<keyword>IS\s+NULL|IS\s+TRUE|IS\s+FALSE|NOT\s+EXISTS)\b
            |(?P<operator>!=|<=|>=|=|<|>)
                \s*(?:
                    "(?P<quoted>(?:[^"\\]|\\.)*)"
                    |%(?P<regex>[^%]*)%
                    |(?P<bare>[^\s(){{}}&|="%<>!]+)
                )
        )
    )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")


class FilterPatternError(ValueError):
    """The text is not a filter pattern for JSON events; the message says why."""


class Anything:
    """Stands in a sample event for a part whose content differs from event to event."""


ANYTHING: Final = Anything()
Event = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the steps to a property, and what must hold of the value found there.

    `operator` is a comparison, or a keyword such as `NOT EXISTS`. `value` is a text without quotes;
    None stands for a regular expression.
    """

    steps: tuple[str, ...]
    operator: str
    value: str | None

    def holds(self, event: Event) -> Truth:
        """Tell whether an event meets the condition."""
        nodes = _nodes(event, self.steps)
        if self.operator == "NOT EXISTS":
            return _undecided_or(nodes, not nodes)
        test = _KEYWORDS.get(self.operator, self._compare)
        return any_of(test(node) for node in nodes)

    def _compare(self, node: object) -> Truth:
        if isinstance(node, Anything):
            return self._compare_with_anything()
        if node is None or isinstance(node, Mapping | list):
            return False
        if self.value is None:
            return None
        if self.operator in _ORDER:
            return _in_order(node, self.operator, self.value)
        equal = _equals(node, self.value)
        return equal if self.operator == "=" else negated(equal)

    def _compare_with_anything(self) -> Truth:
        """A demand for one value leaves other events out; an exclusion may or may not strike."""
        is_narrow = self.operator == "=" and self.value not in (None, "*")
        return False if is_narrow or self.operator in _ORDER else None


@dataclass(frozen=True, slots=True)
class FilterExpression:
    """A pattern in postfix order: conditions, each `&&` and `||` behind the two that it joins."""

    steps: tuple[Condition | str, ...]

    def matches(self, event: Event) -> Truth:
        """Tell whether an event matches; None where the documentation does not decide it."""
        stack: list[Truth] = []
        for step in self.steps:
            if isinstance(step, Condition):
                stack.append(step.holds(event))
                continue
            pair = (stack.pop(), stack.pop())
            stack.append(all_of(pair) if step == AND else any_of(pair))
        return stack.pop()


@lru_cache(maxsize=1024)
def parse_filter(pattern: str) -> FilterExpression:
    """Read a pattern. Raises FilterPatternError if it is not one for JSON events."""
    text = pattern.strip()
    if len(pattern) > PATTERN_LIMIT:
        raise FilterPatternError(f"it has more than {PATTERN_LIMIT:,} characters")
    if not (text.startswith("{") and text.endswith("}")):
        raise FilterPatternError("it does not stand in braces, as patterns for JSON events do")
    return FilterExpression(tuple(_postfix(_tokens(text[1:-1]))))


def _tokens(text: str) -> list[Condition | str]:
    tokens: list[Condition | str] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise FilterPatternError(
                f"it cannot be read from {text[position : position + 20]!r} on"
            )
        tokens.append(match["connective"] or _condition(match))
        position = match.end()
    return tokens


def _condition(match: re.Match[str]) -> Condition:
    steps = tuple(_STEP.findall(match["selector"]))
    if match["keyword"]:
        return Condition(steps, " ".join(match["keyword"].split()), "")
    quoted = match["quoted"]
    value = match["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return Condition(steps, match["operator"], value)


def _postfix(tokens: Sequence[Condition | str]) -> list[Condition | str]:
    """Order by precedence (Dijkstra's shunting yard), refusing what is out of place."""
    output: list[Condition | str] = []
    waiting: list[str] = []
    after_operand = False
    for token in tokens:
        if after_operand is (isinstance(token, Condition) or token == OPEN):
            raise FilterPatternError("its conditions are not joined by && and ||")
        after_operand = isinstance(token, Condition) or token == CLOSE
        if isinstance(token, Condition):
            output.append(token)
        else:
            _place(token, waiting, output)
    if OPEN in waiting or not after_operand:
        raise FilterPatternError("it ends too early")
    return output + waiting[::-1]


def _place(token: str, waiting: list[str], output: list[Condition | str]) -> None:
    if token == OPEN:
        waiting.append(token)
        return
    least = _PRECEDENCE.get(token, 0)
    while waiting and waiting[-1] != OPEN and _PRECEDENCE[waiting[-1]] >= least:
        output.append(waiting.pop())
    if token != CLOSE:
        waiting.append(token)
    elif not waiting:
        raise FilterPatternError("it closes a parenthesis that was not opened")
    else:
        waiting.pop()


def _nodes(event: Event, steps: tuple[str, ...]) -> list[object]:
    """Return what stands at the end of a path; `*` takes every branch."""
    nodes: list[object] = [event]
    for step in steps:
        nodes = [found for node in nodes for found in _children(node, step)]
    return nodes


def _children(node: object, step: str) -> list[object]:
    if isinstance(node, Anything):
        return [node]
    name = step.strip(".[]")
    if step.startswith(".") and isinstance(node, Mapping):
        return list(node.values()) if name == "*" else [node[name]] if name in node else []
    if step.startswith("[") and isinstance(node, list):
        return list(node) if name == "*" else node[int(name) : int(name) + 1]
    return []


def _undecided_or(nodes: Sequence[object], decided: bool) -> Truth:
    return None if any(isinstance(node, Anything) for node in nodes) else decided


def _is(wanted: object) -> Callable[[object], Truth]:
    return lambda node: _undecided_or([node], node is wanted)


_KEYWORDS = {"IS NULL": _is(None), "IS TRUE": _is(True), "IS FALSE": _is(False)}
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
    "<=": lambda one, other: one <= other,
    ">=": lambda one, other: one >= other,
}


def _in_order(node: object, operator: str, value: str) -> bool:
    is_number = isinstance(node, int | float) and not isinstance(node, bool)
    if not is_number or not _NUMBER.fullmatch(value):
        return False
    return _ORDER[operator](float(str(node)), float(value))


def _equals(node: object, value: str) -> Truth:
    """Compare as the guide does: a `*` at either end is a wildcard.

    Whether a `*` in the middle is one, the guide has told differently over the years.
    """
    text = str(node).lower() if isinstance(node, bool) else str(node)
    if _NUMBER.fullmatch(text) and _NUMBER.fullmatch(value):
        return float(text) == float(value)
    middle = value.strip("*")
    if "*" in middle and text != value:
        return None if glob_matches(value, text) else False
    return _at_the_ends(text, middle, (value.startswith("*"), value.endswith("*")))


def _at_the_ends(text: str, middle: str, open_ends: tuple[bool, bool]) -> bool:
    match open_ends:
        case (True, True):
            return middle in text
        case (True, False):
            return text.endswith(middle)
        case (False, True):
            return text.startswith(middle)
    return text == middle
