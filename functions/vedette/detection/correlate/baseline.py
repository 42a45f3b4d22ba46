"""What `vedette hunt --learn` writes: which values are known, learned from old logs."""

from collections.abc import Mapping
from typing import Final

import msgspec

from vedette.detection.correlate.batch import Batch
from vedette.detection.correlate.hits import NO_VALUE, Hit, pack, unpack
from vedette.detection.correlate.memory import LEARNED, FirstSeen, Observation, thinned
from vedette.detection.correlate.plan import Node, Plan
from vedette.detection.correlate.store import GroupKey
from vedette.resources.errors import UserError

FORMAT: Final = 1
_NO_EVENT: Final = bytes(16)
_NO_HITS: Final[frozenset[bytes]] = frozenset()


class BaselineError(UserError):
    """The file is no baseline that this version can read."""


class LearnedGroup(msgspec.Struct, frozen=True, array_like=True):
    """One combination of values, and the times that matter at which it occurred."""

    values: tuple[str, ...]
    times: tuple[int, ...]


class LearnedRule(msgspec.Struct, frozen=True):
    """What was learned for one rule, whose settings were these then."""

    fields: tuple[str, ...]
    look_back: int
    groups: tuple[LearnedGroup, ...]


class _File(msgspec.Struct, frozen=True, omit_defaults=True):
    format: int
    since: int | None = None
    until: int | None = None
    rules: dict[str, LearnedRule] = {}


class Baseline:
    """The values that rules with `first_seen` know, and over which time they were learned."""

    def __init__(
        self,
        rules: Mapping[str, LearnedRule] | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> None:
        self.rules = dict(rules or {})
        self.since = since
        self.until = until
        self._times = {
            (rule, group.values): group.times
            for rule, learned in self.rules.items()
            for group in learned.groups
        }

    def hits(self, rule: str, group: GroupKey) -> frozenset[bytes]:
        """Return the hits of a group that were learned."""
        times = self._times.get((rule, group))
        if times is None:
            return _NO_HITS
        return frozenset(pack(Hit(time, LEARNED, _NO_EVENT, NO_VALUE)) for time in times)

    def observation(self, rule: str, since: int | None) -> Observation:
        """Return over which time a rule has observed events, if the run begins at `since`."""
        if rule not in self.rules:
            return Observation(since=since)
        return Observation(since=since, learned_from=self.since, learned_until=self.until)

    def fitting(self, plan: Plan) -> tuple["Baseline", list[str]]:
        """Leave out what was learned for rules that have changed since, and say which."""
        nodes = {node.id: node for node in plan.nodes}
        fitting = {
            rule: learned for rule, learned in self.rules.items() if _fits(nodes.get(rule), learned)
        }
        said = [
            f"The baseline was learned for other settings of {rule}; learn again."
            for rule in self.rules
            if rule in nodes and rule not in fitting
        ]
        return Baseline(fitting, self.since, self.until), said


def learned(plan: Plan, batch: Batch, before: Baseline | None = None) -> Baseline:
    """Return what a batch of events teaches, on top of what was known before."""
    known = before or Baseline()
    rules = {
        node.id: _learned_rule(place, node, batch, known)
        for place, node in enumerate(plan.nodes)
        if isinstance(node.memory, FirstSeen)
    }
    ends = [
        time for time in (known.since, batch.since, known.until, batch.until) if time is not None
    ]
    return Baseline(rules, min(ends, default=None), max(ends, default=None))


def _learned_rule(place: int, node: Node, batch: Batch, known: Baseline) -> LearnedRule:
    look_back = node.memory.look_back if isinstance(node.memory, FirstSeen) else 0
    times: dict[GroupKey, set[int]] = {}
    for values, group in batch.groups.get(place, {}).items():
        times[values] = {unpack(one).time for one in group.packed()}
    before = known.rules.get(node.id)
    for group_before in before.groups if before is not None else ():
        times.setdefault(group_before.values, set()).update(group_before.times)
    groups = (
        LearnedGroup(values, tuple(thinned(some, look_back)))
        for values, some in sorted(times.items())
    )
    return LearnedRule(fields=node.group_by, look_back=look_back, groups=tuple(groups))


def to_json(baseline: Baseline) -> bytes:
    """Write a baseline as JSON; the same baseline gives the same bytes."""
    file = _File(FORMAT, baseline.since, baseline.until, baseline.rules)
    return msgspec.json.encode(file, order="deterministic")


def from_json(text: bytes) -> Baseline:
    """Read a baseline. Raises BaselineError for anything that is none."""
    try:
        file = msgspec.json.decode(text, type=_File)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BaselineError(f"this is not a baseline of `hunt --learn` ({error})") from error
    if file.format != FORMAT:
        raise BaselineError(f"the baseline is in format {file.format}, not {FORMAT}; learn again")
    return Baseline(file.rules, file.since, file.until)


def _fits(node: Node | None, learned_rule: LearnedRule) -> bool:
    return (
        node is not None
        and isinstance(node.memory, FirstSeen)
        and node.group_by == learned_rule.fields
        and node.memory.look_back <= learned_rule.look_back
    )
