"""Small logs and rules to hunt with."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vedette.findings.case import SessionLink
from vedette.findings.match import TracedMatch
from vedette.operations.hunt import Hunted, HuntRequest, hunt
from vedette.operations.hunt_logs import LocalLogs
from vedette.operations.hunt_rules import RuleChoice

ACCOUNT = "111122223333"
USER = f"arn:aws:iam::{ACCOUNT}:user/eve"
TRAIL_STOPPED = """\
title: Trail stopped
id: 11111111-1111-4111-8111-111111111111
tags: [attack.defense-evasion, attack.t1562.008]
logsource: {product: aws, service: cloudtrail}
detection:
  stop: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
  condition: stop
level: high
vedette:
  outcome: {denied: {by: 1}}
"""
DENIED = """\
title: Denied
name: denied
logsource: {product: aws, service: cloudtrail}
detection:
  denied: {errorCode: AccessDenied}
  condition: denied
level: low
---
title: Many denials
correlation:
  type: event_count
  rules: [denied]
  group-by: [userIdentity.arn]
  timespan: 10m
  condition: {gte: 3}
level: medium
"""
NEW_COUNTRY = """\
title: New region
logsource: {product: aws, service: cloudtrail}
detection:
  run: {eventName: RunInstances}
  condition: run
level: medium
vedette:
  first_seen: {fields: [awsRegion], look_back: 30d, learning: 1d}
"""


def event(number: int = 0, **members: Any) -> dict[str, Any]:
    """Return a record; its number makes its id and, in seconds, its time."""
    return {
        "eventVersion": "1.08",
        "eventID": f"00000000-0000-4000-8000-{number:012d}",
        "eventTime": f"2026-11-20T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z",
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2",
        "recipientAccountId": ACCOUNT,
        "userIdentity": {"type": "IAMUser", "arn": USER, "accountId": ACCOUNT, "userName": "eve"},
    } | members


def denied(number: int, **members: Any) -> dict[str, Any]:
    """Return a record of a call that was denied."""
    return event(number, eventName="ListUsers", errorCode="AccessDenied", **members)


def log(folder: Path, name: str, records: Iterable[dict[str, Any]]) -> Path:
    """Write a log file as CloudTrail does."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"Records": list(records)}).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


def rules(folder: Path, **files: str) -> Path:
    """Write a plain folder of Sigma rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def only(folder: Path, *names: str) -> RuleChoice:
    """Choose rules of a folder by name."""
    return RuleChoice(directories=[folder], built_in=False, rules=names)


class Lines:
    """Keeps the lines of JSON."""

    as_lines = True

    def __init__(self) -> None:
        self.text = b""

    def take_lines(self, lines: bytes) -> None:
        self.text += lines

    def take_match(self, traced: TracedMatch) -> None:
        raise AssertionError("it asked for lines")

    def take_link(self, link: SessionLink) -> None:
        raise AssertionError("it asked for lines")

    @property
    def matches(self) -> list[dict[str, Any]]:
        """Return the matches."""
        return [json.loads(line) for line in self.text.splitlines()]


def hunted(logs: Path, folder: Path, **settings: Any) -> tuple[list[dict[str, Any]], Hunted]:
    """Hunt through logs with a folder of rules; return the matches and what was looked at."""
    choice = settings.pop("choice", RuleChoice(directories=[folder], built_in=False))
    lines = Lines()
    request = HuntRequest(source=LocalLogs((logs,)), choice=choice, **settings)
    looked_at = hunt(request, lines)
    return lines.matches, looked_at
