"""Findings grouped as people read them: by rule, or by the reason why nothing is known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vedette.findings.finding import Finding
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport
from vedette.resources.coverage import Coverage


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Findings of one rule."""

    rule: str
    title: str
    severity: Severity
    findings: Sequence[Finding]

    @property
    def service(self) -> str:
        """Name the service of the rule."""
        return service_of(self.rule)


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Findings that are UNKNOWN for the same reason."""

    reason: str
    findings: Sequence[Finding]

    @property
    def rules(self) -> list[str]:
        """Name the rules that could not judge."""
        return sorted({one.rule for one in self.findings})


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be read of one service, over all regions."""

    service: str
    regions: list[str]
    denied: int
    errors: int
    reasons: list[str]


def service_of(rule: str) -> str:
    """Name the service of a rule, which is the first folder of its id."""
    return rule.partition("/")[0]


def by_rule(findings: Iterable[Finding]) -> list[RuleGroup]:
    """Group findings by rule: most severe first, then those with the most findings."""
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.rule].append(one)
    return sorted(
        (RuleGroup(rule, of[0].title, of[0].severity, of) for rule, of in groups.items()),
        key=lambda group: (-group.severity.rank, -len(group.findings), group.rule),
    )


def by_reason(findings: Iterable[Finding]) -> list[ReasonGroup]:
    """Group findings by reason, the most frequent first."""
    groups: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.reason].append(one)
    return sorted(
        (ReasonGroup(reason, of) for reason, of in groups.items()),
        key=lambda group: (-len(group.findings), group.reason),
    )


def open_findings(report: AuditReport, verdict: Verdict) -> list[Finding]:
    """Return the findings of this verdict that are not suppressed."""
    return [one for one in report.findings if one.verdict is verdict and one.suppressed is None]


def gaps(coverage: Iterable[Coverage]) -> list[Gap]:
    """Return by service what could not be read."""
    groups: defaultdict[str, list[Coverage]] = defaultdict(list)
    for one in coverage:
        if not one.complete:
            groups[one.service].append(one)
    return [
        Gap(
            service=service,
            regions=[one.region for one in of],
            denied=sum(one.denied for one in of),
            errors=sum(one.errors for one in of),
            reasons=list(dict.fromkeys(reason for one in of for reason in one.reasons)),
        )
        for service, of in sorted(groups.items())
    ]
