"""Which rules have a memory, what feeds which, and which fields of an event each one needs.

A node is a correlation, or a rule that has `first_seen` or `impossible_travel`. It is fed by events
that a rule matches, or by the episodes of other nodes (a chain). Sigma lets a correlation group by
fields that the one below it does not know, so a hit carries what the nodes above will ask of the
event.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from graphlib import TopologicalSorter
from typing import Final

from vedette.detection.correlate.chains import MOST_RULES
from vedette.detection.correlate.hits import Hit
from vedette.detection.correlate.memory import FirstSeen, ImpossibleTravel, Observation
from vedette.detection.correlate.windows import Episode, episodes
from vedette.detection.extensions import parsed, seconds
from vedette.detection.ir import (
    CompiledCorrelation,
    CompiledRule,
    CompiledRules,
    CorrelationType,
    Threshold,
)

PRINCIPAL: Final = "vedette.principal"
COORDINATES: Final = ("vedette.source.latitude", "vedette.source.longitude")
_COUNTED: Final = (CorrelationType.EVENT_COUNT, CorrelationType.VALUE_COUNT)
_TEMPORAL: Final = (CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED)


class ValueKind(Enum):
    """What the value of a hit is."""

    NONE = auto()
    TEXT = auto()
    NUMBER = auto()
    COORDINATES = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A node's place above another one: which of its sources that is, and what it is told.

    What the lower node carries for it is `group` texts, then `values`, then what it carries itself.
    """

    node: "Node"
    source: int

    @property
    def asks(self) -> int:
        """Return of how many texts consists what the lower node carries for it."""
        return len(self.node.group_by) + len(self.node.values) + len(self.node.told())


