"""Compiles all documents of a set of rules together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sigma.rule import SigmaRuleBase

from vedette.configuration.content import ContentError, ContentProblem
from vedette.detection.compile.correlations import ParsedCorrelation, parse_correlation
from vedette.detection.compile.documents import Document
from vedette.detection.compile.exclusions import ParsedExclusion, compile_exclusion
from vedette.detection.compile.names import names_in
from vedette.detection.compile.references import quieted_by, settle_correlations, without_effect
from vedette.detection.compile.rules import ParsedRule, compile_rule
from vedette.detection.compile.soundness import require_sound_exclusion
from vedette.detection.compile.values import Placeholders, ValueCompiler
from vedette.detection.ir import CompiledCorrelation, CompiledRules


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDocument:
    """A document and the id of what it defines."""

    id: str
    document: Document


@dataclass(slots=True, kw_only=True)
class Ruleset:
    """What became of a set of documents; `sigma` is what pySigma read, by id.

    `refused` says what cannot run exactly as written, `for_other_logs` what is not about
    CloudTrail, `without_effect` which exclusions name a rule that is never quieted.
    """

    compiled: CompiledRules = field(default_factory=CompiledRules)
    sigma: dict[str, SigmaRuleBase] = field(default_factory=dict)
    refused: list[ContentProblem] = field(default_factory=list)
    for_other_logs: list[ContentProblem] = field(default_factory=list)
    without_effect: list[ContentProblem] = field(default_factory=list)


def compile_ruleset(documents: Iterable[NamedDocument], placeholders: Placeholders) -> Ruleset:
    """Compile rules, correlations and filters; whatever is wrong is collected, nothing raised."""
    parsing = _Parsing(ValueCompiler(placeholders))
    for named in documents:
        try:
            parsing.add(named)
        except ContentError as error:
            parsing.refuse(named, error)
    return parsing.settled()


class _Parsing:
    def __init__(self, values: ValueCompiler) -> None:
        self._values = values
        self._rules: list[ParsedRule] = []
        self._correlations: list[ParsedCorrelation] = []
        self._exclusions: list[ParsedExclusion] = []
        self._skipped: set[str] = set()
        self._broken: set[str] = set()
        self.outcome = Ruleset()

    def add(self, named: NamedDocument) -> None:
        """Parse one document. Raises ContentError."""
        document = named.document
        if reason := _other_logs(document.content.get("logsource")):
            self.outcome.for_other_logs.append(document.problem(("logsource",), reason))
            self._skipped |= names_in(document)
        elif "correlation" in document.content:
            correlation = parse_correlation(document, named.id)
            self._correlations.append(correlation)
            self.outcome.sigma[named.id] = correlation.sigma
        elif "filter" in document.content:
            exclusion = compile_exclusion(document, named.id, self._values)
            require_sound_exclusion(exclusion.compiled, document)
            self._exclusions.append(exclusion)
            self.outcome.sigma[named.id] = exclusion.sigma
        elif "detection" in document.content:
            rule = compile_rule(document, named.id, self._values)
            self._rules.append(rule)
            self.outcome.sigma[named.id] = rule.sigma
        else:
            message = "it is not a Sigma document: no `detection`, `correlation` or `filter`"
            raise ContentError([document.problem((), message)])

    def refuse(self, named: NamedDocument, error: ContentError) -> None:
        """Take note that a document cannot run, so that it can be said of what counts it."""
        self.outcome.refused += error.problems
        self._broken |= names_in(named.document) | {named.id}

    def settled(self) -> Ruleset:
        """Compile what depends on other documents, and return the outcome."""
        outcome = self.outcome
        correlations = settle_correlations(
            self._correlations, self._rules, frozenset(self._skipped), frozenset(self._broken)
        )
        outcome.refused += correlations.refused
        outcome.for_other_logs += correlations.for_other_logs
        outcome.without_effect = without_effect(self._rules, self._exclusions)
        outcome.compiled = self._compiled(list(correlations.compiled.values()))
        return outcome

    def _compiled(self, correlations: list[CompiledCorrelation]) -> CompiledRules:
        quieted = quieted_by(self._rules, self._exclusions)
        feeds: dict[str, list[str]] = {}
        for correlation in correlations:
            for counted in correlation.rules:
                feeds.setdefault(counted, []).append(correlation.id)
        # As in pySigma: what any correlation counts without `generate` says nothing by itself.
        silent = {one for each in correlations if not each.generate for one in each.rules}
        replace = msgspec.structs.replace
        return CompiledRules(
            rules=tuple(
                replace(
                    rule.compiled,
                    quieted_by=quieted[rule.compiled.id],
                    feeds=tuple(feeds.get(rule.compiled.id, ())),
                    alerts=rule.compiled.id not in silent,
                )
                for rule in self._rules
            ),
            correlations=tuple(
                replace(one, feeds=tuple(feeds.get(one.id, ())), alerts=one.id not in silent)
                for one in correlations
            ),
            exclusions=tuple(exclusion.compiled for exclusion in self._exclusions),
        )


def _other_logs(source: Any) -> str | None:
    """Say for which logs a document is, unless it is for CloudTrail or does not say it soundly."""
    keys = ("product", "service", "category")
    if not isinstance(source, dict) or not any(isinstance(source.get(key), str) for key in keys):
        return None
    product, service, category = (str(source.get(key) or "").lower() for key in keys)
    if product in {"aws", ""} and service in {"cloudtrail", ""} and (product or service):
        return None
    named = " ".join(filter(None, (product, service, category)))
    return f"it is for other logs ({named}), not for aws cloudtrail"
