"""Runs one rule with all that belongs to it over a few events, plainly and exactly."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import msgspec

from vedette.detection.correlate.correlator import Correlator, MemoryMatch
from vedette.detection.correlate.plan import plan_of
from vedette.detection.correlate.store import MemoryStore
from vedette.detection.derive.fields import dark_fields, derivations
from vedette.detection.derive.geography import Geography
from vedette.detection.derive.rules import derived_fields_read, with_lookups
from vedette.detection.derive.settings import DerivationSettings, Indicators
from vedette.detection.event.record import event_id, event_time, joint_outcome, moment, outcome
from vedette.detection.extensions import Outcome, Place, RuleTestSettings, parsed
from vedette.detection.ir import CompiledCorrelation, CompiledRule, CompiledRules
from vedette.detection.match.naive import matches, quieting
from vedette.detection.match.reading import Record, read
from vedette.detection.never_quiet import never_quieted
from vedette.findings.severity import Severity

R = TypeVar("R", CompiledRule, CompiledCorrelation)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMatch:
    """One match of the rule: when, how bad, with which outcome, quieted by which exclusions."""

    time: str
    severity: Severity
    outcome: Outcome | None
    quieted_by: tuple[str, ...] = ()


class _Detail(NamedTuple):
    outcome: Outcome | None
    quieted_by: tuple[str, ...]


class RuleRun:
    """One rule, the rules that feed it and the exclusions that quiet it."""

    def __init__(self, compiled: CompiledRules, rule: str, settings: RuleTestSettings) -> None:
        self._compiled = belonging_to(compiled, rule)
        self._wanted = rule
        self._plan = plan_of(self._compiled)
        names = derived_fields_read(self._compiled, self._plan)
        known = derivation_settings(settings)
        self.dark = dark_fields(names, known)
        self.derivations = derivations(names, known)
        self.counts: Counter[str] = Counter()
        self._correlator = Correlator(self._plan)
        self._store = MemoryStore()
        self._exclusions = {one.id: one for one in self._compiled.exclusions}
        self._with_memory = frozenset(node.id for node in self._plan.nodes)

    def rule(self, rule: str) -> CompiledRule | None:
        """Return a plain rule by its id."""
        return next((one for one in self._compiled.rules if one.id == rule), None)

    def remembers(self, rule: str) -> bool:
        """Tell whether a rule has a memory."""
        return rule in self._with_memory

    def remember(self, events: Iterable[Record]) -> None:
        """Let the rules see events whose matches do not count."""
        for event in events:
            self._tell(event)
        self._correlator.finish(self._store)
        self.counts.clear()

    def matches(self, events: Sequence[Record]) -> list[FoundMatch]:
        """Return the matches of the rule in events, those with memory included."""
        found = [match for event in events for match in self._tell(event)]
        judged = self._correlator.finish(self._store)
        found += [self._of_memory(one) for one in judged.matches if one.rule == self._wanted]
        return found

    def _tell(self, event: Record) -> list[FoundMatch]:
        time = event_time(event)
        if time is not None:
            self._correlator.saw(time)
        found: list[FoundMatch] = []
        for rule in self._compiled.rules:
            if not matches(rule, event, self.derivations):
                continue
            self.counts[rule.id] += 1
            quieted_by = quieting(rule, self._exclusions, event, self.derivations)
            detail = _Detail(outcome(event), quieted_by)
            self._observe(rule.id, time, event, detail)
            if rule.id == self._wanted and rule.id not in self._with_memory:
                found.append(self._found(rule, time or 0, detail))
        return found

    def _observe(self, rule: str, time: int | None, event: Record, detail: _Detail) -> None:
        def look(field: str) -> Sequence[str]:
            return read(event, field, self.derivations).texts

        self._correlator.observe(rule, time, event_id(event), look, detail)

    def _of_memory(self, match: MemoryMatch) -> FoundMatch:
        several: Sequence[CompiledRule | CompiledCorrelation] = (
            *self._compiled.rules,
            *self._compiled.correlations,
        )
        rule = next(one for one in several if one.id == match.rule)
        detail = _joint(match.details)
        if never_quieted(rule.tags):
            detail = detail._replace(quieted_by=())
        return self._found(rule, match.time, detail)

    @staticmethod
    def _found(rule: CompiledRule | CompiledCorrelation, time: int, detail: _Detail) -> FoundMatch:
        extension = parsed(rule.extension)
        quieted = bool(detail.quieted_by)
        return FoundMatch(
            time=f"{moment(time):%Y-%m-%dT%H:%M:%SZ}",
            severity=extension.severity(rule.level, detail.outcome, quieted=quieted),
            outcome=detail.outcome,
            quieted_by=detail.quieted_by,
        )


def belonging_to(compiled: CompiledRules, rule: str) -> CompiledRules:
    """Return a rule, the rules that feed it, however far below, and their exclusions."""
    correlations = {one.id: one for one in compiled.correlations}
    needed, to_visit = {rule}, [rule]
    while to_visit:
        below = correlations[one].rules if (one := to_visit.pop()) in correlations else ()
        to_visit += [each for each in below if each not in needed]
        needed.update(below)
    rules = [with_lookups(one) for one in compiled.rules if one.id in needed]
    quieting_them = {exclusion for one in rules for exclusion in one.quieted_by}
    return CompiledRules(
        rules=tuple(_heard(one, rule) for one in rules),
        correlations=tuple(_heard(one, rule) for one in compiled.correlations if one.id in needed),
        exclusions=tuple(one for one in compiled.exclusions if one.id in quieting_them),
    )


def _heard(one: R, wanted: str) -> R:
    """Let the rule that is tested alert, even if it otherwise only feeds others."""
    return msgspec.structs.replace(one, alerts=one.id == wanted)


def _joint(details: Sequence[_Detail]) -> _Detail:
    """Return what holds of several events: excluded if every one of them is."""
    outcomes = [one.outcome for one in details if one.outcome is not None]
    quieted = details and all(one.quieted_by for one in details)
    named = sorted({name for one in details for name in one.quieted_by}) if quieted else []
    return _Detail(joint_outcome(outcomes), tuple(named))


def derivation_settings(settings: RuleTestSettings) -> DerivationSettings:
    """Return what the settings of a test say of accounts, indicators and places."""
    places = _Places(settings.places) if settings.places else None
    return DerivationSettings(
        own_accounts=frozenset(settings.own_accounts),
        trusted_accounts=frozenset(settings.trusted_accounts),
        indicators={name: Indicators(listed) for name, listed in settings.indicators.items()},
        geography=Geography(places, places),
    )


class _Places:
    """Stands in for both databases of addresses."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places

    def get(self, ip_address: str, /) -> Any:
        place = self._places.get(ip_address)
        if place is None:
            return None
        return {
            "country": {"iso_code": place.country},
            "location": {"latitude": place.latitude, "longitude": place.longitude},
            "autonomous_system_number": place.asn,
            "autonomous_system_organization": place.asn_name,
        }
