from xml.etree import ElementTree as ET

from tests.reporting.example_findings import RULES, finding
from tests.reporting.example_report import example_report, report_of
from vedette.findings.finding import Suppressed
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.junit import to_junit

RDS = "rds/instance_is_encrypted"


def parsed(report: AuditReport) -> ET.Element:
    return ET.fromstring(to_junit(report))  # noqa: S314  (we wrote it)


def cases(root: ET.Element, outcome: str) -> list[str | None]:
    return [one.get("name") for one in root.findall(f".//testcase[{outcome}]")]


def test_failed_is_a_failure_and_unknown_an_error() -> None:
    root = parsed(example_report())
    assert len(cases(root, "failure")) == 24
    assert len(cases(root, "error")) == 8
    assert "us-east-1 alarms" in cases(root, "failure")
    assert "us-east-1 *" in cases(root, "error")


def test_the_counts_are_those_of_the_cases() -> None:
    root = parsed(example_report(include_passed=True))
    for element in (root, *root.findall("testsuite")):
        assert element.get("tests") == str(len(element.findall(".//testcase")))
        assert element.get("failures") == str(len(element.findall(".//failure")))
        assert element.get("errors") == str(len(element.findall(".//error")))
        assert element.get("skipped") == str(len(element.findall(".//skipped")))


def test_there_is_a_suite_for_every_service() -> None:
    suites = parsed(example_report()).findall("testsuite")
    assert [one.get("name") for one in suites] == sorted({one.split("/")[0] for one in RULES})
    assert suites[0].get("timestamp") == "2026-07-08T09:30:00"


def test_a_failure_says_what_why_and_how_to_fix_it() -> None:
    failure = parsed(example_report()).find(".//testcase[@name='global root']/failure")
    assert failure is not None
    assert failure.get("type") == "critical"
    assert failure.get("message") == "The root user has 1 active access key, last used 3 days ago."
    text = failure.text or ""
    assert "ARN: arn:aws:iam:global:111122223333:root" in text
    assert '"active_keys": 1' in text
    assert "Fix:\nswitch the setting on" in text


def test_a_suppressed_finding_is_skipped_with_its_reason() -> None:
    accepted = Suppressed(reason="Sandbox.", expires="2026-12-31")
    root = parsed(report_of([finding(RDS, "a", "x", suppressed=accepted)]))
    skipped = root.find(".//testcase[@name='eu-west-1 a']/skipped")
    assert skipped is not None
    assert skipped.get("message") == "Sandbox. (until 2026-12-31)"
    assert root.get("failures") == "0"


def test_a_rule_that_nothing_fails_is_a_test_that_passed() -> None:
    root = parsed(report_of(()))
    assert root.get("tests") == str(len(RULES))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")
    assert cases(root, "@classname='kms/key_rotates'") == ["KMS key rotates every year"]
