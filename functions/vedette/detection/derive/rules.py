"""Makes compiled rules ready to run: lookups joined in, dark rules left out, fields bound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from vedette.detection.correlate.plan import Plan, plan_of
from vedette.detection.derive.analyses import Derivation
from vedette.detection.derive.fields import dark_fields, derivations, derived_field
from vedette.detection.derive.settings import DerivationSettings
from vedette.detection.extensions import parsed
from vedette.detection.ir import (
    CompiledExclusion,
    CompiledRule,
    CompiledRules,
    Condition,
    Text,
    all_of,
    fields_read,
)
from vedette.detection.match.reading import DERIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRules:
    """Rules that can run with these settings, and what they need for it.

    `dark` gives those that cannot, by id, each with the reasons; whoever runs rules says so.
    """

    compiled: CompiledRules
    plan: Plan
    derivations: Mapping[str, Derivation]
    dark: Mapping[str, tuple[str, ...]]


def make_ready(compiled: CompiledRules, settings: DerivationSettings) -> ReadyRules:
    """Make rules ready for a hunt.

    A rule that reads a dark field does not run: its condition could hold just because the field is
    absent. Nor does a correlation over such a rule, nor an exclusion that reads one: it quiets
    nothing.
    """
    joined = msgspec.structs.replace(compiled, rules=tuple(map(with_lookups, compiled.rules)))
    whole = plan_of(joined)
    reasons = dark_fields(derived_fields_read(joined, whole), settings)
    dark = _dark_rules(joined, whole, reasons)
    lit = CompiledRules(
        rules=tuple(rule for rule in joined.rules if rule.id not in dark),
        correlations=tuple(one for one in joined.correlations if one.id not in dark),
        exclusions=tuple(one for one in joined.exclusions if not fields_read(one) & set(reasons)),
    )
    lit = msgspec.structs.replace(lit, rules=tuple(_with_exclusions(lit)))
    plan = plan_of(lit)
    return ReadyRules(
        compiled=lit,
        plan=plan,
        derivations=derivations(derived_fields_read(lit, plan), settings),
        dark=dark,
    )


def with_lookups(rule: CompiledRule) -> CompiledRule:
    """Return the rule with its lookups in its condition; a second time changes nothing."""
    lookups = parsed(rule.extension).lookups
    wanted: list[Condition] = [Text(one.derived_field, "is", ("true",)) for one in lookups]
    return msgspec.structs.replace(rule, condition=all_of(rule.condition, *wanted))


def derived_fields_read(compiled: CompiledRules, plan: Plan) -> frozenset[str]:
    """Return the derived fields that conditions, exclusions and memories read."""
    read = {name for rule in compiled.rules for name in fields_read(rule)}
    read |= {name for exclusion in compiled.exclusions for name in fields_read(exclusion)}
    return frozenset(name for name in read | plan.fields if name.startswith(DERIVED))


def unknown_fields(rule: CompiledRule | CompiledExclusion) -> list[str]:
    """Return the names that a rule reads, that look like derived fields, and that are none."""
    return sorted(
        name
        for name in fields_read(rule)
        if name.startswith(DERIVED) and derived_field(name) is None
    )


def _dark_rules(
    compiled: CompiledRules, plan: Plan, reasons: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the rules that read dark fields, and the correlations that stand on such."""
    read: dict[str, set[str]] = {rule.id: set(fields_read(rule)) for rule in compiled.rules}
    for places in plan.placements.values():
        for place in places:
            wanted = (*place.group, *place.values, *place.carried)
            read.setdefault(place.node.id, set()).update(wanted)
    dark = {rule: _said(fields, reasons) for rule, fields in read.items() if fields & set(reasons)}
    # Lower correlations come first, so darkness is handed up in one go.
    for node in plan.nodes:
        below = [rule for rule in node.rules if rule in dark and rule != node.id]
        if below and node.id not in dark:
            dark[node.id] = tuple(f"{rule} is dark" for rule in below)
    return dark


def _said(fields: Iterable[str], reasons: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}: {reasons[name]}" for name in sorted(fields) if name in reasons)


def _with_exclusions(compiled: CompiledRules) -> Iterable[CompiledRule]:
    """Leave out of the rules the exclusions that are not there."""
    there = {exclusion.id for exclusion in compiled.exclusions}
    for rule in compiled.rules:
        quieted_by = tuple(one for one in rule.quieted_by if one in there)
        yield msgspec.structs.replace(rule, quieted_by=quieted_by)
