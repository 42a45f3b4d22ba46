"""The findings as SARIF 2.1.0 (OASIS), for code scanning and vulnerability management."""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from pydantic import JsonValue

from vedette.findings.bounds import bounded_text
from vedette.findings.finding import Finding
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport, ReportedRule
from vedette.reporting.grouping import Gap, gaps
from vedette.reporting.text import blocks, bounded_printable, json_text, one_line

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
KINDS: Final = {Verdict.FAILED: "fail", Verdict.UNKNOWN: "open", Verdict.PASSED: "pass"}
LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFORMATIONAL: "note",
}
# GitHub reads these as critical (over 9.0), high (7.0 to 8.9), medium (4.0 to 6.9) and low.
SECURITY_SEVERITIES: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFORMATIONAL: "0.0",
}
NAME_LIMIT: Final = 300
EVIDENCE_LIMIT: Final = 8_000
HELP_LIMIT: Final = 20_000


def to_sarif(report: AuditReport) -> str:
    """Return one run with a result for every finding.

    UNKNOWN has the kind `open`: there was not enough information to decide. Resources are
    logical locations; since code scanning on GitHub takes none without a file, each result names
    a path made of account, region, type and id as well.
    """
    rules = sorted({*report.rules, *(one.rule for one in report.findings)})
    index = {rule: number for number, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {"driver": _driver(report, rules)},
        "automationDetails": {"id": f"vedette/audit/{one_line(report.account, NAME_LIMIT)}/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, report, index[one.rule]) for one in report.findings],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _driver(report: AuditReport, rules: list[str]) -> dict[str, Any]:
    return {
        "name": "Vedette",
        "semanticVersion": report.vedette,
        "rules": [_rule(one, report.rules.get(one)) for one in rules],
    }


def _rule(rule: str, described: ReportedRule | None) -> dict[str, Any]:
    if described is None:
        return {"id": one_line(rule, NAME_LIMIT)}
    return {
        "id": one_line(rule, NAME_LIMIT),
        "shortDescription": {"text": one_line(described.title)},
        "fullDescription": {"text": one_line(described.why)},
        "help": {"text": one_line(described.fix), "markdown": _markdown(described)},
        "defaultConfiguration": {"level": LEVELS[described.severity]},
        "properties": {
            "tags": ["security", "aws", described.service],
            "security-severity": SECURITY_SEVERITIES[described.severity],
            "controls": [f"{one.framework}:{one.id}" for one in described.controls],
        },
    }


def _markdown(rule: ReportedRule) -> str:
    parts = ["## Why", rule.why, "## Fix"]
    parts += [f"```\n{one.text}\n```" if one.code else one.text for one in blocks(rule.fix)]
    if rule.note:
        parts += ["## Note", rule.note]
    return bounded_printable("\n\n".join(parts), HELP_LIMIT)


def _result(finding: Finding, report: AuditReport, rule_index: int) -> dict[str, Any]:
    failed = finding.verdict is Verdict.FAILED
    result: dict[str, Any] = {
        "ruleId": one_line(finding.rule, NAME_LIMIT),
        "ruleIndex": rule_index,
        "kind": KINDS[finding.verdict],
        "level": LEVELS[finding.severity] if failed else "none",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        # GitHub matches alerts from run to run by the first, which it expects under this name.
        "partialFingerprints": {
            "primaryLocationLineHash": finding.id,
            "vedetteFindingId/v1": finding.id,
        },
        "properties": {"severity": finding.severity, "evidence": _evidence(finding)},
    }
    if finding.suppressed is not None:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": one_line(finding.suppressed.reason),
            }
        ]
    if report.comparison is not None and failed:
        result["baselineState"] = "new" if finding.id in report.comparison.new else "unchanged"
    return result


def _evidence(finding: Finding) -> JsonValue:
    text = json_text(finding.evidence)
    return finding.evidence if len(text) <= EVIDENCE_LIMIT else bounded_text(text, EVIDENCE_LIMIT)


def _message(finding: Finding) -> str:
    name = one_line(finding.resource.id, NAME_LIMIT)
    region = one_line(finding.region, NAME_LIMIT)
    return _plain(f"{name} in {region}: {one_line(finding.reason)}")


def _plain(text: str) -> str:
    """Write a text so that it stays what it is as the text of a message.

    In a message brackets would make a link and braces a placeholder, unless they are written as
    SARIF 2.1.0 says: sections 3.11.6 and 3.11.5.
    """
    for character, written in (("[", "\\["), ("]", "\\]"), ("{", "{{"), ("}", "}}")):
        text = text.replace(character, written)
    return text


def _location(finding: Finding) -> dict[str, Any]:
    resource = finding.resource
    parts = (finding.account, finding.region, resource.type, resource.id)
    path = "/".join(_segment(one) for one in parts)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": path},
            "region": {"startLine": 1},
        },
        "logicalLocations": [
            {
                "name": one_line(resource.id, NAME_LIMIT),
                "fullyQualifiedName": one_line(resource.arn),
                "kind": "resource",
            }
        ],
    }


def _segment(text: str) -> str:
    """Return one part of a path that no `..` can leave; a colon would make it a URI's scheme."""
    written = quote(one_line(text, NAME_LIMIT), safe="")
    return written.replace(".", "%2E") if not written.strip(".") else written


def _invocation(report: AuditReport) -> dict[str, Any]:
    return {
        "executionSuccessful": True,
        "endTimeUtc": _utc(report.as_of),
        "toolExecutionNotifications": [_notification(one) for one in gaps(report.coverage)],
    }


def _notification(gap: Gap) -> dict[str, Any]:
    reasons = "; ".join(gap.reasons[:3])
    text = (
        f"{gap.service} in {', '.join(gap.regions)}: {gap.denied} reads denied, "
        f"{gap.errors} failed ({reasons})"
    )
    return {"level": "warning", "message": {"text": _plain(one_line(text))}}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
