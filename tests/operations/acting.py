"""Requests to the API, as the gateway hands them over, and findings to act on."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.findings import MemoryFindings
from tests.operations.detecting import Lines
from vedette.findings.finding import FindingKind
from vedette.findings.observation import Observation, event_finding_id
from vedette.findings.severity import Severity
from vedette.operations.act import Actions
from vedette.operations.telemetry import Telemetry

ACCOUNT = "111122223333"
ALICE = f"arn:aws:sts::{ACCOUNT}:assumed-role/Responder/alice"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
IAM = {"userArn": ALICE, "accountId": ACCOUNT, "callerId": "AROA:alice", "userId": "AROA:alice"}


def observation(number: int, severity: Severity = Severity.HIGH, **members: Any) -> Observation:
    told = {
        "id": event_finding_id(FindingKind.DETECTION, "r", ACCOUNT, str(number)),
        "kind": FindingKind.DETECTION,
        "rule": "impact/r",
        "title": f"Finding {number}",
        "severity": severity,
        "account": ACCOUNT,
        "region": "eu-west-1",
        "time": NOW - timedelta(hours=1),
        "reason": "it happened",
        "event_ids": (f"e{number}",),
    }
    return Observation.model_validate(told | members)


class Desk:
    """The API over findings in memory."""

    def __init__(self, store: MemoryFindings | None = None) -> None:
        self.store = store or MemoryFindings(now=lambda: NOW - timedelta(minutes=30))
        self.lines = Lines()
        self.api = Actions(
            self.store, frozenset({ACCOUNT}), Telemetry("act", self.lines), now=lambda: NOW
        )

    def ask(self, route: str, **members: Any) -> tuple[int, Any]:
        event = {
            "version": "2.0",
            "routeKey": route,
            "requestContext": {"authorizer": {"iam": IAM}, "http": {"sourceIp": "192.0.2.1"}},
        } | members
        answer = self.api.handle(event)
        assert answer["headers"]["Content-Type"] == "application/json"
        return answer["statusCode"], json.loads(answer["body"])

    def list(self, **query: str) -> tuple[int, Any]:
        return self.ask("GET /findings", queryStringParameters=query)

    def do(self, finding: str, action: str, body: Any = None, **members: Any) -> tuple[int, Any]:
        written = body if isinstance(body, str) or body is None else json.dumps(body)
        path = {"id": finding, "action": action}
        members = {"pathParameters": path, "body": written} | members
        return self.ask("POST /findings/{id}/{action}", **members)

    def show(self, finding: str) -> tuple[int, Any]:
        return self.ask("GET /findings/{id}", pathParameters={"id": finding})
