"""What an attacker wrote comes out escaped and bounded, in every format."""

import csv
import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from tests.reporting.example_findings import RULES
from tests.reporting.example_report import example_report, report_of
from vedette.cli.audit import Output
from vedette.cli.report_output import written_report
from vedette.findings.finding import Control, Finding, ResourceReference
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.csv_report import FORMULA_STARTS
from vedette.resources.coverage import Coverage, Note, NoteKind

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover='alert(1)' x=\"",
    "[red]bold[/red] [link=https://evil.example]x[/link]",
    "{{7*7}} {% raw %} ${7*7}",
    "]]> --> <!-- <![CDATA[",
    "&lt; &amp; &#x202e;",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "abc\u202ecod.exe\u202c",
    "\ud800 lone",
    "nul \x00 nul",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "\t=1",
    'a\r\nb,c;"d"',
    "\ufffe\uffff\ufeff",
    "\u2028\u2029\x85",
    "x" * 64_000,
]
# Three findings in which every text is 64 KB long, some 40 texts in all.
LARGEST = {
    Output.TABLE: 20_000,
    Output.CSV: 200_000,
    Output.HTML: 700_000,
    Output.JUNIT: 120_000,
    Output.SARIF: 250_000,
}
ANY_TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=()), max_size=40)


def hostile_finding(text: str, verdict: Verdict = Verdict.FAILED) -> Finding:
    evidence: dict[str, JsonValue] = {"policy": {text: [text]}}
    return Finding(
        id="0" * 32,
        rule=f"s3/{text}",
        title=text,
        verdict=verdict,
        severity=Severity.HIGH,
        account=text,
        region=text,
        resource=ResourceReference(type=text, id=text, arn=text, tags={"name": text, text: "x"}),
        reason=text,
        controls=(Control(framework=text, id=text),),
        evidence=evidence,
    )


def hostile_report(text: str) -> AuditReport:
    findings = [hostile_finding(text, verdict) for verdict in Verdict]
    base = example_report()
    rule = RULES["kms/key_rotates"].model_copy(update={"title": text, "why": text, "note": text})
    return report_of(()).model_copy(
        update={
            "findings": tuple(findings),
            "rules": {f"s3/{text}": rule},
            "account": text,
            "regions": (text,),
            "coverage": (Coverage(service=text, region=text, denied=1, reasons=(text,)),),
            "notes": (Note(kind=NoteKind.SERVICE_ABSENT, region=text, service=text, text=text),),
            "suppressions": base.suppressions,
            "comparison": base.comparison,
        }
    )


class Shape(HTMLParser):
    """Collects the names of elements and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(f"{tag}@{name}" for name, _ in attrs)}


@pytest.mark.parametrize("output", Output)
@given(text=ANY_TEXT)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_format_is_printable_and_can_be_written_as_utf_8(output: Output, text: str) -> None:
    written = written_report(hostile_report(text), output)
    assert [one for one in written if not (one.isprintable() or one == "\n")] == []
    assert written.encode()


@given(text=ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_html_has_no_element_or_attribute_that_a_name_brought(text: str) -> None:
    harmless = Shape(written_report(hostile_report("harmless"), Output.HTML))
    hostile = Shape(written_report(hostile_report(text), Output.HTML))
    assert hostile.names == harmless.names


@given(text=ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_csv_keeps_its_columns_and_has_no_formula(text: str) -> None:
    written = written_report(hostile_report(text), Output.CSV)
    header, *rows = csv.reader(io.StringIO(written))
    assert {len(row) for row in rows} == {len(header)}
    assert [one for row in rows for one in row if one.lstrip().startswith(FORMULA_STARTS)] == []


@given(text=ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_junit_stays_well_formed(text: str) -> None:
    root = ET.fromstring(written_report(hostile_report(text), Output.JUNIT))  # noqa: S314
    assert (root.get("failures"), root.get("errors")) == ("1", "1")


@pytest.mark.parametrize("output", [Output.JSON, Output.SARIF])
@given(text=ANY_TEXT)
@settings(max_examples=40, deadline=None)
def test_json_and_sarif_can_be_parsed(output: Output, text: str) -> None:
    assert json.loads(written_report(hostile_report(text), output))


def test_a_report_with_a_lone_surrogate_can_be_read_again() -> None:
    written = written_report(hostile_report("\ud800 lone"), Output.JSON)
    assert AuditReport.model_validate_json(written).account == "\\ud800 lone"


@pytest.mark.parametrize("character", ["x", "\u202e", "\n", "<"], ids=ascii)
@pytest.mark.parametrize("output", [one for one in Output if one is not Output.JSON])
def test_64_kilobytes_in_every_place_come_out_bounded(output: Output, character: str) -> None:
    assert len(written_report(hostile_report(character * 64_000), output)) < LARGEST[output]


def test_json_is_bounded_where_the_finding_bounds_it() -> None:
    report = hostile_report("harmless")
    (written,) = json.loads(
        written_report(
            report.model_copy(update={"findings": (hostile_finding("x" * 64_000),)}), Output.JSON
        )
    )["findings"]
    for name in ("reason", "evidence"):
        assert len(json.dumps(written[name])) < 3_000
    assert len(written["resource"]["id"]) < 1_100


@pytest.mark.parametrize("text", ["{{7*7}}", "[red]bold[/red]", "<b>", "]]>"])
def test_a_name_is_shown_as_it_is_written(text: str) -> None:
    report = report_of([hostile_finding(text)])
    assert text in written_report(report, Output.TABLE)
    (row,) = csv.DictReader(io.StringIO(written_report(report, Output.CSV)))
    assert row["resource_id"] == text
    case = ET.fromstring(written_report(report, Output.JUNIT)).find(".//testcase/failure")  # noqa: S314
    assert case is not None
    assert case.get("message") == text
