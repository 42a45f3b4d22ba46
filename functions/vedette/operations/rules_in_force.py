"""Which compiled rules run: none that asks what nobody tells, and what all of them read.

The functions in AWS Lambda import this, so it knows nothing of YAML, Sigma or files of rules.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vedette.detection.correlate.plan import COORDINATES, plan_of
from vedette.detection.derive.fields import dark_fields
from vedette.detection.derive.geography import open_geography
from vedette.detection.derive.rules import derived_fields_read
from vedette.detection.derive.settings import DerivationSettings, Indicators
from vedette.detection.extensions import parsed
from vedette.detection.ir import CompiledCorrelation, CompiledRule, CompiledRules, fields_read
from vedette.detection.match.reading import DERIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWorld:
    """What derived fields know, in a form that goes to another process."""

    own_accounts: frozenset[str] = frozenset()
    trusted_accounts: frozenset[str] = frozenset()
    indicators: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Path | None = None
    networks: Path | None = None

    def settings(self) -> DerivationSettings:
        """Return the settings of derived fields. Raises GeographyError for a bad database."""
        return DerivationSettings(
            own_accounts=self.own_accounts,
            trusted_accounts=self.trusted_accounts,
            indicators={name: Indicators(texts) for name, texts in self.indicators.items()},
            geography=open_geography(self.places, self.networks),
        )


def dark_rules(compiled: CompiledRules, settings: DerivationSettings) -> dict[str, str]:
    """Return the rules that read a field which nothing can tell, each with the reason.

    A correlation is dark if one of the rules that it counts is, or a field by which it groups.
    """
    dark = {
        rule.id: reason
        for rule in compiled.rules
        if (reason := _why_dark(_fields_of(rule), settings)) is not None
    }
    # A correlation may count another one, which may stand behind it.
    for _ in compiled.correlations:
        before = len(dark)
        for one in compiled.correlations:
            reason = _why_dark(frozenset(_fields_of_correlation(one)), settings)
            blind = [rule for rule in one.rules if rule in dark]
            if reason or blind:
                dark.setdefault(one.id, reason or f"it counts {blind[0]}, which is dark")
        if len(dark) == before:
            break
    return dark


def without(compiled: CompiledRules, left_out: Mapping[str, str]) -> CompiledRules:
    """Leave out rules and correlations."""
    if not left_out:
        return compiled
    return CompiledRules(
        rules=tuple(one for one in compiled.rules if one.id not in left_out),
        correlations=tuple(one for one in compiled.correlations if one.id not in left_out),
        exclusions=compiled.exclusions,
    )


def derived_names(compiled: CompiledRules) -> frozenset[str]:
    """Return the names of all derived fields that these rules read, for whatever purpose."""
    telling = {name for rule in compiled.rules for name in dedup_fields(rule.extension)}
    named = frozenset(name for name in telling if name.startswith(DERIVED))
    return named | derived_fields_read(compiled, plan_of(compiled))


def dedup_fields(extension: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields that tell one finding of a rule from another, if it names any."""
    dedup = parsed(extension).dedup
    return dedup.fields if dedup else ()


def _fields_of(rule: CompiledRule) -> frozenset[str]:
    extension = parsed(rule.extension)
    remembered = extension.first_seen.fields if extension.first_seen else ()
    travelled = COORDINATES if extension.impossible_travel else ()
    return fields_read(rule).union(remembered, travelled)


def _fields_of_correlation(correlation: CompiledCorrelation) -> Iterator[str]:
    counted = correlation.threshold.fields if correlation.threshold else ()
    for name in (*correlation.group_by, *counted):
        yield from correlation.aliases.get(name, {"": name}).values()


def _why_dark(names: frozenset[str], settings: DerivationSettings) -> str | None:
    return next(iter(dark_fields(sorted(names), settings).values()), None)
