"""Settles what refers to what: correlations to their rules, exclusions to those they quiet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vedette.configuration.content import ContentError, ContentProblem
from vedette.configuration.yaml_file import Location
from vedette.detection.compile.correlations import (
    ParsedCorrelation,
    as_named,
    compile_correlation,
    rule_names,
)
from vedette.detection.compile.exclusions import ParsedExclusion, is_never_quieted, quiets
from vedette.detection.compile.names import RuleNames, names_of
from vedette.detection.compile.refusal import RefusalError
from vedette.detection.compile.rules import ParsedRule
from vedette.detection.ir import CompiledCorrelation

RULES = ("correlation", "rules")


@dataclass(slots=True, kw_only=True)
class CorrelationsSettled:
    """The correlations that can run, and why the others cannot."""

    compiled: dict[str, CompiledCorrelation] = field(default_factory=dict)
    refused: list[ContentProblem] = field(default_factory=list)
    for_other_logs: list[ContentProblem] = field(default_factory=list)


def settle_correlations(
    correlations: Sequence[ParsedCorrelation],
    rules: Iterable[ParsedRule],
    skipped: frozenset[str],
    broken: frozenset[str] = frozenset(),
) -> CorrelationsSettled:
    """Compile correlations after those they count.

    `skipped` names the rules for other logs, `broken` those that were refused.
    """
    settling = _Settling(
        pending={one.id: one for one in correlations},
        names=RuleNames([*rules, *correlations]),
        all_correlations=frozenset(one.id for one in correlations),
        skipped=skipped,
        broken=broken,
    )
    for correlation in correlations:
        settling.settle(correlation.id)
    order = {one.id: settling.done.compiled.get(one.id) for one in correlations}
    settling.done.compiled = {key: one for key, one in order.items() if one is not None}
    return settling.done


def quieted_by(
    rules: Sequence[ParsedRule], exclusions: Sequence[ParsedExclusion]
) -> dict[str, tuple[str, ...]]:
    """Return the ids of the exclusions that apply to each rule, by the rule's id."""
    return {
        rule.compiled.id: tuple(
            one.compiled.id for one in exclusions if quiets(one, rule, frozenset(names_of(rule)))
        )
        for rule in rules
    }


def without_effect(
    rules: Sequence[ParsedRule], exclusions: Sequence[ParsedExclusion]
) -> list[ContentProblem]:
    """Tell which exclusions name a rule that nothing may quiet."""
    return [
        exclusion.document.problem(
            ("filter", "rules"), f"{rule.compiled.id} is never quieted: it tells of an attacker"
        )
        for exclusion in exclusions
        for rule in rules
        if exclusion.names is not None
        and not set(names_of(rule)).isdisjoint(exclusion.names)
        and is_never_quieted(rule.sigma)
    ]


@dataclass(slots=True, kw_only=True)
class _Settling:
    pending: dict[str, ParsedCorrelation]
    names: RuleNames
    all_correlations: frozenset[str]
    skipped: frozenset[str]
    broken: frozenset[str]
    under_way: list[str] = field(default_factory=list)
    done: CorrelationsSettled = field(default_factory=CorrelationsSettled)

    def settle(self, correlation_id: str) -> None:
        """Compile one correlation, if that has not been done, after those that it counts."""
        correlation = self.pending.pop(correlation_id, None)
        if correlation is None:
            return
        self.under_way.append(correlation_id)
        try:
            self._settle(correlation)
        except ContentError as error:
            self.done.refused += error.problems
        self.under_way.pop()

    def _settle(self, correlation: ParsedCorrelation) -> None:
        ids = self._ids(correlation)
        missing = [name for name in rule_names(correlation.sigma) if name not in ids]
        if missing and self.skipped.issuperset(missing):
            message = f"it counts {missing[0]}, which is for other logs"
            self.done.for_other_logs.append(correlation.document.problem(RULES, message))
            return
        if broken := [name for name in missing if name in self.broken]:
            message = f"it counts {broken[0]}, which cannot run"
            raise ContentError([correlation.document.problem(RULES, message)])
        self._settle_counted(correlation, list(ids.values()))
        self.done.compiled[correlation.id] = compile_correlation(correlation, ids)

    def _ids(self, correlation: ParsedCorrelation) -> dict[str, str]:
        """Return the ids of the rules that a correlation names, by those names."""
        sigma, document = correlation.sigma, correlation.document
        wanted: dict[str, Location] = {}
        for alias in sigma.aliases:
            place: Location = ("correlation", "aliases", alias.alias)
            wanted |= dict.fromkeys(map(as_named, alias.mapping), place)
        wanted |= dict.fromkeys(rule_names(sigma), RULES)
        ids: dict[str, str] = {}
        for name, place in wanted.items():
            try:
                found = self.names.id_for(name, document.path)
            except RefusalError as refusal:
                raise ContentError([document.problem(place, str(refusal))]) from refusal
            if found is not None:
                ids[name] = found
        return ids

    def _settle_counted(self, correlation: ParsedCorrelation, counted: Sequence[str]) -> None:
        problem = correlation.document.problem
        for one in counted:
            if one in self.under_way:
                message = f"it counts {one}, which in the end counts this correlation"
                raise ContentError([problem(RULES, message)])
            self.settle(one)
            if one in self.all_correlations and one not in self.done.compiled:
                raise ContentError([problem(RULES, f"it counts {one}, which cannot run")])
