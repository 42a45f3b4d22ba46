"""People act on findings: who they are, what they may ask, and what they are told."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.findings import MemoryFindings
from tests.operations.acting import ACCOUNT, ALICE, IAM, NOW, Desk, observation
from vedette.findings.finding import FindingKind
from vedette.findings.lifecycle import Change, HumanAction
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.store import FindingStoreError, StoreBusyError, StoreFailedError
from vedette.findings.tracked import FindingStatus, TrackedFinding
from vedette.findings.verdict import Verdict


class Refusing(MemoryFindings):
    """A store that refuses everything."""

    def __init__(self, error: FindingStoreError) -> None:
        super().__init__()
        self._error = error

    def get(self, finding: str) -> TrackedFinding | None:
        raise self._error

    def act(self, action: HumanAction) -> Change | None:
        raise self._error

    def open_by_severity(self, severity: Severity) -> Iterator[TrackedFinding]:
        raise self._error


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.store.record([observation(1)])
    return made


ONE = observation(1).id


def test_acknowledging_is_told_with_the_actor_that_the_gateway_names(desk: Desk) -> None:
    status, told = desk.do(ONE, "ack", {"reason": "on it"})

    assert (status, told["status"]) == (200, "acknowledged")
    entry = told["timeline"][-1]
    assert (entry["actor"], entry["reason"], entry["kind"]) == (ALICE, "on it", "acknowledged")
    assert desk.lines.metric("FindingChanges") == 1


@pytest.mark.parametrize(
    "body",
    [
        {"actor": "arn:aws:iam::111122223333:user/mallory"},
        {"reason": "x", "userArn": "somebody"},
        {"at": "2020-01-01T00:00:00Z"},
        {"kind": "resolve"},
        [],
        "{",
        '"text"',
        {"reason": "x" * 1_001},
        {"until": "2026-12-01T00:00:00Z"},
        {"disposition": "benign"},
    ],
)
def test_a_body_that_says_more_than_it_may_is_refused(desk: Desk, body: Any) -> None:
    status, told = desk.do(ONE, "ack", body)

    assert (status, told["error"]["code"]) == (400, "bad_request")
    assert desk.store.get(ONE).status is FindingStatus.OPEN  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({}, 401),
        ({"authorizer": None}, 401),
        ({"authorizer": {"lambda": IAM}}, 401),
        ({"authorizer": {"jwt": {"claims": {"userArn": ALICE}}}}, 401),
        ({"authorizer": {"iam": IAM | {"userArn": None}}}, 401),
        ({"authorizer": {"iam": IAM | {"userArn": "alice"}}}, 401),
        ({"authorizer": {"iam": IAM | {"accountId": "999988887777"}}}, 403),
        (
            {
                "authorizer": {
                    "iam": {"userArn": ALICE.replace(ACCOUNT, "999988887777")}
                    | {"accountId": "999988887777"}
                }
            },
            403,
        ),
    ],
)
def test_whoever_the_gateway_does_not_vouch_for_may_nothing(
    desk: Desk, context: Any, expected: int
) -> None:
    for route in ("GET /findings", "GET /findings/{id}", "POST /findings/{id}/{action}"):
        path = {"id": ONE, "action": "ack"}
        status, told = desk.ask(route, requestContext=context, pathParameters=path)
        assert status == expected
        assert "findings" not in told

    assert desk.store.get(ONE).status is FindingStatus.OPEN  # type: ignore[union-attr]


def test_suppressing_takes_a_reason_and_a_time_within_a_year(desk: Desk) -> None:
    year = (NOW + timedelta(days=365)).isoformat()
    status, told = desk.do(ONE, "suppress", {"reason": "a drill", "until": year})

    assert (status, told["status"]) == (200, "suppressed")
    assert told["suppression"]["actor"] == ALICE


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"reason": "x", "until": (NOW + timedelta(days=365, seconds=1)).isoformat()}, 400),
        ({"reason": "x", "until": NOW.isoformat()}, 400),
        ({"reason": "x", "until": "2026-12-01T00:00:00"}, 400),
        ({"reason": "x", "until": "for ever"}, 400),
        ({"reason": "x"}, 409),
        ({"reason": "  ", "until": (NOW + timedelta(days=1)).isoformat()}, 409),
        ({}, 409),
    ],
)
def test_suppressing_without_reason_or_end_is_refused(desk: Desk, body: Any, expected: int) -> None:
    status, told = desk.do(ONE, "suppress", body)

    assert status == expected
    assert told["error"]["message"]


def test_resolving_and_reopening(desk: Desk) -> None:
    body = {"reason": "key deleted", "disposition": "true_positive"}
    assert desk.do(ONE, "resolve", body)[1]["disposition"] == "true_positive"
    assert desk.do(ONE, "reopen")[1]["status"] == "open"


def test_what_the_lifecycle_forbids_is_told_with_what_to_do(desk: Desk) -> None:
    posture = observation(2).model_dump() | {
        "kind": FindingKind.POSTURE,
        "event_ids": (),
        "verdict": Verdict.FAILED,
    }
    desk.store.record([Observation.model_validate(posture)])

    status, told = desk.do(posture["id"], "resolve", {"reason": "done"})

    assert status == 409
    assert "put the resource right" in told["error"]["message"]


def test_asking_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    desk.do(ONE, "ack")
    status, told = desk.do(ONE, "ack")

    assert (status, len(told["timeline"])) == (200, 2)
    assert desk.lines.metric("FindingChanges") == 1


@pytest.mark.parametrize(
    ("finding", "action", "expected"),
    [
        ("f" * 32, "ack", 404),
        ("../../etc/passwd", "ack", 400),
        ("F" * 32, "ack", 400),
        (f"{ONE}\n", "ack", 400),
        ("", "ack", 400),
        (ONE, "delete", 404),
        (ONE, "contain", 404),
    ],
)
def test_what_there_is_not_is_not_found(
    desk: Desk, finding: str, action: str, expected: int
) -> None:
    assert desk.do(finding, action)[0] == expected


def test_a_body_may_come_in_base64_and_not_be_large(desk: Desk) -> None:
    written = base64.b64encode(b'{"reason": "on it"}').decode()

    assert desk.do(ONE, "ack", "x" * 5_000)[0] == 413
    assert desk.do(ONE, "ack", "not base64!", isBase64Encoded=True)[0] == 400
    assert desk.do(ONE, "ack", written, isBase64Encoded=True)[1]["status"] == "acknowledged"


def test_a_finding_is_shown_with_its_evidence_but_without_our_own_bookkeeping(desk: Desk) -> None:
    _, told = desk.show(ONE)

    assert (told["title"], told["episode"], told["events"]["count"]) == ("Finding 1", 1, 1)
    assert [entry["kind"] for entry in told["timeline"]] == ["opened"]
    assert {"evidence", "principals"} <= told.keys()
    assert not {"occurrences", "latest", "past_until"} & told.keys()
    assert desk.show("e" * 32)[0] == 404


@pytest.mark.parametrize("event", [{}, {"routeKey": None}, {"pathParameters": [], "body": 7}])
def test_an_event_that_is_no_request_is_refused(desk: Desk, event: Any) -> None:
    assert desk.api.handle(event)["statusCode"] == 401
    asked = {"requestContext": {"authorizer": {"iam": IAM}}} | event
    assert desk.api.handle(asked)["statusCode"] == 404


@pytest.mark.parametrize(
    ("error", "expected"), [(StoreBusyError("slow"), 503), (StoreFailedError("denied"), 500)]
)
def test_a_store_out_of_reach_is_told_without_its_words(
    error: FindingStoreError, expected: int
) -> None:
    desk = Desk(Refusing(error))

    for status, told in (desk.list(), desk.show(ONE), desk.do(ONE, "ack")):
        assert status == expected
        assert str(error) not in json.dumps(told)


def test_the_log_tells_who_did_what_but_not_why(desk: Desk) -> None:
    desk.do(ONE, "ack", {"reason": "words of a person"})

    assert any(
        line.get("actor") == ALICE and line["action"] == "acknowledge" for line in desk.lines.all
    )
    assert "words of a person" not in desk.lines.text
