"""Compiles the rules that the bench hunts by: those shipped, four times as many, a noisy one."""

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from vedette.configuration.loader import load_configuration
from vedette.detection.ir import (
    AllOf,
    AnyOf,
    CompiledRule,
    CompiledRules,
    Condition,
    Not,
    Text,
    inlined,
    to_json,
)
from vedette.findings.severity import Severity
from vedette.operations.hunt_rules import RuleChoice, load_hunt_rules

TIMES = 4
NOISY = CompiledRule(
    id="bench/role_called",
    title="A role called",
    level=Severity.LOW,
    condition=Text("userIdentity.type", "is", ("AssumedRole",)),
    selections={},
)
EMPTY = "version: 1\n"


def write_rule_sets(folder: Path) -> Mapping[str, int]:
    """Write the sets as `rules.json`, `four_times.json` and `noisy.json`; return their sizes."""
    configuration = folder / "vedette.yml"
    configuration.write_text(EMPTY, encoding="utf-8")
    shipped = load_hunt_rules(RuleChoice(), load_configuration(configuration)).compiled
    more = tuple(_copy(rule, number) for number in range(1, TIMES) for rule in shipped.rules)
    sets = {
        "rules.json": shipped,
        "four_times.json": replace(shipped, rules=shipped.rules + more),
        "noisy.json": replace(shipped, rules=(*shipped.rules, NOISY)),
    }
    for name, compiled in sets.items():
        (folder / name).write_bytes(to_json(compiled))
    return {name.removesuffix(".json"): _size(compiled) for name, compiled in sets.items()}


def _size(compiled: CompiledRules) -> int:
    return len(compiled.rules) + len(compiled.correlations)


def _copy(rule: CompiledRule, number: int) -> CompiledRule:
    """Make a rule of the same form that asks for other names of events."""
    condition = _renamed(inlined(rule.condition, rule.selections), f"Of{number}")
    return replace(
        rule, id=f"{rule.id}_{number}", condition=condition, selections={}, feeds=(), alerts=True
    )


def _renamed(condition: Condition, suffix: str) -> Condition:
    match condition:
        case AllOf(parts):
            return AllOf(tuple(_renamed(part, suffix) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_renamed(part, suffix) for part in parts))
        case Not(part):
            return Not(_renamed(part, suffix))
        case Text(values=values):
            return replace(condition, values=tuple(f"{value}{suffix}" for value in values))
        case _:
            return condition
