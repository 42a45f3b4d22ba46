"""DynamoDB throttles, cancels, refuses and breaks off."""

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.aws.stores.made import Counting, cancelled, error, make_table, times
from tests.findings.observing import at, event, verdict
from vedette.aws.session import AccessKey, AwsSession, SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.aws.stores import tables
from vedette.aws.stores.findings import ATTEMPTS, DynamoFindings
from vedette.findings.store import FindingStoreError, StoreBusyError, StoreFailedError

EVENTS = "event-finding"


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def store(client: Counting, pauses: list[float]) -> DynamoFindings:
    return DynamoFindings(client, "findings", now=lambda: at(100), sleep=pauses.append)


@pytest.mark.parametrize(
    "reasons",
    [
        ("TransactionConflict", "None"),
        ("ConditionalCheckFailed", "None"),
        ("ThrottlingError", "None"),
        ("ProvisionedThroughputExceeded", "TransactionConflict"),
    ],
)
def test_a_cancelled_transaction_is_tried_again(
    store: DynamoFindings, client: Counting, pauses: list[float], reasons: tuple[str, ...]
) -> None:
    client.failing["transact_write_items"] = times(3, cancelled(*reasons))

    recorded = store.record([event(0)])

    assert recorded.failed == {}
    assert len(store.timeline(EVENTS)) == 1
    assert len(pauses) == 3


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError"])
def test_what_is_cancelled_for_ever_fails_as_busy(
    store: DynamoFindings, client: Counting, reason: str
) -> None:
    client.failing["transact_write_items"] = lambda _: cancelled(reason)

    recorded = store.record([event(0)])

    assert isinstance(recorded.failed[EVENTS], StoreBusyError)
    assert client.calls["transact_write_items"] == ATTEMPTS
    assert recorded.changes == ()


def test_a_transaction_cancelled_for_what_cannot_pass_fails_at_once(
    store: DynamoFindings, client: Counting
) -> None:
    client.failing["transact_write_items"] = lambda _: cancelled("ValidationError", "None")

    recorded = store.record([event(0)])

    assert isinstance(recorded.failed[EVENTS], StoreFailedError)
    assert "ValidationError" in str(recorded.failed[EVENTS])
    assert client.calls["transact_write_items"] == 1


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (error("ProvisionedThroughputExceededException"), StoreBusyError),
        (error("ThrottlingException"), StoreBusyError),
        (error("InternalServerError"), StoreBusyError),
        (EndpointConnectionError(endpoint_url="https://example.invalid"), StoreBusyError),
        (error("AccessDeniedException"), StoreFailedError),
        (error("ValidationException"), StoreFailedError),
    ],
)
def test_a_finding_that_cannot_be_written_fails_alone_and_says_why(
    store: DynamoFindings, client: Counting, problem: Exception, kind: type[FindingStoreError]
) -> None:
    store.record([event(0)])
    client.failing["update_item"] = lambda _: problem

    recorded = store.record([event(1), verdict(1)])

    assert isinstance(recorded.failed[EVENTS], kind)
    assert "dynamodb:UpdateItem" in str(recorded.failed[EVENTS])
    assert [change.after.id for change in recorded.changes] == ["bucket-finding"]


def test_nothing_is_taken_for_absent_that_could_not_be_read(
    store: DynamoFindings, client: Counting
) -> None:
    client.failing["batch_get_item"] = lambda _: error("ThrottlingException")

    with pytest.raises(StoreBusyError):
        store.record([event(0)])
    assert client.writes == 0


def test_an_action_that_cannot_be_written_raises(store: DynamoFindings, client: Counting) -> None:
    client.failing["get_item"] = lambda _: error("AccessDeniedException")

    with pytest.raises(StoreFailedError, match="was denied"):
        store.get(EVENTS)


def test_keys_that_dynamodb_did_not_get_to_are_asked_for_again(
    store: DynamoFindings, pauses: list[float]
) -> None:
    many = [verdict(0, id=f"finding {place}") for place in range(5)]
    store.record(many)
    halting = DynamoFindings(Halting(store._client), "findings", sleep=pauses.append)  # noqa: SLF001

    assert len(halting.get_many(one.id for one in many)) == 5
    assert len(pauses) == 4


def test_keys_that_dynamodb_never_gets_to_are_no_absent_findings(
    store: DynamoFindings, client: Counting
) -> None:
    halting = Halting(client)
    halting.progress = 0
    busy = DynamoFindings(halting, "findings", sleep=lambda _: None)

    with pytest.raises(StoreBusyError):
        busy.get_many([EVENTS])


class Halting:
    """Answers for one key at a time."""

    progress = 1

    def __init__(self, client: Counting) -> None:
        self._client = client

    def batch_get_item(self, RequestItems: dict[str, dict[str, list[object]]]) -> object:  # noqa: N803
        asked = RequestItems["findings"]
        now, later = asked["Keys"][: self.progress], asked["Keys"][self.progress :]
        answer = {"Responses": {"findings": list[object]()}}
        if now:
            request = {"findings": {**asked, "Keys": now}}
            answer = self._client.batch_get_item(RequestItems=request)
        return {
            **answer,
            "UnprocessedKeys": {"findings": {**asked, "Keys": later}} if later else {},
        }


def test_the_sessions_client_retries_what_aws_throttles(stand_in: StandIn) -> None:
    make_table(stand_in.client("dynamodb"), "findings", tables.FINDINGS)
    options = SessionOptions(
        endpoint_url=stand_in.endpoint_url,
        region="us-east-1",
        access_key=AccessKey("AKIAIOSFODNN7EXAMPLE", "any"),
    )
    client = AwsSession(options).client("dynamodb", "us-east-1")
    store = DynamoFindings(client, "findings")
    stand_in.faults.throttle("dynamodb:BatchGetItem", times=1)

    assert store.record([event(0)]).failed == {}
