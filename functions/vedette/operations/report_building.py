"""Turns outcomes into an audit report: counts, scores, suppressions, what to fix first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vedette.findings.finding import Finding, parse_control
from vedette.findings.frameworks import Framework
from vedette.findings.severity import Severity
from vedette.findings.suppression import Suppression, suppress
from vedette.findings.verdict import Verdict
from vedette.posture.catalogue import CataloguedRule
from vedette.posture.engine import Outcome
from vedette.reporting.audit_report import (
    FixFirst,
    FrameworkScore,
    ReportedRule,
    Score,
    ScoreEntry,
    Summary,
    SuppressionUse,
)

THINGS_TO_FIX_FIRST = 3


@dataclass(slots=True)
class Counts:
    """Judgements of one rule, suppressed ones apart."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    suppressed: int = 0


class ReportBuilder:
    """Takes outcomes one by one and keeps what the report shows."""

    def __init__(
        self, suppressions: Sequence[Suppression], as_of: datetime, *, include_passed: bool
    ) -> None:
        self._suppressions = suppressions
        self._as_of = as_of
        self._include_passed = include_passed
        self._by_rule: defaultdict[str, Counts] = defaultdict(Counts)
        self._resources: set[tuple[str, str, str]] = set()
        self._uses: Counter[int] = Counter()
        self.findings: list[Finding] = []

    def add(self, outcome: Outcome) -> None:
        """Count an outcome, and keep it as a finding if the report shows it."""
        counts = self._by_rule[outcome.rule.id]
        reference = outcome.reference
        self._resources.add((reference.type, outcome.region, reference.id))
        verdict = outcome.judgement.verdict
        if verdict is Verdict.PASSED and not self._include_passed:
            counts.verdicts[verdict] += 1
            return
        finding = self._suppressed(outcome)
        self.findings.append(finding)
        if finding.suppressed is None:
            counts.verdicts[verdict] += 1
        else:
            counts.suppressed += 1

    def _suppressed(self, outcome: Outcome) -> Finding:
        finding = outcome.finding()
        ids = (outcome.rule.id, *outcome.rule.rule.formerly)
        for index, one in enumerate(self._suppressions):
            marked = suppress(finding, ids, [one], self._as_of)
            if marked.suppressed is not None:
                self._uses[index] += 1
                return marked
        return finding

    def suppression_uses(self) -> tuple[SuppressionUse, ...]:
        """Return every suppression with the number of findings it covered."""
        return tuple(
            SuppressionUse(
                suppression=one, matched=self._uses[index], expired=one.expired(self._as_of)
            )
            for index, one in enumerate(self._suppressions)
        )

    def sorted_findings(self) -> tuple[Finding, ...]:
        """Return the findings, worst first in a stable order, those suppressed at the end."""
        order = [Verdict.FAILED, Verdict.UNKNOWN, Verdict.PASSED]
        return tuple(
            sorted(
                self.findings,
                key=lambda one: (
                    one.suppressed is not None,
                    order.index(one.verdict),
                    -one.severity.rank,
                    one.rule,
                    one.region,
                    one.resource.id,
                    one.id,
                ),
            )
        )

    def summary(
        self, rules: Sequence[CataloguedRule], frameworks: Mapping[str, Framework]
    ) -> Summary:
        """Count and score everything that was added."""
        total = _sum(self._by_rule.values())
        failed: Counter[Severity] = Counter()
        for rule in rules:
            failed[rule.rule.severity] += self._by_rule[rule.id].verdicts[Verdict.FAILED]
        return Summary(
            verdicts={one: total[one] for one in Verdict},
            failed_by_severity={one: failed[one] for one in reversed(Severity)},
            suppressed=sum(counts.suppressed for counts in self._by_rule.values()),
            rules=len(rules),
            resources=len(self._resources),
            score=_score(total).percent,
            services=self._services(rules),
            frameworks={
                name: score
                for name, framework in frameworks.items()
                if (score := self._framework(name, framework, rules)) is not None
            },
            fix_first=self._fix_first(rules),
        )

    def _services(self, rules: Sequence[CataloguedRule]) -> dict[str, ScoreEntry]:
        by_service: defaultdict[str, list[Counts]] = defaultdict(list)
        for rule in rules:
            by_service[rule.service].append(self._by_rule[rule.id])
        return {service: _entry(_sum(counts)) for service, counts in sorted(by_service.items())}

    def _framework(
        self, name: str, framework: Framework, rules: Sequence[CataloguedRule]
    ) -> FrameworkScore | None:
        by_control: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
        for rule in rules:
            for text in rule.rule.controls:
                control = parse_control(text)
                if control.framework == name:
                    by_control[control.id] += self._by_rule[rule.id].verdicts
        if not by_control:
            return None
        states = Counter(_state(by_control[one]) for one in framework.controls)
        judged = states["met"] + states["failed"]
        return FrameworkScore(
            name=framework.name,
            version=framework.version,
            score=100 * states["met"] / judged if judged else None,
            **states,
        )

    def _fix_first(self, rules: Sequence[CataloguedRule]) -> tuple[FixFirst, ...]:
        failing = [
            FixFirst(
                rule=rule.id,
                title=rule.text.title,
                severity=rule.rule.severity,
                resources=self._by_rule[rule.id].verdicts[Verdict.FAILED],
            )
            for rule in rules
            if self._by_rule[rule.id].verdicts[Verdict.FAILED]
        ]
        worst = sorted(failing, key=lambda one: (-one.severity.rank, -one.resources, one.rule))
        return tuple(worst[:THINGS_TO_FIX_FIRST])


def reported_rules(rules: Sequence[CataloguedRule]) -> dict[str, ReportedRule]:
    """Return the documentation of the rules by id."""
    return {
        rule.id: ReportedRule(
            **rule.text.model_dump(),
            severity=rule.rule.severity,
            service=rule.service,
            controls=tuple(parse_control(text) for text in rule.rule.controls),
        )
        for rule in rules
    }


def _sum(counts: Iterable[Counts]) -> Counter[Verdict]:
    total: Counter[Verdict] = Counter()
    for one in counts:
        total += one.verdicts
    return total


def _score(verdicts: Counter[Verdict]) -> Score:
    return Score(
        passed=verdicts[Verdict.PASSED],
        failed=verdicts[Verdict.FAILED],
        unknown=verdicts[Verdict.UNKNOWN],
    )


def _entry(verdicts: Counter[Verdict]) -> ScoreEntry:
    score = _score(verdicts)
    return ScoreEntry(**score.model_dump(), score=score.percent)


def _state(verdicts: Counter[Verdict]) -> str:
    if verdicts[Verdict.FAILED]:
        return "failed"
    if verdicts[Verdict.UNKNOWN]:
        return "unknown"
    return "met" if verdicts[Verdict.PASSED] else "not_assessed"
