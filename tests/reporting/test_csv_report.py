import csv
import io
import json

import pytest

from tests.reporting.example_findings import finding
from tests.reporting.example_report import example_report, report_of
from vedette.findings.finding import Suppressed
from vedette.reporting.audit_report import AuditReport
from vedette.reporting.csv_report import COLUMNS, cell, to_csv

RDS = "rds/instance_is_encrypted"


def rows(report: AuditReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(report))))


def test_there_is_one_row_for_every_finding_below_the_named_columns() -> None:
    report = example_report()
    written = rows(report)
    assert tuple(written[0]) == COLUMNS
    assert [one["id"] for one in written] == [one.id for one in report.findings]


def test_a_row_says_what_why_and_how_to_fix_it() -> None:
    row = next(one for one in rows(example_report()) if one["resource_id"].startswith("sg-"))
    assert (row["verdict"], row["severity"], row["account"]) == ("FAILED", "high", "111122223333")
    assert row["resource_arn"].startswith("arn:aws:vpc:eu-west-1:")
    assert json.loads(row["tags"]) == {"Name": "bastion-1", "team": "platform"}
    assert json.loads(row["evidence"])["open"][0]["cidr"] == "0.0.0.0/0"
    assert row["controls"] == "cis_aws_7_0:6.3"
    assert row["fix"].startswith("switch the setting on")


def test_tags_that_could_not_be_read_are_not_taken_for_none() -> None:
    unread, untagged = rows(report_of([finding(RDS, "a", "x"), finding(RDS, "b", "x", tags={})]))
    assert (unread["tags"], untagged["tags"]) == ("", "{}")


def test_what_is_new_and_still_open_since_the_older_report_is_named() -> None:
    changes = [one["change"] for one in rows(example_report())]
    assert changes[:3] == ["still open", "new", "still open"]
    assert set(changes) == {"still open", "new", ""}


def test_a_suppressed_finding_says_why_and_until_when() -> None:
    accepted = Suppressed(reason="Sandbox.", expires="2026-12-31")
    (row,) = rows(report_of([finding(RDS, "a", "x", suppressed=accepted)]))
    assert (row["suppressed_reason"], row["suppressed_until"]) == ("Sandbox.", "2026-12-31")


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\uff1d1", "=cmd|' /C calc'!A0"]
)
def test_a_formula_becomes_text(formula: str) -> None:
    assert cell(formula).startswith("'")


@pytest.mark.parametrize("start", ["\t", "\r", "\n", "\x00", "\ufeff", "\u3000"])
def test_characters_that_hide_a_formula_become_visible(start: str) -> None:
    assert cell(f"{start}=1").startswith("\\")


def test_ordinary_text_is_left_alone() -> None:
    assert cell('a "quoted", 1-2 = -1') == 'a "quoted", 1-2 = -1'
