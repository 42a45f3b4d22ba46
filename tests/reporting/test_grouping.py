from tests.reporting.example_findings import DENIED, failed, unknown
from tests.reporting.example_report import example_report
from vedette.findings.verdict import Verdict
from vedette.reporting.grouping import by_reason, by_rule, gaps, open_findings


def test_rules_stand_worst_first_and_then_by_how_much_fails() -> None:
    groups = by_rule(reversed(list(failed())))
    assert [(one.severity.value, len(one.findings), one.service) for one in groups] == [
        ("critical", 1, "iam"),
        ("high", 16, "s3"),
        ("high", 3, "vpc"),
        ("medium", 2, "rds"),
        ("low", 1, "kms"),
        ("informational", 1, "sns"),
    ]


def test_what_is_unknown_stands_by_its_reason_the_most_frequent_first() -> None:
    groups = by_reason(reversed(list(unknown())))
    assert [len(one.findings) for one in groups] == [7, 1]
    assert groups[0].reason == DENIED
    assert groups[0].rules == ["s3/bucket_policy_requires_tls"]


def test_findings_are_taken_by_verdict() -> None:
    report = example_report(include_passed=True)
    counts = {verdict: len(open_findings(report, verdict)) for verdict in Verdict}
    assert counts == {Verdict.FAILED: 24, Verdict.UNKNOWN: 8, Verdict.PASSED: 2}


def test_gaps_are_summed_by_service_and_leave_out_what_could_be_read() -> None:
    efs, s3 = gaps(example_report().coverage)
    assert (efs.service, efs.regions, efs.denied, efs.errors) == (
        "efs",
        ["us-east-1", "eu-west-1"],
        1,
        1,
    )
    assert (s3.service, s3.denied, s3.reasons) == ("s3", 7, [DENIED])
