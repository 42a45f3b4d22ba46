"""One fixed report, in which every part that an output shows is present."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime

from tests.reporting.example_findings import (
    ACCOUNT,
    DENIED,
    RULES,
    failed,
    finding,
    passed,
    unknown,
)
from vedette.findings.finding import Finding
from vedette.findings.severity import Severity
from vedette.findings.suppression import Suppression
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import (
    AuditReport,
    Comparison,
    FixFirst,
    FrameworkScore,
    ScoreEntry,
    Summary,
    SuppressionUse,
)
from vedette.reporting.grouping import by_rule, service_of
from vedette.resources.coverage import Coverage, Note, NoteKind

AS_OF = datetime(2026, 7, 8, 9, 30, tzinfo=UTC)
PASSED_JUDGEMENTS = 300


def example_report(*, include_passed: bool = False) -> AuditReport:
    """Return the report; findings stand as the audit sorts them."""
    findings = [*failed(), *unknown(), *(passed() if include_passed else ())]
    return report_of(findings).model_copy(
        update={
            "coverage": COVERAGE,
            "notes": NOTES,
            "suppressions": SUPPRESSIONS,
            "comparison": comparison(findings),
        }
    )


def report_of(findings: Iterable[Finding]) -> AuditReport:
    """Return a report of these findings and 300 judgements that passed."""
    kept = tuple(findings)
    return AuditReport(
        vedette="0.1.0",
        as_of=AS_OF,
        account=ACCOUNT,
        partition="aws",
        regions=("eu-west-1", "us-east-1"),
        summary=summary(kept),
        coverage=(),
        notes=(),
        suppressions=(),
        rules=RULES,
        findings=kept,
    )


def summary(findings: tuple[Finding, ...]) -> Summary:
    open_ones = [one for one in findings if one.suppressed is None]
    verdicts = Counter(one.verdict for one in open_ones)
    verdicts[Verdict.PASSED] = PASSED_JUDGEMENTS
    failures = [one for one in open_ones if one.verdict is Verdict.FAILED]
    severities = Counter(one.severity for one in failures)
    return Summary(
        verdicts={one: verdicts[one] for one in Verdict},
        failed_by_severity={one: severities[one] for one in reversed(Severity)},
        suppressed=3,
        rules=len(RULES),
        resources=97,
        score=score(PASSED_JUDGEMENTS, len(failures)),
        services={service: service_score(service, open_ones) for service in SERVICES},
        frameworks=FRAMEWORKS,
        fix_first=tuple(
            FixFirst(
                rule=group.rule,
                title=group.title,
                severity=group.severity,
                resources=len(group.findings),
            )
            for group in by_rule(failures)[:3]
        ),
    )


SERVICES = {"efs": 0, "iam": 41, "kms": 9, "rds": 18, "s3": 205, "sns": 0, "vpc": 27}
FRAMEWORKS = {
    "cis_aws_7_0": FrameworkScore(
        name="CIS AWS Foundations Benchmark 7.0.0",
        version="7.0.0",
        met=31,
        failed=12,
        unknown=3,
        not_assessed=17,
        score=100 * 31 / 43,
    ),
    "soc_2": FrameworkScore(name="SOC 2", version="2017", not_assessed=33),
}
COVERAGE = (
    Coverage(service="s3", region="global", looked_at=31, denied=7, reasons=(DENIED,)),
    Coverage(service="vpc", region="eu-west-1", looked_at=12),
    Coverage(service="efs", region="us-east-1", errors=1, reasons=("elasticfilesystem: timeout",)),
    Coverage(service="efs", region="eu-west-1", denied=1, reasons=("elasticfilesystem: denied",)),
)
NOTES = (
    Note(kind=NoteKind.REGION_OFF, region="af-south-1", text="af-south-1 is not switched on."),
    Note(kind=NoteKind.REGION_OFF, region="me-south-1", text="me-south-1 is not switched on."),
    Note(
        kind=NoteKind.SERVICE_ABSENT,
        region="us-east-1",
        service="securityhub",
        text="securityhub does not exist or is not switched on in us-east-1.",
    ),
)
SUPPRESSIONS = (
    SuppressionUse(
        suppression=Suppression(
            rule="s3/*",
            resource="acme-web-*",
            reason="Public on purpose.",
            expires=date(2026, 12, 31),
        ),
        matched=3,
        expired=False,
    ),
    SuppressionUse(
        suppression=Suppression(
            rule="rds/instance_is_encrypted",
            tags={"team": "legacy"},
            reason="Migration until spring.",
            expires=date(2026, 5, 31),
        ),
        matched=0,
        expired=True,
    ),
    SuppressionUse(
        suppression=Suppression(
            region="eu-north-1", reason="Sandbox region.", expires=date(2026, 9, 30)
        ),
        matched=0,
        expired=False,
    ),
)


def service_score(service: str, findings: Iterable[Finding]) -> ScoreEntry:
    verdicts = Counter(one.verdict for one in findings if service_of(one.rule) == service)
    failures = verdicts[Verdict.FAILED]
    return ScoreEntry(
        passed=SERVICES[service],
        failed=failures,
        unknown=verdicts[Verdict.UNKNOWN],
        score=score(SERVICES[service], failures),
    )


def score(passed_ones: int, failures: int) -> float | None:
    judged = passed_ones + failures
    return 100 * passed_ones / judged if judged else None


def comparison(findings: Iterable[Finding]) -> Comparison:
    """Two are new, one was fixed, one was not looked at again, the others are still open."""
    ids = [one.id for one in findings if one.verdict is Verdict.FAILED]
    return Comparison(
        with_as_of=datetime(2026, 6, 8, 9, 30, tzinfo=UTC),
        new=(ids[1], ids[4]),
        still_open=(ids[0], *ids[2:4], *ids[5:]),
        fixed=(finding("kms/key_rotates", "1c0ffee0-0000-4000-8000-000000000001", "Was off."),),
        not_judged=(finding("sns/topic_is_encrypted", "old", "No key.", region="eu-west-3"),),
    )
