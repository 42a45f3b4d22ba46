import itertools
from pathlib import Path

from tests.operations.hunting import TRAIL_STOPPED, USER, event, log, rules
from vedette.findings.match import Match, TracedMatch
from vedette.findings.severity import Severity
from vedette.operations.hunt import Hunted, HuntRequest, hunt
from vedette.operations.hunt_logs import LocalLogs
from vedette.operations.hunt_rules import RuleChoice
from vedette.operations.hunt_stories import StoryReceiver
from vedette.reporting.hunt_report import HuntReport

ROLE = "arn:aws:iam::111122223333:role/admin"
SESSION = "arn:aws:sts::111122223333:assumed-role/admin/eve"


def traced(second: int, repeats: str = "a") -> TracedMatch:
    match = Match(
        rule="stopped",
        sigma_id=None,
        title="Trail stopped",
        severity=Severity.HIGH,
        time=None,
        event_id=f"{repeats}{second}",
        event_name="StopLogging",
        event_source=None,
        account=None,
        region=None,
        principal=repeats,
        source_ip=None,
        outcome="success",
        file=None,
    )
    return TracedMatch(match=match, second=second, repeats=repeats, window=60)


def report_of(tmp_path: Path, records: list[dict[str, object]]) -> tuple[HuntReport, Hunted]:
    log(tmp_path / "logs", "one.json", records)
    folder = rules(tmp_path / "rules", stopped=TRAIL_STOPPED)
    stories = StoryReceiver()
    choice = RuleChoice(directories=[folder], built_in=False)
    request = HuntRequest(source=LocalLogs((tmp_path / "logs",)), choice=choice)
    hunted = hunt(request, stories)
    return stories.report(hunted), hunted


def test_repetitions_are_one_entry_with_a_count(tmp_path: Path) -> None:
    report, hunted = report_of(tmp_path, [event(number) for number in (0, 60, 120)])

    (case,) = report.cases
    (entry,) = case.entries
    assert (entry.count, case.matches, hunted.matches) == (3, 3, 3)
    assert (entry.first, entry.last) == ("2026-11-20T00:00:00Z", "2026-11-20T00:02:00Z")
    assert len(entry.event_ids) == 3


def test_who_assumed_a_role_is_behind_what_the_role_did(tmp_path: Path) -> None:
    credentials = {"accessKeyId": "ASIAROLE"}
    assumed = event(
        0,
        eventSource="sts.amazonaws.com",
        eventName="AssumeRole",
        responseElements={"credentials": credentials, "assumedRoleUser": {"arn": SESSION}},
    )
    identity = {"type": "AssumedRole", "arn": SESSION, "accessKeyId": "ASIAROLE"}

    report, _ = report_of(tmp_path, [assumed, event(9, userIdentity=identity), event(300)])

    (case,) = report.cases
    assert case.actors == (USER,)
    assert set(case.principals) == {USER, ROLE}
    assert case.path == ("defense-evasion",)
    assert case.techniques == ("T1562.008",)


def test_the_order_of_arrival_changes_nothing(tmp_path: Path) -> None:
    _, hunted = report_of(tmp_path, [event(0)])
    seconds = (0, 50, 100, 400)
    told = set()
    for order in itertools.permutations(seconds):
        stories = StoryReceiver()
        for second in order:
            stories.take_match(traced(second))
        told.add(tuple(case.entries for case in stories.report(hunted).cases))

    (cases,) = told
    assert [one.count for entries in cases for one in entries] == [3, 1]


def test_more_matches_than_memory_allows_are_counted_and_told(tmp_path: Path) -> None:
    _, hunted = report_of(tmp_path, [event(0)])
    stories = StoryReceiver(most_entries=2)
    for number in range(5):
        stories.take_match(traced(0, repeats=str(number)))

    report = stories.report(hunted)

    assert sum(one.matches for one in report.cases) == 2
    assert any("3 more" in remark for remark in report.remarks)
