"""Replays one event: which rules match it and why, and which nearly do."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from vedette.configuration.loader import load_configuration
from vedette.detection.derive.fields import derivations
from vedette.detection.event.files import read_file
from vedette.detection.event.records import records
from vedette.detection.extensions import parsed
from vedette.detection.ir import CompiledRule, CompiledRules
from vedette.detection.match.explain import Explanation, explain
from vedette.detection.match.naive import quieting
from vedette.detection.match.reading import Derivations, Record
from vedette.findings.match import Match
from vedette.operations.hunt_rules import HuntRules, RuleChoice, load_hunt_rules
from vedette.operations.hunt_sightings import EventTelling, RuleTelling
from vedette.operations.rules_in_force import derived_names
from vedette.operations.usage import UsageError

MOST_EVENTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedRule:
    """A rule that matches the event. `memory` says what else it takes before the rule reports."""

    match: Match
    held: tuple[str, ...]
    memory: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A rule that would have matched, had one thing been different."""

    rule: str
    title: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedEvent:
    """What the rules make of one event; `derived` gives the derived fields that it has."""

    name: str
    event_id: str
    matched: tuple[ReplayedRule, ...]
    nearly: tuple[NearMiss, ...]
    derived: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What became of all events of a file, and what could not be looked at."""

    events: tuple[ReplayedEvent, ...]
    rules: HuntRules
    problems: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Tell whether everything could be looked at, by all rules."""
        return not self.problems and not self.rules.refused


def replay(path: Path, choice: RuleChoice, configuration: Path | None = None) -> Replay:
    """Replay the events of a file, one or a few.

    Raises UsageError if there is none, or more than a hundred: that is what a hunt is for.
    """
    problems: list[str] = []
    content = read_file(path)
    if content.problem is not None:
        problems.append(content.problem)
    found = list(records(content, problems.append))
    if not found:
        raise UsageError(f"{path}: {problems[0] if problems else 'there is no event in it'}.")
    if len(found) > MOST_EVENTS:
        raise UsageError(f"{path} has {len(found):,} events. To go through many: vedette hunt")
    rules = load_hunt_rules(choice, load_configuration(configuration))
    known = derivations(derived_names(rules.compiled), rules.world.settings())
    events = tuple(_replayed(record, str(path), rules.compiled, known) for record in found)
    return Replay(events=events, rules=rules, problems=tuple(problems))


def _replayed(
    record: Record, path: str, compiled: CompiledRules, known: Derivations
) -> ReplayedEvent:
    event = EventTelling(record, path, known)
    explained = [(rule, explain(rule, record, known)) for rule in compiled.rules]
    exclusions = {one.id: one for one in compiled.exclusions}
    matched = tuple(
        ReplayedRule(
            match=event.match(RuleTelling(rule), quieting(rule, exclusions, record, known)),
            held=_held(why),
            memory=_memory(rule),
        )
        for rule, why in explained
        if why.matched
    )
    derived = {name: derive(record) for name, derive in sorted(known.items())}
    return ReplayedEvent(
        name=str(record.get("eventName") or "an event without a name"),
        event_id=event.event_id,
        matched=matched,
        nearly=tuple(_near_miss(rule, why) for rule, why in explained if _is_near(why)),
        derived={name: value for name, value in derived.items() if value is not None},
    )


def to_json(replayed: Replay) -> str:
    """Return a replay as JSON text."""
    written = [_as_json(one) for one in replayed.events]
    problems = list(replayed.problems)
    report = {
        "events": written,
        "problems": problems,
        "dark": dict(replayed.rules.dark),
        "refused": list(map(str, replayed.rules.refused)),
    }
    return json.dumps(msgspec.to_builtins(report), indent=2)


def _as_json(event: ReplayedEvent) -> dict[str, Any]:
    return {
        "event_name": event.name,
        "event_id": event.event_id,
        "derived": event.derived,
        "matched": [
            {"match": one.match, "held": one.held, "memory": one.memory} for one in event.matched
        ],
        "nearly": [
            {"rule": one.rule, "title": one.title, "missing": one.missing} for one in event.nearly
        ],
    }


def _held(why: Explanation) -> tuple[str, ...]:
    return tuple(one.name for one in why.selections if one.held)


def _is_near(why: Explanation) -> bool:
    """A rule is near only if a selection held: else any rule of one question would be."""
    return why.nearly and any(one.held for one in why.selections)


def _near_miss(rule: CompiledRule, why: Explanation) -> NearMiss:
    return NearMiss(rule=rule.id, title=rule.title, missing=str(why.missing[0]))


def _memory(rule: CompiledRule) -> str | None:
    extension = parsed(rule.extension)
    if extension.first_seen:
        fields = ", ".join(extension.first_seen.fields)
        return f"reported only if {fields} was not seen within {extension.first_seen.look_back}"
    if extension.impossible_travel:
        return "reported only if the principal was too far away just before"
    if rule.feeds:
        return f"counted by {', '.join(rule.feeds)}" + (
            "" if rule.alerts else ", and not reported by itself"
        )
    return None
