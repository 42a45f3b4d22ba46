import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.reporting.example_findings import finding
from tests.reporting.example_report import example_report, report_of
from vedette.findings.finding import Suppressed
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.sarif import to_sarif

RDS = "rds/instance_is_encrypted"
SCHEMA = json.loads((Path(__file__).parent / "sarif_essentials.json").read_text())


def run(report: AuditReport) -> dict[str, Any]:
    (only,) = json.loads(to_sarif(report))["runs"]
    assert isinstance(only, dict)
    return only


def only_result(report: AuditReport) -> dict[str, Any]:
    (result,) = run(report)["results"]
    assert isinstance(result, dict)
    return result


def test_the_essentials_of_the_schema_hold() -> None:
    suppressed = Suppressed(reason="Sandbox.", expires="2026-12-31")
    for report in (
        example_report(include_passed=True),
        report_of(()),
        report_of([finding(RDS, "a", "x", suppressed=suppressed)]),
    ):
        jsonschema.Draft7Validator(SCHEMA).validate(json.loads(to_sarif(report)))


def test_the_essentials_refuse_a_misspelt_property() -> None:
    written = json.loads(to_sarif(example_report()))
    written["runs"][0]["results"][0]["partialFingerprint"] = {}
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(written)


@pytest.mark.parametrize(
    ("verdict", "kind", "level"),
    [
        (Verdict.FAILED, "fail", "warning"),
        (Verdict.UNKNOWN, "open", "none"),
        (Verdict.PASSED, "pass", "none"),
    ],
)
def test_only_what_failed_has_a_level(verdict: Verdict, kind: str, level: str) -> None:
    result = only_result(report_of([finding(RDS, "a", "x", verdict=verdict)]))
    assert (result["kind"], result["level"]) == (kind, level)


def test_a_result_leads_to_its_rule() -> None:
    only = run(example_report())
    rules = only["tool"]["driver"]["rules"]
    assert {one["ruleId"] == rules[one["ruleIndex"]]["id"] for one in only["results"]} == {True}


def test_a_rule_carries_help_and_the_severity_that_github_reads() -> None:
    rules = {one["id"]: one for one in run(example_report())["tool"]["driver"]["rules"]}
    root = rules["iam/root_user_has_no_access_key"]
    assert root["properties"]["security-severity"] == "9.5"
    assert "security" in root["properties"]["tags"]
    assert root["properties"]["controls"] == ["cis_aws_7_0:1.3", "fsbp:IAM.4"]
    assert "```\naws iam put-setting --name NAME \\\n    --enabled\n```" in root["help"]["markdown"]


def test_a_finding_keeps_its_identity_from_run_to_run() -> None:
    report = report_of([finding(RDS, "a", "x")])
    prints = only_result(report)["partialFingerprints"]
    assert set(prints.values()) == {report.findings[0].id}
    assert "primaryLocationLineHash" in prints


def test_the_resource_is_a_logical_location_and_a_path() -> None:
    (location,) = only_result(report_of([finding(RDS, "orders", "x")]))["locations"]
    (logical,) = location["logicalLocations"]
    assert logical["fullyQualifiedName"] == "arn:aws:rds:eu-west-1:111122223333:orders"
    path = location["physicalLocation"]["artifactLocation"]["uri"]
    assert path == "111122223333/eu-west-1/AWS%3A%3ARDS%3A%3AExample/orders"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", ".", "file:///etc", "a?b#c", "//host"])
def test_no_name_leads_out_of_its_path(name: str) -> None:
    (location,) = only_result(report_of([finding(RDS, name, "x")]))["locations"]
    parts = location["physicalLocation"]["artifactLocation"]["uri"].split("/")
    assert len(parts) == 4
    assert {".", ".."}.isdisjoint(parts)


def test_brackets_and_braces_are_neither_link_nor_placeholder() -> None:
    result = only_result(report_of([finding(RDS, "[a](1)", "is {0}")]))
    assert result["message"]["text"] == "\\[a\\](1) in eu-west-1: is {{0}}"


def test_a_suppressed_finding_carries_its_suppression() -> None:
    accepted = Suppressed(reason="Sandbox.", expires="2026-12-31")
    result = only_result(report_of([finding(RDS, "a", "x", suppressed=accepted)]))
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "Sandbox."}
    ]


def test_what_is_new_since_the_older_report_has_its_baseline_state() -> None:
    states = [one.get("baselineState") for one in run(example_report())["results"]]
    assert states[:3] == ["unchanged", "new", "unchanged"]
    assert states[-1] is None


def test_what_could_not_be_read_is_a_notification() -> None:
    (invocation,) = run(example_report())["invocations"]
    texts = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert texts[1] == "s3 in global: 7 reads denied, 0 failed (s3:GetBucketPolicy: AccessDenied)"


def test_large_evidence_is_cut() -> None:
    evidence = {f"entry {number}": "x" * 1_000 for number in range(20)}
    result = only_result(report_of([finding(RDS, "a", "x", evidence=dict(evidence))]))
    assert len(json.dumps(result)) < 12_000