@dataclass(slots=True, kw_only=True)
class Node:
    """One rule with a memory."""

    id: str
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    values: tuple[str, ...] = ()
    value_kind: ValueKind = ValueKind.NONE
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    timespan: int = 0
    alerts: bool = True
    least: int = 1
    memory: CompiledCorrelation | FirstSeen | ImpossibleTravel
    above: list[Link] = field(default_factory=list)

    @property
    def look_back(self) -> int | None:
        """Return the look-back of a rule with `first_seen`, in seconds."""
        return self.memory.look_back if isinstance(self.memory, FirstSeen) else None

    def named(self, name: str, rule: str) -> str:
        """Return the field that a name means in the events of one of the node's rules."""
        return self.aliases.get(name, {}).get(rule, name)

    def told(self) -> list[str]:
        """Return what the nodes above ask of an event, by names that this node understands."""
        return [
            link.node.named(name, self.id)
            for link in self.above
            for name in (*link.node.group_by, *link.node.values, *link.node.told())
        ]

    def episodes(self, hits: Iterable[Hit], observation: Observation) -> list[Episode]:
        """Find the episodes in the hits of one group."""
        if isinstance(self.memory, CompiledCorrelation):
            return episodes(self.memory, hits)
        return self.memory.episodes(hits, observation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What a node wants of the events that a rule matches: names of fields."""

    node: Node
    source: int
    group: tuple[str, ...]
    values: tuple[str, ...]
    carried: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All nodes, lower ones first, and where the matches of each rule go."""

    nodes: tuple[Node, ...]
    placements: Mapping[str, tuple[Placement, ...]]

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that rules with memory read, besides what conditions read."""
        wanted = (one for several in self.placements.values() for one in several)
        return frozenset(name for one in wanted for name in (*one.group, *one.values, *one.carried))


def plan_of(compiled: CompiledRules) -> Plan:
    """Lay out the rules with memory. The compiler has seen to it that no chain is a ring."""
    nodes = {rule.id: node for rule in compiled.rules if (node := _remembering(rule)) is not None}
    nodes |= {one.id: _correlating(one) for one in compiled.correlations}
    for node in nodes.values():
        for source, rule in enumerate(node.rules):
            if rule in nodes and rule != node.id:
                nodes[rule].above.append(Link(node=node, source=source))
    below = {id_: [rule for rule in one.rules if rule != id_] for id_, one in nodes.items()}
    ordered = [nodes[one] for one in TopologicalSorter(below).static_order() if one in nodes]
    placements: dict[str, list[Placement]] = {}
    for node in ordered:
        for placement in _placements(node, nodes):
            placements.setdefault(placement[0], []).append(placement[1])
    return Plan(tuple(ordered), {rule: tuple(some) for rule, some in placements.items()})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a correlation cannot run as it is meant, and which of its keys that is about."""

    key: str
    reason: str


def refusals(correlation: CompiledCorrelation) -> list[Refusal]:
    """Say what of a correlation cannot run as it is meant."""
    return list(_refusals(correlation))


def _refusals(correlation: CompiledCorrelation) -> Iterator[Refusal]:
    threshold, expression = correlation.threshold, correlation.expression
    if len(set(correlation.rules)) < len(correlation.rules):
        reason = "it names a rule twice; to count the matches of one rule, use event_count"
        yield Refusal("rules", reason)
    in_order = expression is not None and correlation.type is CorrelationType.TEMPORAL_ORDERED
    if in_order and len(correlation.rules) > MOST_RULES:
        reason = f"an expression over rules in order takes up to {MOST_RULES} rules"
        yield Refusal("condition", reason)
    if threshold is not None:
        yield from _refusals_of_threshold(correlation.type, threshold)


def _refusals_of_threshold(kind: CorrelationType, threshold: Threshold) -> Iterator[Refusal]:
    if kind is CorrelationType.VALUE_PERCENTILE and not _is_percentile(threshold):
        reason = "value_percentile needs a percentile from 0 to 100 in its condition"
        yield Refusal("condition", reason)
    if kind in (*_COUNTED, *_TEMPORAL) and _asks_for_nothing(threshold):
        reason = "it asks for the absence of events, which nothing observes: it could never match"
        yield Refusal("condition", reason)


def _is_percentile(threshold: Threshold) -> bool:
    return threshold.percentile is not None and 0 <= threshold.percentile <= 100  # noqa: PLR2004


def _asks_for_nothing(threshold: Threshold) -> bool:
    """Tell whether no number from 1 on fits."""
    limit = {"lt": 1, "lte": 0.999, "eq": 0.999}.get(threshold.operator)
    return limit is not None and threshold.count <= limit


def _remembering(rule: CompiledRule) -> Node | None:
    extension = parsed(rule.extension)
    if extension.first_seen is not None:
        wanted = extension.first_seen
        principal = (PRINCIPAL,) if wanted.principal else ()
        memory = FirstSeen(seconds(wanted.look_back), seconds(wanted.learning))
        group_by = (*principal, *wanted.fields)
        return Node(
            id=rule.id, rules=(rule.id,), group_by=group_by, alerts=rule.alerts, memory=memory
        )
    if extension.impossible_travel is not None:
        travel = extension.impossible_travel
        return Node(
            id=rule.id,
            rules=(rule.id,),
            group_by=(PRINCIPAL,),
            values=COORDINATES,
            value_kind=ValueKind.COORDINATES,
            alerts=rule.alerts,
            least=2,
            memory=ImpossibleTravel(travel.speed_kmh, travel.min_km),
        )
    return None


def _correlating(correlation: CompiledCorrelation) -> Node:
    threshold = correlation.threshold
    values = threshold.fields if threshold is not None else ()
    is_value = correlation.type not in (CorrelationType.EVENT_COUNT, *_TEMPORAL)
    kind = ValueKind.TEXT if correlation.type is CorrelationType.VALUE_COUNT else ValueKind.NUMBER
    return Node(
        id=correlation.id,
        rules=correlation.rules,
        group_by=correlation.group_by,
        values=values if is_value else (),
        value_kind=kind if is_value else ValueKind.NONE,
        aliases=correlation.aliases,
        timespan=correlation.timespan,
        alerts=correlation.alerts,
        least=_least(correlation),
        memory=correlation,
    )


def _least(correlation: CompiledCorrelation) -> int:
    """Return how many hits a group needs at least, so that most groups need no closer look."""
    threshold = correlation.threshold
    if threshold is None or correlation.type not in (*_COUNTED, *_TEMPORAL):
        return 1
    return max(1, int(threshold.count)) if threshold.operator in ("gt", "gte", "eq") else 1


def _placements(node: Node, nodes: Mapping[str, Node]) -> Iterator[tuple[str, Placement]]:
    """Yield what the node wants of each rule whose events feed it and not those of a node."""
    for source, rule in enumerate(node.rules):
        if rule in nodes and rule != node.id:
            continue
        yield (
            rule,
            Placement(
                node=node,
                source=source,
                group=_all_named(node, node.group_by, rule),
                values=_all_named(node, node.values, rule),
                carried=_all_named(node, node.told(), rule),
            ),
        )


def _all_named(node: Node, names: Sequence[str], rule: str) -> tuple[str, ...]:
    return tuple(node.named(name, rule) for name in names)
