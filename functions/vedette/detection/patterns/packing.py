"""Packs boxes into the few patterns that EventBridge has room for.

Every pattern asks that the event be AWS's own (`source`) and CloudTrail's (`detail-type`, whose
spelling for sign-ins differs between AWS's pages).

Source: Amazon EventBridge User Guide, "Amazon EventBridge quotas" and "Receiving events from AWS
services through AWS CloudTrail".
"""

import json
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from vedette.detection.patterns.boxes import Box
from vedette.detection.patterns.widening import wider_and_wider

LONGEST_PATTERN: Final = 2_048
FROM_AWS: Final = ({"prefix": "aws."},)
FROM_CLOUDTRAIL: Final = ({"suffix": " via CloudTrail"},)
LONGEST_QUESTION: Final = 800


def pattern_text(pattern: Mapping[str, Any]) -> str:
    """Return a pattern as the compact JSON that counts against the limit."""
    return json.dumps(pattern, separators=(",", ":"), ensure_ascii=True)


def packed(boxes: Iterable[Box], most: int) -> list[dict[str, Any]]:
    """Return at most `most` patterns that let through all that is in the boxes.

    Boxes that do not fit are widened until they do. Raises ValueError for `most` below 1.
    """
    if most < 1:
        raise ValueError("there is no room for a pattern")
    for attempt in wider_and_wider([_bounded(box) for box in boxes]):
        patterns = list(_filled(attempt))
        if len(patterns) <= most:
            return patterns
    return [_pattern([{}])]


def _bounded(box: Box) -> Box:
    """Leave out of a box what is too long for any pattern."""
    short = {
        name: asked
        for name, asked in box.asked.items()
        if all(len(one) <= LONGEST_QUESTION for one in asked)
    }
    return replace(box, asked=short)


def _filled(boxes: Iterable[Box]) -> Iterator[dict[str, Any]]:
    """Fill one pattern after the other; what does not fit goes on in the next one."""
    taken: list[dict[str, Any]] = []
    waiting = deque(boxes)
    while waiting:
        box = waiting.popleft()
        piece, rest = _cut(box, taken)
        if piece is not None:
            taken.append(_detail(piece))
        if rest is not None:
            waiting.appendleft(rest)
            if taken:
                yield _pattern(taken)
            taken = []
    if taken:
        yield _pattern(taken)


def _cut(box: Box, taken: Sequence[dict[str, Any]]) -> tuple[Box | None, Box | None]:
    """Cut a box along its longest list into what fits beside the details taken, and the rest."""
    if _fits(box, taken):
        return box, None
    name = max(box.asked, key=lambda one: (sum(map(len, box.asked[one])), one))
    asked = sorted(box.asked[name])
    counts = range(1, len(asked))
    # The pattern grows with every question, so the first that does not fit is found by halving.
    fitting = bisect_right(
        counts, 0, key=lambda n: 0 if _fits(_with(box, name, asked[:n]), taken) else 1
    )
    if fitting:
        return _with(box, name, asked[:fitting]), _with(box, name, asked[fitting:])
    if taken:
        return None, box
    # Not even one question of each field fits: a field less lets through more.
    return None, replace(box, asked={one: box.asked[one] for one in box.asked if one != name})


def _with(box: Box, name: str, asked: Sequence[str]) -> Box:
    return replace(box, asked={**box.asked, name: frozenset(asked)})


def _fits(box: Box, taken: Sequence[dict[str, Any]]) -> bool:
    return len(pattern_text(_pattern([*taken, _detail(box)]))) <= LONGEST_PATTERN


def _detail(box: Box) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    for name in sorted(box.asked):
        *way, last = name.split(".")
        below = detail
        for one in way:
            below = below.setdefault(one, {})
        below[last] = [json.loads(one) for one in sorted(box.asked[name])]
    if box.read_only == {True}:
        detail["readOnly"] = [True, "true"]
    return detail


def _pattern(details: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    pattern: dict[str, Any] = {"source": list(FROM_AWS), "detail-type": list(FROM_CLOUDTRAIL)}
    if not all(details):
        return pattern
    pattern["detail"] = details[0] if len(details) == 1 else _either(details)
    return pattern


def _either(details: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what lets through any of several details; what all of them ask is said once."""
    first, *others = details
    shared = {
        name: asked
        for name, asked in first.items()
        if all(one.get(name) == asked for one in others)
    }
    rest = [{name: one[name] for name in one if name not in shared} for one in details]
    return {**shared, "$or": rest} if all(rest) else shared
