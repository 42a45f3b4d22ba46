"""What reaches DynamoDB: how many calls, and how large."""

import json
from base64 import b64encode
from itertools import pairwise
from typing import Any

import pytest

from tests.aws.stores.made import Counting
from tests.findings.observing import PASSED, action, at, event, verdict
from vedette.aws.stores.encoding import is_state, newly_told, state_from
from vedette.aws.stores.findings import DynamoFindings
from vedette.findings.finding import ResourceReference
from vedette.findings.lifecycle import ActionKind
from vedette.findings.severity import Severity
from vedette.findings.store import TooNewError
from vedette.findings.tracked import TransitionKind

EVENTS = "event-finding"


@pytest.fixture
def store(client: Counting) -> DynamoFindings:
    return DynamoFindings(client, "findings", now=lambda: at(100))


def item(client: Counting, finding: str = EVENTS) -> dict[str, Any]:
    key = {"pk": {"S": f"F#{finding}"}, "sk": {"S": "STATE"}}
    found: dict[str, Any] = client.get_item(TableName="findings", Key=key)["Item"]
    return found


def test_a_sweep_that_finds_nothing_new_writes_nothing(
    store: DynamoFindings, client: Counting
) -> None:
    many = [verdict(0, id=f"finding {place}") for place in range(150)]
    passing = [verdict(0, PASSED, id=f"passing {place}") for place in range(40)]
    store.record([*many, *passing])
    client.calls.clear()

    store.record(one.model_copy(update={"time": at(60)}) for one in [*many, *passing])

    assert client.writes == 0
    assert client.calls == {"batch_get_item": 2}


def test_a_repeat_is_one_write_however_many_events_a_batch_tells(
    store: DynamoFindings, client: Counting
) -> None:
    store.record([event(0)])
    client.calls.clear()

    store.record([event(minute) for minute in range(1, 9)])

    assert client.calls == {"batch_get_item": 1, "update_item": 1}


def test_a_transition_is_one_transaction_of_state_and_timeline(
    store: DynamoFindings, client: Counting
) -> None:
    sent: list[Any] = []
    client.failing["transact_write_items"] = sent.append

    store.record([event(0)])
    store.act(action(ActionKind.ACKNOWLEDGE, 3, EVENTS))

    assert client.writes == 2
    assert [[next(iter(part)) for part in one["TransactItems"]] for one in sent] == [
        ["Put", "Put"],
        ["Update", "Put"],
    ]
    conditions = sent[1]["TransactItems"][0]["Update"]["ConditionExpression"]
    assert "#version" in conditions
    assert "#status" in conditions


def test_what_was_told_before_is_not_written_again(store: DynamoFindings, client: Counting) -> None:
    store.record([event(0, "a"), event(1, "b")])
    client.calls.clear()

    store.record([event(1, "b"), event(0, "a")])

    assert client.writes == 0


def test_a_repeat_changes_no_key_of_an_index(store: DynamoFindings, client: Counting) -> None:
    store.record([event(0)])
    before = item(client)
    store.record([event(1)])

    keys = ("open_severity", "opened_at", "account_rule", "unannounced_shard", "unannounced_since")
    after = item(client)
    assert {key: before[key] for key in keys} == {key: after[key] for key in keys}


def test_what_is_resolved_stands_in_no_index(store: DynamoFindings, client: Counting) -> None:
    keys = {"open_severity", "resource_arn", "account_rule"}
    store.record([verdict(0)])
    assert keys <= item(client, "bucket-finding").keys()

    store.record([verdict(5, PASSED)])

    assert not keys & item(client, "bucket-finding").keys()


class ShortPages(Counting):
    """Answers queries in pages of seven."""

    def query(self, **parameters: Any) -> Any:
        return super().__getattr__("query")(**parameters, Limit=7)


def test_every_page_of_an_index_is_read(client: Counting) -> None:
    store = DynamoFindings(ShortPages(client), "findings", now=lambda: at(100))
    many = [verdict(0, id=f"finding {place}") for place in range(20)]
    store.record(many)
    store.record([event(0)])
    for place in range(15):
        store.record([event(1, region=f"region-{place}")])

    assert len({one.id for one in store.open_by_severity(Severity.HIGH)}) == 20
    assert len(list(store.unannounced(at(500)))) == 21
    assert len(store.timeline(EVENTS)) == 16


def test_every_item_says_its_schema_version(store: DynamoFindings, client: Counting) -> None:
    store.record([event(0), verdict(0)])

    items = client.scan(TableName="findings")["Items"]

    assert len(items) == 4
    assert {one["schema_version"]["N"] for one in items} == {"1"}


def test_a_finding_with_as_many_events_as_it_remembers_stays_small(
    store: DynamoFindings, client: Counting
) -> None:
    store.record([event(0, *map(str, range(900)))])

    held = item(client)
    size = sum(len(one) for one in held["occurrences"]["BS"]) + len(held["document"]["S"])
    assert size < 4_096


