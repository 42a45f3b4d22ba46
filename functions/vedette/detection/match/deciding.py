"""Decides programs by the decoded members of a record, so that few records are parsed."""

from typing import Any

import msgspec
import orjson
from msgspec import UNSET

from vedette.detection.match.classes import LONGEST_VALUE
from vedette.detection.match.columns import HotRecord, Limits
from vedette.detection.match.programs import Program, RuleHit, run
from vedette.detection.match.reading import ANSWER, PARAMETERS


class Decider:
    """Decides programs, and remembers what it decided where that hangs on few values."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.decisions
        self._memory: dict[tuple[Any, ...], tuple[RuleHit, ...] | None] = {}

    def rules(self, program: Program, decoded: HotRecord) -> tuple[RuleHit, ...] | None:
        """Return the rules that match a record; None if that takes the whole record."""
        if program.decided is not None:
            return program.decided
        if program.reads is None:
            return None
        if PARAMETERS in program.reads or ANSWER in program.reads:
            # They are hardly ever the same again.
            return _decided(program, _values(program, decoded))
        return self._remembered(program, _values(program, decoded))

    def _remembered(self, program: Program, values: tuple[Any, ...]) -> tuple[RuleHit, ...] | None:
        key = (program, *values)
        if key in self._memory:
            return self._memory[key]
        rules = _decided(program, values)
        if all(len(one) <= LONGEST_VALUE for one in values if isinstance(one, str | bytes)):
            if len(self._memory) >= self._limit:
                self._memory.clear()
            self._memory[key] = rules
        return rules


def narrowed(program: Program, decoded: HotRecord) -> Program | None:
    """Return what is left of a program at a glance at a record, if anything is."""
    name = decoded.eventName
    parameters = b"".join((decoded.requestParameters,))
    return program.narrowed(name if type(name) is str else None, parameters)


def _decided(program: Program, values: tuple[Any, ...]) -> tuple[RuleHit, ...] | None:
    record = {}
    for name, value in zip(program.reads or (), values, strict=True):
        if isinstance(value, bytes):
            if value:
                try:
                    record[name] = orjson.loads(value)
                except orjson.JSONDecodeError:
                    return None
        elif value is not UNSET:
            record[name] = value
    return run(program, record)


def _values(program: Program, decoded: HotRecord) -> tuple[Any, ...]:
    """Return what stands in the members that a program reads; objects as JSON."""
    members = [getattr(decoded, name) for name in program.reads or ()]
    return tuple(b"".join((one,)) if type(one) is msgspec.Raw else one for one in members)
