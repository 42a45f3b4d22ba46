import json
import re
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from rich.console import Console, RenderableType

from vedette.findings.case import Sighting, form_cases
from vedette.findings.match import Match
from vedette.findings.severity import Severity
from vedette.reporting import hunt_lines, hunt_report
from vedette.reporting.hunt_csv import COLUMNS, header, row
from vedette.reporting.hunt_html import COLUMNS as TIME_COLUMNS
from vedette.reporting.hunt_html import matrix_of, over_time, to_html
from vedette.reporting.hunt_lines import match_lines
from vedette.reporting.hunt_report import (
    MOST_ENTRIES,
    CaseEntry,
    FileProblem,
    HuntReport,
    reported_case,
    story,
)
from vedette.reporting.hunt_table import HuntTable, TimelineTable

HOSTILE = "<b>[red]\x1b[2J\u202e=cmd"
TAGS = ("attack.exfiltration", "attack.t1537")


def match(number: int = 0, **members: object) -> Match:
    settings: dict[str, object] = {
        "rule": "exfiltration/snapshot_shared",
        "sigma_id": None,
        "title": "Snapshot shared",
        "severity": Severity.HIGH,
        "time": f"2026-11-20T00:00:{number % 60:02d}Z",
        "event_id": f"event-{number}",
        "event_name": "ModifySnapshotAttribute",
        "event_source": "ec2.amazonaws.com",
        "account": "111122223333",
        "region": "eu-west-1",
        "principal": "eve",
        "source_ip": "198.51.100.7",
        "outcome": "success",
        "file": "one.json.gz",
        "tags": TAGS,
    }
    return msgspec.convert(settings | members, Match)


def entry(one: Match, count: int = 1) -> CaseEntry:
    return CaseEntry(match=one, count=count, first=one.time, last=one.time, event_ids=("a",))


def case(*matches: Match) -> hunt_report.ReportedCase:
    sightings = [
        Sighting(
            rule=one.rule,
            title=one.title,
            severity=one.severity,
            time=number,
            until=number,
            event_ids=(one.event_id or "",),
            principal=one.principal,
            tags=one.tags,
            detail=entry(one),
        )
        for number, one in enumerate(matches)
    ]
    (formed,) = form_cases(sightings)
    return reported_case(formed)


def report(*cases: hunt_report.ReportedCase, **members: object) -> HuntReport:
    settings: dict[str, object] = {
        "vedette": "0.1.0",
        "files": 2,
        "bytes": 1_000,
        "events": 4_000,
        "seconds": 0.5,
        "rules": 150,
        "matches": 3,
        "severities": {Severity.HIGH: 3},
        "cases": cases,
    }
    return HuntReport(**(settings | members))  # type: ignore[arg-type]


def shown(what: RenderableType, width: int = 100) -> str:
    text = StringIO()
    Console(file=text, width=width, color_system=None, highlight=False).print(what)
    return text.getvalue()


@pytest.mark.parametrize("name", ["hunt-match", "hunt"])
def test_the_published_schemas_are_what_is_written(name: str) -> None:
    text = (hunt_lines if name == "hunt-match" else hunt_report).schema_text()

    assert Path(f"docs/schemas/{name}.json").read_text(encoding="utf-8") == text


def test_a_line_keeps_its_values_and_shows_no_control_characters() -> None:
    line = match_lines([match(user_agent=HOSTILE), match(1)]).decode()

    first, second = map(json.loads, line.splitlines())
    assert first["user_agent"] == HOSTILE
    assert second["user_agent"] is None
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", line)


def test_a_row_has_a_cell_for_every_column_and_none_is_a_formula() -> None:
    line = row(match(user_agent="=cmd", principal="@eve", event_count=3))

    assert header().strip() == ",".join(COLUMNS)
    cells = line.strip().split(",")
    assert len(cells) == len(COLUMNS)
    assert cells[COLUMNS.index("user_agent")] == "'=cmd"
    assert cells[COLUMNS.index("principal")] == "'@eve"
    assert cells[COLUMNS.index("techniques")] == "T1537"


@pytest.mark.parametrize("width", [40, 72, 200])
def test_the_table_tells_who_did_what_at_any_width(width: int) -> None:
    text = shown(HuntTable(report(case(match(principal=HOSTILE)))), width)

    assert "Snapshot shared" in " ".join(text.split())
    assert "[red]\\x1b[2J" in "".join(text.split())
    assert "\x1b" not in text
    assert all(len(line) <= width for line in text.splitlines())


def test_the_table_says_what_was_not_looked_at() -> None:
    text = shown(
        HuntTable(
            report(
                problems=(FileProblem(file="bad.gz", reason="the gzip stream is truncated"),),
                problem_count=9,
                dark={"a/b": "no database of places is configured"},
                refused=("x.yml:3: it cannot run",),
                for_other_logs=2,
            )
        )
    )

    for part in ("bad.gz: the gzip", "9", "a/b: no database", "x.yml:3", "2 rules left out"):
        assert part in text
    assert "Nothing above informational." in text


def test_informational_matches_make_no_case_in_the_table() -> None:
    quieted = case(match(severity="informational", quieted_by=["exclusions/terraform"]))

    assert "Snapshot shared" not in shown(HuntTable(report(quieted)))
    assert "quieted by exclusions/terraform" in shown(TimelineTable(report(quieted)), 200)


def test_the_worst_case_leaves_out_its_least_severe_entries() -> None:
    low = [match(number, severity="low", title="Low") for number in range(MOST_ENTRIES)]

    told = case(*low, match(7))

    assert (told.title, told.severity) == ("Snapshot shared", Severity.HIGH)
    assert len(told.entries) == MOST_ENTRIES
    assert told.left_out == 1
    assert told.entries[-1].match.title == "Snapshot shared"


def test_a_story_is_one_principals_in_order_of_time() -> None:
    eve, bob = case(match(5)), case(match(1, principal="bob"))

    assert story(report(eve, bob), None).cases == (eve,)
    assert story(report(eve, bob), "*").cases == (bob, eve)


def test_the_matrix_counts_techniques_below_their_tactics() -> None:
    quieted = match(2, severity="informational", tags=["attack.impact", "attack.t1485"])
    columns = {one.tactic: one.techniques for one in matrix_of([case(match(), match(1), quieted)])}

    (cell,) = columns["Exfiltration"]
    assert (cell.technique, cell.count, cell.severity) == ("T1537", 2, Severity.HIGH)
    assert columns["Impact"] == ()


def test_matches_are_drawn_over_time() -> None:
    columns = over_time([case(match(0), match(0), match(30))])

    assert len(columns) == TIME_COLUMNS
    assert (columns[0].count, columns[-1].count) == (2, 1)
    assert columns[0].height > columns[-1].height
    assert over_time([case(match(0))]) == []


def test_the_page_escapes_what_attackers_write_and_loads_nothing() -> None:
    hostile = match(user_agent=HOSTILE, principal=HOSTILE, source_ip="<img src=x>")
    page = to_html(report(case(hostile), case(match(9)), dark={"a/b": "<i>"}, refused=("<u>",)))

    assert "&lt;b&gt;[red]" in page
    for markup in ("<b>[red]", "<img", "<script", "<i>", "<u>", "\x1b", "\u202e"):
        assert markup not in page
    assert "default-src 'none'" in page
    assert "http" not in re.sub(r"http-equiv", "", page)


def test_the_page_of_an_empty_hunt_says_so() -> None:
    assert "Nothing matched." in to_html(report())
