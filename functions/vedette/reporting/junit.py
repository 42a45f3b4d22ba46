"""The findings as JUnit XML, which every CI system shows as test results."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC
from typing import Final
from xml.etree import ElementTree as ET

from vedette.findings.finding import Finding
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport, ReportedRule
from vedette.reporting.grouping import service_of
from vedette.reporting.text import blocks, json_text, one_line

HEADER: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAME_LIMIT: Final = 300
EVIDENCE_LIMIT: Final = 4_000
OUTCOMES: Final = {Verdict.FAILED: "failure", Verdict.UNKNOWN: "error"}
COUNTED: Final = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def to_junit(report: AuditReport) -> str:
    """Return a test suite per service.

    A finding is a test case: FAILED a failure, UNKNOWN an error, suppressed a skipped test. A
    rule without findings is one test case that passed, so that a clean audit is not empty.
    """
    root = ET.Element("testsuites", name="vedette audit")
    for service, rules in _rules_by_service(report).items():
        _add_suite(root, service, rules, report)
    _count(root)
    ET.indent(root)
    return HEADER + ET.tostring(root, encoding="unicode") + "\n"


def _rules_by_service(report: AuditReport) -> dict[str, list[str]]:
    services: defaultdict[str, list[str]] = defaultdict(list)
    for rule in sorted({*report.rules, *(one.rule for one in report.findings)}):
        services[service_of(rule)].append(rule)
    return dict(sorted(services.items()))


def _add_suite(root: ET.Element, service: str, rules: Sequence[str], report: AuditReport) -> None:
    # The schema of the Ant JUnit task allows no time zone here.
    when = report.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.SubElement(root, "testsuite", name=_xml(service), timestamp=when, time="0")
    _add_properties(suite, report)
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for one in report.findings:
        findings[one.rule].append(one)
    for rule in rules:
        for one in findings[rule]:
            _add_finding(suite, one, report.rules.get(rule))
        if not findings[rule]:
            title = report.rules[rule].title
            ET.SubElement(suite, "testcase", classname=_xml(rule), name=_xml(title), time="0")
    _count(suite)


def _add_properties(suite: ET.Element, report: AuditReport) -> None:
    properties = ET.SubElement(suite, "properties")
    values = {
        "account": report.account,
        "regions": ", ".join(report.regions),
        "vedette": report.vedette,
    }
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=_xml(value))


def _add_finding(suite: ET.Element, finding: Finding, rule: ReportedRule | None) -> None:
    name = f"{finding.region} {finding.resource.id}"
    case = ET.SubElement(
        suite, "testcase", classname=_xml(finding.rule), name=_xml(name, NAME_LIMIT), time="0"
    )
    if finding.suppressed is not None:
        accepted = f"{finding.suppressed.reason} (until {finding.suppressed.expires})"
        ET.SubElement(case, "skipped", message=_xml(accepted))
    elif outcome := OUTCOMES.get(finding.verdict):
        problem = ET.SubElement(case, outcome, message=_xml(finding.reason))
        problem.set("type", finding.severity)
        problem.text = "\n".join(_details(finding, rule))


def _details(finding: Finding, rule: ReportedRule | None) -> list[str]:
    lines = [
        f"{_xml(finding.title)} ({finding.severity})",
        _xml(finding.reason),
        f"ARN: {_xml(finding.resource.arn)}",
        f"Finding: {_xml(finding.id)}",
    ]
    if finding.evidence:
        lines.append(f"Evidence: {_xml(json_text(finding.evidence), EVIDENCE_LIMIT)}")
    if rule is not None:
        lines += ["Fix:", *(_xml(part.text) for part in blocks(rule.fix))]
    return lines


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(element.findall(".//testcase"))))
    for attribute, tag in COUNTED.items():
        element.set(attribute, str(len(element.findall(f".//{tag}"))))


def _xml(text: str, limit: int = 1_000) -> str:
    """Return text in which every character is one that XML 1.0 allows.

    What is printable is allowed: section 2.2 of XML 1.0 leaves out control characters,
    surrogates, U+FFFE and U+FFFF, and none of them is printable.
    """
    return one_line(text, limit)
