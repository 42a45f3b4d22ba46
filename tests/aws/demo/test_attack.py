"""The attack that the demo plays: what a hunt says of it, and of the day before it."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vedette.aws.demo.attack import attack, write_story
from vedette.aws.demo.records import Record, write_logs
from vedette.aws.demo.working_day import working_day
from vedette.operations.hunt import HuntRequest, hunt
from vedette.operations.hunt_logs import LocalLogs

ACCOUNT = "123456789012"
BEGIN = datetime(2026, 9, 1, 8, tzinfo=UTC)
NO_CONFIGURATION = "version: 1\n"
TOLD = {
    "discovery/sensitive_call_denied",
    "exfiltration/bucket_policy_opened_to_everyone",
    "exfiltration/snapshot_shared_with_foreign_account",
    "impact/accelerated_or_huge_instance_launched",
    "persistence/access_key_created_for_another_user",
    "persistence/administrator_user_created",
    "persistence/console_password_created_for_user",
    "privilege_escalation/administrator_policy_attached",
}


@dataclass
class Lines:
    """Keeps the matches of a hunt."""

    as_lines = True
    matches: list[dict[str, Any]] = field(default_factory=list)

    def take_lines(self, lines: bytes) -> None:
        self.matches += map(json.loads, lines.splitlines())

    def take_match(self, traced: object) -> None:
        raise AssertionError(traced)

    def take_link(self, link: object) -> None:
        raise AssertionError(link)


def hunted(folder: Path, records: Sequence[Record]) -> list[dict[str, Any]]:
    write_logs(folder / "logs", ACCOUNT, records)
    configuration = folder / "vedette.yml"
    configuration.write_text(NO_CONFIGURATION)
    lines = Lines()
    source = LocalLogs((folder / "logs",))
    outcome = hunt(HuntRequest(source=source, configuration=configuration), lines)
    assert outcome.complete
    assert outcome.events == len(records)
    return lines.matches


def test_nothing_is_said_about_a_working_day(tmp_path: Path) -> None:
    loud = [
        (one["rule"], one["event_name"])
        for one in hunted(tmp_path, working_day(ACCOUNT, BEGIN))
        if one["severity"] != "informational"
    ]

    assert loud == []


def test_the_attack_is_told_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    matches = hunted(tmp_path, attack(ACCOUNT, BEGIN))

    told = {one["rule"] for one in matches if one["severity"] in ("medium", "high", "critical")}
    assert told >= TOLD
    names = {one["principal"].rpartition("/")[2] for one in matches if one["principal"]}
    assert names == {"rob.castellan", "priya.nair", "support-sync"}


def test_the_story_is_delivered_as_cloudtrail_does(tmp_path: Path) -> None:
    count = write_story(tmp_path, ACCOUNT, BEGIN, "aws-cn")

    files = list(tmp_path.rglob("*.json.gz"))
    records = [
        record
        for path in files
        for record in json.loads(gzip.decompress(path.read_bytes()))["Records"]
    ]
    assert len(records) == count
    assert len({record["eventID"] for record in records}) == count
    below = {path.relative_to(tmp_path).parts[:3] for path in files}
    assert below == {("AWSLogs", ACCOUNT, "CloudTrail")}
    assert all(record["recipientAccountId"] == ACCOUNT for record in records)
    assert "arn:aws:" not in json.dumps(records)


@pytest.mark.parametrize("write", [attack, working_day])
def test_the_same_day_is_written_the_same_way(write: Any) -> None:
    assert write(ACCOUNT, BEGIN) == write(ACCOUNT, BEGIN)
