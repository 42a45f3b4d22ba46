"""Tells the matches of rules with memory: what several events together amount to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from vedette.detection.correlate.correlator import MemoryMatch
from vedette.detection.event.record import joint_outcome
from vedette.detection.ir import CompiledCorrelation, CompiledRule, CompiledRules
from vedette.detection.never_quiet import never_quieted
from vedette.findings.match import Match, TracedMatch
from vedette.operations.hunt_sightings import Described, RuleTelling, Seen, shortened, time_text

_MOST_LINKS: Final = 100


def tellings_of(compiled: CompiledRules) -> dict[str, RuleTelling]:
    """Return the telling of every rule and correlation, by id."""
    places = {rule.id: place for place, rule in enumerate(compiled.rules)}
    below = {one.id: one.rules for one in compiled.correlations}
    every: tuple[CompiledRule | CompiledCorrelation, ...] = (
        *compiled.rules,
        *compiled.correlations,
    )
    return {one.id: RuleTelling(one, frozenset(_counted(one.id, places, below))) for one in every}


def _counted(
    rule: str, places: Mapping[str, int], below: Mapping[str, Sequence[str]]
) -> Iterator[int]:
    if rule in places:
        yield places[rule]
    # The compiler has seen to it that no chain of correlations is a ring.
    for one in below.get(rule, ()):
        yield from _counted(one, places, below)


def memory_match(telling: RuleTelling, found: MemoryMatch) -> TracedMatch:
    """Return the match of a rule with memory; what describes it comes from the event that made it.

    `found.trigger` and `found.details` are what was kept of the events that took part.
    """
    trigger: Seen | None = found.trigger
    details: Iterable[Seen] = found.details
    rule = telling.rule
    group = {name: shortened(value) or "" for name, value in found.group}
    described = _described(trigger, found)
    every = [one for one in (trigger, *details) if one is not None]
    outcome = joint_outcome(one.described.outcome for one in every)
    quieted_by = _quieted_by(rule.tags, [one.quieted_by(telling.counted) for one in every])
    match = Match(
        rule=rule.id,
        sigma_id=rule.sigma_id,
        title=rule.title,
        severity=telling.severity(outcome, quieted=bool(quieted_by)),
        time=time_text(found.time),
        tags=rule.tags,
        quieted_by=quieted_by,
        outcome=outcome,
        event_ids=found.event_ids,
        event_count=found.event_count,
        until=time_text(found.until),
        group=group,
        **described,
    )
    return TracedMatch(
        match=match,
        second=found.time,
        key=trigger.key if trigger else None,
        touched=_united(one.touched for one in every),
        repeats="\0".join((rule.id, *(value for _, value in found.group))),
        window=telling.window,
    )


def _quieted_by(tags: Sequence[str], quieted: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Several events are excluded if every one of them is, unless nothing may quiet the rule."""
    if never_quieted(tags):
        return ()
    return tuple(sorted({name for names in quieted for name in names})) if all(quieted) else ()


_DESCRIBING: Final = tuple(one for one in Described.__struct_fields__ if one != "outcome")


def _described(trigger: Seen | None, found: MemoryMatch) -> dict[str, Any]:
    if trigger is not None:
        described = {name: getattr(trigger.described, name) for name in _DESCRIBING}
        return described | {"event_id": found.trigger_id, "file": trigger.file}
    grouped = dict(found.group)
    last = found.event_ids[-1] if found.event_ids else None
    known = {
        "event_id": last,
        "principal": grouped.get("vedette.principal") or grouped.get("userIdentity.arn"),
        "account": grouped.get("recipientAccountId"),
        "source_ip": grouped.get("sourceIPAddress"),
    }
    return dict.fromkeys(_DESCRIBING) | {"file": None} | known


def _united(texts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for several in texts for one in several))[:_MOST_LINKS]
