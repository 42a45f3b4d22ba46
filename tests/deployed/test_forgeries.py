"""Whoever makes up events, or alerts, is refused, and it is counted."""

import json

import pytest
from botocore.exceptions import ClientError

from tests.deployed.harness.stack import ACCOUNT
from tests.deployed.world import Envelope, World, user

FOREIGN = "999988887777"


@pytest.fixture
def forged(world: World) -> Envelope:
    return world.event("cloudtrail", "StopLogging", {"name": "main"})


def nothing_came_of_it(world: World) -> bool:
    world.settle()
    return not world.findings() and not world.alerts()


@pytest.mark.parametrize("bus", ["default", "vedette"])
def test_nobody_puts_events_in_the_name_of_aws(world: World, forged: Envelope, bus: str) -> None:
    events = world.deployment.client_of_administrator("events")
    entry = {
        "Source": "aws.cloudtrail",
        "DetailType": forged["detail-type"],
        "Detail": json.dumps(forged["detail"]),
        "EventBusName": bus,
    }
    answer = events.put_events(Entries=[entry])
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    assert nothing_came_of_it(world)


@pytest.mark.parametrize("bus", ["default", "vedette"])
def test_an_event_of_a_source_of_ones_own_gets_nowhere(
    world: World, forged: Envelope, bus: str
) -> None:
    events = world.deployment.client_of_administrator("events")
    entry = {
        "Source": "custom.cloudtrail",
        "DetailType": forged["detail-type"],
        "Detail": json.dumps(forged["detail"]),
        "EventBusName": bus,
    }
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert world.deployment.buses.counts["unmatched"] == 1
    assert nothing_came_of_it(world)


@pytest.mark.parametrize("queue", ["Detect", "Change", "Signal"])
@pytest.mark.parametrize("kind", ["Queue", "DeadLetters"])
def test_nobody_writes_into_our_queues(
    world: World, forged: Envelope, queue: str, kind: str
) -> None:
    sqs = world.deployment.client_of_administrator("sqs")
    url = world.queue(queue, kind).physical_id
    with pytest.raises(ClientError, match="not authorized to perform: sqs:SendMessage"):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(forged))
    assert nothing_came_of_it(world)


@pytest.mark.parametrize("topic", ["AlertTopic", "ChatTopic", "EscalationTopic"])
def test_nobody_sends_alerts_in_our_name(world: World, topic: str) -> None:
    sns = world.deployment.client_of_administrator("sns")
    arn = world.deployment.stack.outputs[topic]
    with pytest.raises(ClientError, match="not authorized to perform: sns:Publish"):
        sns.publish(TopicArn=arn, Message="All is well.")
    assert nothing_came_of_it(world)


@pytest.mark.parametrize(("queue", "handler"), [("Detect", "detect"), ("Change", "reevaluate")])
@pytest.mark.parametrize(
    "differently",
    [
        {"source": "custom.cloudtrail"},
        {"account": FOREIGN},
    ],
    ids=["source", "account"],
)
def test_what_gets_into_a_queue_all_the_same_is_refused_and_counted(
    world: World, forged: Envelope, queue: str, handler: str, differently: Envelope
) -> None:
    """As if the policy of the queue had been opened."""
    url = world.queue(queue).physical_id
    body = json.dumps({**forged, **differently})
    world.deployment.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    assert nothing_came_of_it(world)
    assert world.count(handler, "ForgedEvents") == 1
    assert world.deployment.depth(world.queue(queue)) == 0


def test_a_record_of_another_account_in_an_envelope_of_ours_is_refused(
    world: World, forged: Envelope
) -> None:
    record = {**forged["detail"], "recipientAccountId": FOREIGN}
    record["userIdentity"] = user(account=FOREIGN)
    url = world.queue("Detect").physical_id
    body = json.dumps({**forged, "account": ACCOUNT, "detail": record})
    world.deployment.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    assert nothing_came_of_it(world)
    assert world.count("detect", "ForgedEvents") == 1