def test_the_image_of_a_stream_reads_as_the_finding(
    store: DynamoFindings, client: Counting
) -> None:
    store.record([event(0)])

    image = item(client)

    assert is_state(image)
    assert state_from(image) == store.get(EVENTS)


def told_to_lambda(held: dict[str, Any]) -> dict[str, Any]:
    """Return an image as Lambda passes it: binary in base64."""
    hits = [b64encode(one).decode() for one in held["occurrences"]["BS"]]
    return held | {"occurrences": {"BS": hits}}


def test_images_tell_of_each_transition_once(store: DynamoFindings, client: Counting) -> None:
    images: list[dict[str, Any]] = []
    store.record([event(0)])
    images.append(told_to_lambda(item(client)))
    store.record([event(1)])
    images.append(told_to_lambda(item(client)))
    store.mark_announced(EVENTS, 1)
    images.append(told_to_lambda(item(client)))
    store.record([event(2, principal="bob")])
    images.append(told_to_lambda(item(client)))
    store.act(action(ActionKind.ACKNOWLEDGE, 3, EVENTS))
    images.append(told_to_lambda(item(client)))

    first = newly_told(None, images[0])
    told = [first, *(newly_told(before, after) for before, after in pairwise(images))]

    assert told[0] is not None
    assert told[0].events.count == 1
    assert told[1:3] == [None, None]
    assert told[3] is not None
    assert told[3].transition is not None
    assert told[3].transition.kind is TransitionKind.REALERTED
    assert told[4] is None


def test_images_of_the_timeline_tell_nothing(store: DynamoFindings, client: Counting) -> None:
    store.record([event(0)])

    items = client.scan(TableName="findings")["Items"]

    assert sum(newly_told(None, one) is not None for one in items) == 1


def test_what_a_later_version_adds_is_left_alone(store: DynamoFindings, client: Counting) -> None:
    store.record([event(0)])
    held = item(client)
    document = json.loads(held["document"]["S"]) | {"owner": "payroll team"}
    held |= {"document": {"S": json.dumps(document)}, "owner": {"S": "payroll team"}}
    client.put_item(TableName="findings", Item=held)

    store.record([event(1)])

    state = store.get(EVENTS)
    assert state is not None
    assert state.events.count == 2
    assert item(client)["owner"] == {"S": "payroll team"}


def test_a_finding_of_a_later_schema_fails_alone(store: DynamoFindings, client: Counting) -> None:
    store.record([event(0)])
    client.put_item(TableName="findings", Item=item(client) | {"schema_version": {"N": "2"}})

    recorded = store.record([event(1), verdict(1)])

    assert isinstance(recorded.failed[EVENTS], TooNewError)
    assert [change.after.id for change in recorded.changes] == ["bucket-finding"]
    with pytest.raises(TooNewError, match="update Vedette"):
        store.get(EVENTS)


@pytest.mark.parametrize("length", [3_000, 100_000])
def test_an_overlong_name_is_no_reason_to_lose_a_finding(
    store: DynamoFindings, length: int
) -> None:
    name = "ü" * length
    told = event(0, reason=name, principal=name, evidence={"name": name}, source_ip=name)
    resource = ResourceReference(type="AWS::S3::Bucket", id=name, arn=name, tags={name: name})
    posture = verdict(0, resource=resource, reason=name, evidence={name: [name]})

    recorded = store.record([told, posture])

    assert recorded.failed == {}
    assert len(list(store.of_resource(name))) == 1
    assert store.record([told, posture.model_copy(update={"time": at(9)})]).changes == ()


@pytest.mark.parametrize("hostile", ["a\ud800", "", "\0", "\x1b[2J", "<script>", "F#x\nT#1"])
def test_whatever_an_attacker_writes_is_kept_once(store: DynamoFindings, hostile: str) -> None:
    told = event(
        0,
        hostile,
        reason=hostile,
        principal=hostile,
        evidence={hostile: [hostile, {hostile: float("nan")}]},
        title=hostile,
    )
    resource = ResourceReference(
        type="AWS::S3::Bucket", id=hostile, arn=hostile, tags={hostile: hostile}
    )
    posture = verdict(0, resource=resource, evidence={"names": hostile, "at": float("inf")})

    assert store.record([told, posture]).failed == {}
    again = store.record([told, posture.model_copy(update={"time": at(9)})])

    assert again.failed == {}
    assert again.changes == ()


def test_the_declared_calls_are_those_that_are_made(
    store: DynamoFindings, client: Counting
) -> None:
    store.record([event(0), verdict(0)])
    store.record([event(1)])
    store.act(action(ActionKind.ACKNOWLEDGE, 3, EVENTS))
    store.get(EVENTS)
    list(store.unannounced(at(500)))
    store.timeline(EVENTS)
    store.mark_announced(EVENTS, 1)

    made = {f"dynamodb:{name.title().replace('_', '')}" for name in client.calls}
    # PutItem is what IAM asks of a transaction that puts.
    assert made == DynamoFindings.CALLS - {"dynamodb:PutItem"}
