"""Settles what refers to what: correlations to their rules, exclusions to those they quiet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vedette.configuration.content import ContentError, ContentProblem
from vedette.detection.compile.correlations import (
    ParsedCorrelation,
    compile_correlation,
    rule_names,
)
from vedette.detection.compile.exclusions import ParsedExclusion, is_never_quieted, quiets
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
    correlations: Sequence[ParsedCorrelation], rules: Iterable[ParsedRule], skipped: frozenset[str]
) -> CorrelationsSettled:
    """Compile correlations after those they count; `skipped` names the rules for other logs."""
    settling = _Settling(
        pending={one.id: one for one in correlations},
        ids=_ids(rules, correlations),
        all_correlations=frozenset(one.id for one in correlations),
        skipped=skipped,
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


def names_of(parsed: ParsedRule | ParsedCorrelation) -> list[str]:
    """Return what a rule may be called: by Sigma's id, name, Vedette's id, and by its title.

    The specification knows the first two; some authors refer by title.
    """
    own_id = parsed.compiled.id if isinstance(parsed, ParsedRule) else parsed.id
    sigma = parsed.sigma
    return [str(sigma.id or ""), sigma.name or "", own_id, sigma.title]


def _ids(rules: Iterable[ParsedRule], correlations: Iterable[ParsedCorrelation]) -> dict[str, str]:
    """Map everything that a rule may be called to its id; the surer kind of name wins."""
    both: list[ParsedRule | ParsedCorrelation] = [*rules, *correlations]
    called = [(names, names[2]) for names in map(names_of, both)]
    ids: dict[str, str] = {}
    for kind in range(4):
        for names, own_id in called:
            if names[kind]:
                ids.setdefault(names[kind], own_id)
    return ids


@dataclass(slots=True, kw_only=True)
class _Settling:
    pending: dict[str, ParsedCorrelation]
    ids: Mapping[str, str]
    all_correlations: frozenset[str]
    skipped: frozenset[str]
    under_way: list[str] = field(default_factory=list)
    done: CorrelationsSettled = field(default_factory=CorrelationsSettled)

    def settle(self, correlation_id: str) -> None:
        """Compile one correlation, if that has not been done, after those that it counts."""
        correlation = self.pending.get(correlation_id)
        if correlation is None:
            return
        del self.pending[correlation_id]
        names = rule_names(correlation.sigma)
        missing = [name for name in names if name not in self.ids]
        if missing and self.skipped.issuperset(missing):
            message = f"it counts {missing[0]}, which is for other logs"
            self.done.for_other_logs.append(correlation.document.problem(RULES, message))
            return
        self.under_way.append(correlation_id)
        try:
            self._settle_counted(
                correlation, [self.ids[name] for name in names if name in self.ids]
            )
            compiled = compile_correlation(correlation, self.ids)
            self.done.compiled[correlation_id] = compiled
        except ContentError as error:
            self.done.refused += error.problems
        self.under_way.pop()

    def _settle_counted(self, correlation: ParsedCorrelation, counted: Sequence[str]) -> None:
        for one in counted:
            if one in self.under_way:
                message = f"it counts {one}, which in the end counts this correlation"
                raise ContentError([correlation.document.problem(RULES, message)])
            self.settle(one)
            if one in self.all_correlations and one not in self.done.compiled:
                message = f"it counts {one}, which cannot run"
                raise ContentError([correlation.document.problem(RULES, message)])
