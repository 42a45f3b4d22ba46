from datetime import UTC, datetime

from vedette.findings.finding import Finding, ResourceReference, Suppressed
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport, Comparison, Summary
from vedette.reporting.comparison import compare

EMPTY = Summary(
    verdicts={},
    failed_by_severity={},
    suppressed=0,
    rules=0,
    resources=0,
    score=None,
    services={},
    frameworks={},
    fix_first=(),
)


ACCEPTED = Suppressed(reason="website", expires="2026-12-31")


def finding(
    name: str, verdict: Verdict = Verdict.FAILED, suppressed: Suppressed | None = None
) -> Finding:
    return Finding(
        id=name,
        rule="s3/x",
        title="x",
        verdict=verdict,
        severity=Severity.LOW,
        account="1",
        region="eu-west-1",
        resource=ResourceReference(type="T", id=name, arn=name),
        reason="r",
        suppressed=suppressed,
    )


def report(*findings: Finding) -> AuditReport:
    return AuditReport(
        vedette="1",
        as_of=datetime(2026, 6, 1, tzinfo=UTC),
        account="1",
        partition="aws",
        regions=(),
        summary=EMPTY,
        coverage=(),
        notes=(),
        suppressions=(),
        rules={},
        findings=findings,
    )


def compared(old: AuditReport, new: AuditReport, *, looked_at: bool = True) -> Comparison:
    return compare(old, new, lambda _: looked_at)


def test_findings_are_new_fixed_or_still_open() -> None:
    result = compared(report(finding("a"), finding("b")), report(finding("b"), finding("c")))

    assert result.new == ("c",)
    assert result.still_open == ("b",)
    assert [one.id for one in result.fixed] == ["a"]


def test_not_being_able_to_look_fixes_nothing() -> None:
    result = compared(report(finding("a")), report(finding("a", Verdict.UNKNOWN)))

    assert result.still_open == ("a",)
    assert result.fixed == ()


def test_accepting_a_finding_does_not_fix_it() -> None:
    result = compared(report(finding("a")), report(finding("a", suppressed=ACCEPTED)))

    assert result.still_open == ("a",)
    assert result.fixed == ()


def test_an_accepted_finding_is_not_new() -> None:
    assert compared(report(), report(finding("a", suppressed=ACCEPTED))).new == ()


def test_what_passes_now_is_fixed() -> None:
    result = compared(report(finding("a")), report(finding("a", Verdict.PASSED)))

    assert [one.id for one in result.fixed] == ["a"]


def test_what_was_unknown_and_fails_now_is_new() -> None:
    result = compared(report(finding("a", Verdict.UNKNOWN)), report(finding("a")))

    assert result.new == ("a",)


def test_what_this_audit_did_not_look_at_is_not_called_fixed() -> None:
    result = compared(report(finding("a")), report(), looked_at=False)

    assert result.fixed == ()
    assert [one.id for one in result.not_judged] == ["a"]
