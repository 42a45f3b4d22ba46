from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tests.reporting.example_findings import finding
from tests.reporting.example_report import example_report, report_of
from vedette.findings.finding import Finding
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.table import ReportTable

SSH = "vpc/security_group_closes_ssh_to_the_world"


def rendered(report: AuditReport, width: int = 100) -> str:
    text = StringIO()
    Console(file=text, width=width, color_system=None).print(ReportTable(report))
    return text.getvalue()


def one_each(count: int) -> list[Finding]:
    return [finding(SSH, f"sg-{number}", f"Port {number} is open.") for number in range(count)]


def alike(count: int) -> list[Finding]:
    return [finding(SSH, f"sg-{number}", "Port 22 is open.") for number in range(count)]


@pytest.mark.parametrize("width", [40, 60, 71, 72, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = rendered(example_report(include_passed=True), width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


@given(
    width=st.integers(40, 200),
    name=st.text(st.characters(exclude_categories=())),
    reason=st.text(max_size=80),
)
@settings(deadline=None)
def test_no_name_breaks_the_layout(width: int, name: str, reason: str) -> None:
    report = report_of([finding(SSH, name, reason), finding(SSH, "sg-1", "Port 22 is open.")])
    assert max(cell_len(line) for line in rendered(report, width).splitlines()) <= width


def test_the_worst_stands_first_and_what_is_unknown_last() -> None:
    text = rendered(example_report(include_passed=True))
    places = [
        text.index(heading)
        for heading in (
            "CRITICAL  Root user has no access key",
            "HIGH  S3 bucket blocks public access",
            "HIGH  Security group does not open SSH to the world",
            "INFORMATIONAL  SNS topic is encrypted",
            "PASSED  S3 bucket blocks public access",
            "UNKNOWN  s3:GetBucketPolicy: AccessDenied",
            "Account 111122223333",
            "Three things to fix first",
        )
    ]
    assert places == sorted(places)


def test_every_resource_stands_with_its_own_reason() -> None:
    lines = rendered(report_of(one_each(3))).splitlines()
    assert [line.rstrip() for line in lines[3:6]] == [
        f"  eu-west-1  sg-{number}  Port {number} is open." for number in range(3)
    ]


def test_resources_that_share_a_reason_stand_together() -> None:
    text = rendered(report_of(alike(3)))
    assert text.count("Port 22 is open.") == 1
    assert "eu-west-1  sg-0, sg-1, sg-2" in text


@pytest.mark.parametrize(
    ("findings", "more"), [(one_each(25), 15), (alike(25), 5), ([*one_each(12), *alike(21)], 3)]
)
def test_a_long_group_is_cut_and_says_how_many_are_missing(
    findings: list[Finding], more: int
) -> None:
    assert f"and {more} more (--output json lists all)" in rendered(report_of(findings))


def test_a_short_group_is_not_cut() -> None:
    assert "more (" not in rendered(report_of(one_each(10)))


def test_many_reasons_that_are_each_shared_are_cut_as_well() -> None:
    pairs = [finding(SSH, f"sg-{n}-{half}", f"Port {n}") for n in range(7) for half in "ab"]
    text = rendered(report_of(pairs))
    assert text.count("Port ") == 5
    assert "and 4 more" in text


def test_resources_that_could_not_be_listed_are_named_as_such() -> None:
    assert "us-east-1  all: they could not be listed" in rendered(example_report())


def test_what_is_new_since_the_older_report_is_marked() -> None:
    text = rendered(example_report())
    assert text.count("(new)") == 2
    assert "sg-0a1b2c3d4e5f60701 (bastion-1) (new)" in text


def test_the_summary_counts_scores_and_names_what_is_missing() -> None:
    text = " ".join(rendered(example_report(), 200).split())
    for sentence in (
        "24 failed 8 unknown 300 passed 3 suppressed score 92 %",
        "1 critical 19 high 2 medium 1 low 1 informational",
        "s3 ━━━━━━━━━ 92 % 205/221",
        "Nothing judged: efs",
        "72 % 31 of 43 controls met, 3 unknown, 17 not assessed",
        "efs us-east-1, eu-west-1: 1 read denied, 1 read failed",
        "Regions that are not switched on: af-south-1, me-south-1",
        "Services that a region does not have: securityhub in us-east-1",
        "1 in use, covering 3 findings",
        "expired: rule rds/instance_is_encrypted, tag team legacy, until 2026-05-31",
        "fits nothing: rule *, region eu-north-1, until 2026-09-30: Sandbox region.",
        "Since 8 June 2026 2 new 1 fixed 22 still open 1 not looked at again",
        "1. CRITICAL Root user has no access key 1 failed Switch the setting on",
        "vedette rules show iam/root_user_has_no_access_key",
    ):
        assert sentence in text


def test_a_clean_report_says_so_and_leaves_out_what_is_empty() -> None:
    text = rendered(report_of(()))
    assert "Nothing failed." in text
    for heading in ("to fix first", "Suppressions", "Could not be looked at", "Since"):
        assert heading not in text


def test_a_report_in_which_all_is_unknown_does_not_look_passed() -> None:
    denied = finding(SSH, "*", "ec2:DescribeSecurityGroups: denied", verdict=Verdict.UNKNOWN)
    assert "UNKNOWN  ec2:DescribeSecurityGroups: denied" in rendered(report_of([denied]))


def test_markup_in_a_name_is_text() -> None:
    assert "[red]a[/] :smile:" in rendered(report_of([finding(SSH, "[red]a[/] :smile:", "x")]))
