"""Decides programs by the decoded members of a record, so that few records are parsed."""

from typing import Any

import msgspec
import orjson
from msgspec import UNSET

from vedette.detection.match.classes import LONGEST_VALUE
from vedette.detection.match.columns import PARAMETERS, HotRecord, Limits
from vedette.detection.match.programs import Program, RuleHit, run


class Decider:
    """Decides programs, and remembers what it decided where that hangs on few values."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.decisions
        self._memory: dict[tuple[Any, ...], tuple[RuleHit, ...] | None] = {}

    def rules(self, program: Program, decoded: HotRecord) -> tuple[RuleHit, ...] | None:
        """Return the rules that match a record; None if that takes the whole record."""
        if program.reads is None:
            return None
        values = tuple(map(_value, (getattr(decoded, name) for name in program.reads)))
        if PARAMETERS in program.reads:
            return self._looked_at(program, decoded, values)
        key = (program, *values)
        if key not in self._memory:
            if len(self._memory) >= self._limit:
                self._memory.clear()
            rules = _decided(program, values)
            if any(isinstance(one, str | bytes) and len(one) > LONGEST_VALUE for one in values):
                return rules
            self._memory[key] = rules
        return self._memory[key]

    def _looked_at(
        self, program: Program, decoded: HotRecord, values: tuple[Any, ...]
    ) -> tuple[RuleHit, ...] | None:
        parameters = _value(decoded.requestParameters)
        name = decoded.eventName if isinstance(decoded.eventName, str) else None
        for step in program.steps:
            if all(glance(name, parameters) for glance in step.glances):
                return _decided(program, values)
        return ()


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


def _value(member: Any) -> Any:
    """Make something of a member that can be remembered."""
    return b"".join((member,)) if type(member) is msgspec.Raw else member
