"""Loads what a hunt hunts by: the rules that were chosen, without those that cannot see."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from vedette.configuration.cache_folder import cache_folder
from vedette.configuration.content import ContentProblem, content_files
from vedette.configuration.loader import LoadedConfiguration
from vedette.detection.content import KIND, detection_files
from vedette.detection.derive.rules import with_lookups
from vedette.detection.ir import CompiledCorrelation, CompiledRules
from vedette.operations.rule_cache import RuleSet, rule_set
from vedette.operations.rules_in_force import KnownWorld, dark_rules, without
from vedette.operations.usage import UsageError

if TYPE_CHECKING:
    from vedette.detection.catalogue import DetectionCatalogue

EXCLUSIONS: Final = "exclusions"
_PLACEHOLDER: Final = re.compile(r"%([A-Za-z0-9_]+)%")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChoice:
    """Where rules come from, and which of them are wanted (all if none are named).

    With `cached` they are taken from the user's cache if they were compiled before.
    """

    directories: Sequence[Path] = ()
    built_in: bool = True
    rules: Sequence[str] = ()
    cached: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HuntRules:
    """The rules of a hunt. `dark` names those left out since nothing tells what they ask."""

    compiled: CompiledRules
    found: RuleSet
    world: KnownWorld
    dark: Mapping[str, str]

    @property
    def refused(self) -> tuple[ContentProblem, ...]:
        """Return what could not be loaded, with file, line and reason."""
        return self.found.refused

    def count(self) -> int:
        """Return how many rules and correlations run."""
        return len(self.compiled.rules) + len(self.compiled.correlations)


def known_world(loaded: LoadedConfiguration) -> KnownWorld:
    """Return what a configuration tells derived fields."""
    accounts, detection = loaded.configuration.accounts, loaded.configuration.detection
    # In policies, the id of an organization stands where that of an account would.
    organisation = {accounts.organisation} if accounts.organisation else frozenset[str]()
    return KnownWorld(
        own_accounts=frozenset(accounts.own) | organisation,
        trusted_accounts=frozenset(accounts.trusted),
        indicators=dict(detection.indicators),
        places=loaded.beside(detection.geography.places),
        networks=loaded.beside(detection.geography.networks),
    )


def load_catalogue(choice: RuleChoice, loaded: LoadedConfiguration) -> "DetectionCatalogue":
    """Load the detections of all folders. Raises ContentError for a folder that cannot be used."""
    # pySigma is slow to import, and most hunts find their rules compiled.
    from vedette.detection.catalogue import load_detection_rules  # noqa: PLC0415

    return load_detection_rules(
        directories=choice.directories,
        built_in=choice.built_in,
        placeholders=_placeholders(choice, loaded),
    )


def load_rule_set(choice: RuleChoice, loaded: LoadedConfiguration) -> RuleSet:
    """Load the compiled detections of all folders. Raises ContentError as `load_catalogue` does."""

    def compile_all() -> RuleSet:
        catalogue = load_catalogue(choice, loaded)
        return RuleSet(
            compiled=catalogue.compiled,
            refused=catalogue.refused,
            for_other_logs=catalogue.for_other_logs,
        )

    files = detection_files(choice.directories, built_in=choice.built_in)
    settings = repr(sorted(_placeholders(choice, loaded).items())).encode()
    return rule_set(files, settings, cache_folder() if choice.cached else None, compile_all)


def _placeholders(
    choice: RuleChoice, loaded: LoadedConfiguration
) -> dict[str, Sequence[str | int]]:
    shipped = shipped_placeholders() if choice.built_in else frozenset[str]()
    empty: dict[str, Sequence[str | int]] = dict.fromkeys(shipped, ())
    return empty | dict(loaded.configuration.detection.placeholders)


def shipped_placeholders() -> frozenset[str]:
    """Return the placeholders in exclusions of our own: empty until a configuration fills them."""
    return frozenset(
        name
        for file in content_files(f"{KIND}/{EXCLUSIONS}", ".yml")
        for name in _PLACEHOLDER.findall(file.path.read_text(encoding="utf-8"))
    )


def load_hunt_rules(choice: RuleChoice, loaded: LoadedConfiguration) -> HuntRules:
    """Load the rules of a hunt.

    Raises ContentError, GeographyError, and UsageError if a name fits no rule or none is left.
    """
    world = known_world(loaded)
    settings = world.settings()
    found = load_rule_set(choice, loaded)
    disabled = loaded.configuration.detection.disabled_exclusions
    chosen = chosen_rules(without_exclusions(complete(found.compiled), disabled), choice.rules)
    dark = dark_rules(chosen, settings)
    rules = HuntRules(compiled=without(chosen, dark), found=found, world=world, dark=dark)
    if not rules.count():
        raise UsageError(_nothing_left(rules))
    return rules


def complete(compiled: CompiledRules) -> CompiledRules:
    """Put the lookups of all rules into their conditions."""
    rules = tuple(map(with_lookups, compiled.rules))
    return msgspec.structs.replace(compiled, rules=rules)


def chosen_rules(compiled: CompiledRules, patterns: Sequence[str]) -> CompiledRules:
    """Leave the rules that a pattern names, and those that named correlations count, silent.

    Raises UsageError for a pattern that names nothing.
    """
    if not patterns:
        return compiled
    every = {rule.id for rule in compiled.rules} | {one.id for one in compiled.correlations}
    named: set[str] = set()
    for pattern in patterns:
        fitting = {one for one in every if fnmatchcase(one, pattern)}
        if not fitting:
            raise UsageError(
                f"No detection is called {pattern}. `vedette rules list` names them all; "
                "* and ? stand for any text and any character."
            )
        named |= fitting
    needed = _with_counted(compiled.correlations, named)
    return CompiledRules(
        rules=tuple(
            one if one.id in named else msgspec.structs.replace(one, alerts=False)
            for one in compiled.rules
            if one.id in needed
        ),
        correlations=tuple(
            one if one.id in named else msgspec.structs.replace(one, alerts=False)
            for one in compiled.correlations
            if one.id in needed
        ),
        exclusions=compiled.exclusions,
    )


def _with_counted(correlations: Sequence[CompiledCorrelation], named: set[str]) -> set[str]:
    counts = {one.id: one.rules for one in correlations}
    needed, to_visit = set(named), list(named)
    while to_visit:
        for rule in counts.get(to_visit.pop(), ()):
            if rule not in needed:
                needed.add(rule)
                to_visit.append(rule)
    return needed


def without_exclusions(compiled: CompiledRules, patterns: Sequence[str]) -> CompiledRules:
    """Leave out the exclusions that a pattern names.

    Raises UsageError for a pattern that names nothing: what was to be loud would stay quiet.
    """
    ids = [one.id for one in compiled.exclusions]
    for pattern in patterns:
        if ids and not any(fnmatchcase(one, pattern) for one in ids):
            raise UsageError(
                f"detection.disabled_exclusions: there is no exclusion {pattern}. There are: "
                f"{', '.join(sorted(ids))}."
            )
    gone = {
        one.id for one in compiled.exclusions if any(fnmatchcase(one.id, each) for each in patterns)
    }
    if not gone:
        return compiled
    return CompiledRules(
        rules=tuple(
            msgspec.structs.replace(
                rule, quieted_by=tuple(one for one in rule.quieted_by if one not in gone)
            )
            for rule in compiled.rules
        ),
        correlations=compiled.correlations,
        exclusions=tuple(one for one in compiled.exclusions if one.id not in gone),
    )


def _nothing_left(rules: HuntRules) -> str:
    reasons = [str(one) for one in rules.refused]
    reasons += [f"{rule} is dark: {reason}" for rule, reason in rules.dark.items()]
    if rules.found.for_other_logs:
        reasons.append(f"{len(rules.found.for_other_logs)} rules are for other logs.")
    return "\n".join(["No rule is left to hunt by.", *reasons])
