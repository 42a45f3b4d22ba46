"""Noting events without parsing their records gives the answers that parsing them gives."""

import json
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from tests.operations.hunting import Lines, denied, event, log, only, rules
from vedette.detection.correlate import correlator
from vedette.findings.case import SessionLink
from vedette.findings.match import Match, TracedMatch
from vedette.operations.hunt import HuntRequest, hunt
from vedette.operations.hunt_logs import LocalLogs
from vedette.operations.hunt_rules import RuleChoice

WORLDS = 12
CORRELATIONS = """
title: {name}
name: {name}
status: test
level: high
logsource: {{product: aws, service: cloudtrail}}
correlation:
  type: {type}
  rules: [{rules}]
  group-by: [{group}]
  timespan: {span}
  condition: {{{condition}}}
"""
BASE = """
title: {name}
name: {name}
status: test
level: low
logsource: {{product: aws, service: cloudtrail}}
detection: {{selection: {{{selection}}}, condition: selection}}
"""
NEW = (
    BASE
    + """
vedette: {{first_seen: {{fields: [{field}], look_back: 2h, learning: 1m}}}}
"""
)
RULES = {
    "denied": BASE.format(name="denied", selection="errorCode: AccessDenied"),
    "read": BASE.format(name="read", selection="eventName: GetSecretValue"),
    "new_secret_read": BASE.format(
        name="new_secret_read", selection="eventName: Drop, sourceIPAddress: 203.0.113.9"
    ),
    "signed_in": BASE.format(name="signed_in", selection="eventName: ConsoleLogin"),
    "new_call": NEW.format(name="new_call", selection="readOnly: false", field="eventName"),
    "new_secret": NEW.format(
        name="new_secret", selection="eventName: GetSecretValue", field="requestParameters.secretId"
    ),
    "burst": CORRELATIONS.format(
        name="burst",
        type="event_count",
        rules="denied",
        group="vedette.principal",
        span="10m",
        condition="gte: 3",
    ),
    "many": CORRELATIONS.format(
        name="many",
        type="value_count",
        rules="read, denied",
        group="userIdentity.arn, sourceIPAddress",
        span="20m",
        condition="gte: 3, field: eventSource",
    ),
    "secrets": CORRELATIONS.format(
        name="secrets",
        type="value_count",
        rules="read",
        group="vedette.principal",
        span="20m",
        condition="gte: 2, field: requestParameters.secretId",
    ),
    "stacked": CORRELATIONS.format(
        name="stacked",
        type="temporal",
        rules="burst, secrets",
        group="vedette.principal",
        span="1h",
        condition="gte: 2",
    ),
    "after": CORRELATIONS.format(
        name="after",
        type="temporal_ordered",
        rules="burst, new_secret_read",
        group="vedette.principal",
        span="3h",
        condition="gte: 2",
    ),
    "signs": CORRELATIONS.format(
        name="signs",
        type="event_count",
        rules="signed_in",
        group="sourceIPAddress",
        span="1h",
        condition="gte: 2",
    ),
}


class Stories:
    """Keeps matches as they are told for stories, for which every record is parsed."""

    as_lines = False

    def __init__(self) -> None:
        self.found: list[Match] = []

    def take_lines(self, lines: bytes) -> None:
        raise AssertionError("it asked for matches")

    def take_match(self, traced: TracedMatch) -> None:
        self.found.append(traced.match)

    def take_link(self, link: SessionLink) -> None:
        """Stories are not looked at here."""

    @property
    def matches(self) -> list[dict[str, Any]]:
        return [json.loads(msgspec.json.encode(one)) for one in self.found]


def identity(random: Random) -> Any:
    name = random.choice(["eve", "bob"])
    arn = f"arn:aws:iam::111122223333:user/{name}"
    role = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::111122223333:assumed-role/worker/{random.randrange(3)}",
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/worker"}},
    }
    plain = {"type": "IAMUser", "arn": arn, "accountId": "111122223333", "userName": name}
    odd = [{"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, None, {"type": "IAMUser"}, "x"]
    return random.choice([role, plain, plain, random.choice(odd)])


def record(random: Random, number: int) -> dict[str, Any]:
    kind = random.choice(["denied", "read", "read", "write", "sign-in"])
    common: dict[str, Any] = {
        "userIdentity": identity(random),
        "sourceIPAddress": random.choice(["198.51.100.7", "203.0.113.9", "ec2.amazonaws.com"]),
        "eventSource": random.choice(["a.amazonaws.com", "b.amazonaws.com", "c.amazonaws.com"]),
    }
    if random.random() < 0.1:
        common |= random.choice(
            [{"eventTime": None}, {"eventTime": "2026-13-45T00:00:00Z"}, {"eventID": ""}]
        )
    if kind == "denied":
        message = random.choice([{}, {"errorMessage": "not authorized"}])
        return denied(number, **common, **message)
    if kind == "read":
        secret = random.choice(["s1", "s2", ["s3", "s4"], None, {"a": "s5"}])
        parameters = random.choice([{"secretId": secret}, None, {}])
        return event(
            number,
            eventName="GetSecretValue",
            readOnly=True,
            requestParameters=parameters,
            **common,
        )
    if kind == "write":
        name = random.choice(["Put", "Drop", "put"])
        return event(number, eventName=name, readOnly=False, **common)
    answer = random.choice(["Success", "Failure"])
    return event(
        number, eventName="ConsoleLogin", responseElements={"ConsoleLogin": answer}, **common
    )


def logs(random: Random, folder: Path) -> Path:
    records = [record(random, 40 * number) for number in range(200)]
    records += random.choices(records, k=10)
    random.shuffle(records)
    for start in range(0, len(records), 70):
        log(folder, f"{start}.json.gz", records[start : start + 70])
    return folder


def told(receiver: Lines | Stories, folder: Path, choice: RuleChoice) -> list[str]:
    hunt(HuntRequest(source=LocalLogs((folder,)), choice=choice), receiver)
    return sorted(json.dumps(one, sort_keys=True) for one in receiver.matches)


@pytest.fixture(params=[5, 60_000])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A notebook that is full soon, and one that never is."""
    monkeypatch.setattr(correlator, "MOST_NOTES", request.param)
    size: int = request.param
    return size


@pytest.mark.parametrize("seed", range(WORLDS))
def test_a_hunt_tells_the_same_whether_records_are_parsed_or_not(
    seed: int, limit: int, tmp_path: Path
) -> None:
    random = Random(f"{seed}/{limit}")  # noqa: S311 - not for secrets
    folder = rules(tmp_path / "rules", **RULES)
    silent = ["burst", "many", "secrets", "stacked", "after", "signs", "new_*"]
    choice = only(folder, *silent)
    written = logs(random, tmp_path / "logs")

    parsed = told(Stories(), written, choice)

    assert told(Lines(), written, choice) == parsed
    assert len({json.loads(one)["rule"] for one in parsed}) >= 4
