import json
from collections.abc import Callable
from pathlib import Path

import jsonschema

from tests.reporting.example_report import example_report, report_of
from vedette.cli.audit import Output
from vedette.cli.report_output import written_report
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.json_report import schema, schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "schemas" / "audit.json"


def test_the_published_schema_is_that_of_the_report(golden: Callable[[Path, str], None]) -> None:
    golden(PUBLISHED, schema_text())


def test_a_report_fits_the_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(PUBLISHED.read_text()))
    validator.check_schema(validator.schema)
    for report in (example_report(include_passed=True), report_of(())):
        validator.validate(json.loads(written_report(report, Output.JSON)))


def test_the_schema_refuses_what_is_no_report() -> None:
    written = json.loads(written_report(example_report(), Output.JSON))
    del written["summary"]["verdicts"]
    written["findings"][0]["verdict"] = "PASS"
    problems = jsonschema.Draft202012Validator(schema()).iter_errors(written)
    assert {tuple(one.path) for one in problems} == {
        ("summary",),
        ("findings", 0, "verdict"),
    }


def test_a_written_report_can_be_read_again() -> None:
    report = example_report(include_passed=True)
    assert AuditReport.model_validate_json(written_report(report, Output.JSON)) == report
