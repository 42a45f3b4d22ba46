"""`vedette redrive`, against a hub in the stand-in, whose functions cannot run."""

import pytest

from tests.aws.command import Ran, vedette
from tests.aws.hub_stack import REGION, HubStack
from vedette.aws.collect.reader import Reader
from vedette.aws.deployment_stack import region_reader
from vedette.aws.queues import Letter, receive, release, remove
from vedette.aws.session import AwsSession, SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.operations.hub_reach import Hub
from vedette.operations.redrive import HIDDEN
from vedette.operations.redrive_hub import HubFunctions, StuckQueue, stuck

RULE = f"arn:aws:events:{REGION}:123456789012:rule"


@pytest.fixture
def hub(stand_in: StandIn) -> HubStack:
    return HubStack(stand_in, fed=False)


def run(hub: HubStack, *arguments: str) -> Ran:
    place = ("--region", REGION, "--endpoint-url", hub.stand_in.endpoint_url)
    return vedette("redrive", *arguments, *place)


def opened(hub: HubStack, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    session = SessionOptions(region=REGION, endpoint_url=hub.stand_in.endpoint_url)
    return Hub(session, "Vedette")


def test_with_nothing_to_hand_over_it_says_so(hub: HubStack) -> None:
    ran = run(hub)

    assert ran.code == 0
    assert ran.stdout == "Nothing was handed over.\n"


def test_it_says_how_many_there_are_and_touches_none_where_nobody_answers(hub: HubStack) -> None:
    hub.send("DetectEventsDeadLetters", "{}", "{}")

    ran = run(hub)

    assert ran.code == 2
    assert f"detect, failed ({REGION}): 2 messages" in ran.stderr
    assert "Hand over 2 messages?" in ran.stderr
    assert hub.depth("DetectEventsDeadLetters") == 2


def test_notes_are_explained_and_stay(hub: HubStack) -> None:
    hub.send("UntoldQueue", "{}")
    hub.send("SchedulesFailuresQueue", "{}", "{}")

    ran = run(hub, "--yes")

    assert ran.code == 0
    assert "reconcile looks for those every 15 minutes" in ran.stderr
    assert hub.depth("UntoldQueue") == 1
    assert hub.depth("SchedulesFailuresQueue") == 2


def test_notes_are_deleted_if_that_is_asked_for(hub: HubStack) -> None:
    hub.send("UntoldQueue", "{}")
    hub.send("DetectEventsQueue", "{}")

    ran = run(hub, "--yes", "--forget-notes", "--output", "json")

    assert ran.json == {"queues": [], "notes_deleted": 1}
    assert hub.depth("UntoldQueue") == 0
    assert hub.depth("DetectEventsQueue") == 1


def test_messages_whose_function_cannot_be_called_stay_and_are_told(hub: HubStack) -> None:
    hub.stand_in.faults.deny("lambda:Invoke")
    hub.send("DetectEventsDeadLetters", "{}", "{}")

    ran = run(hub, "--yes", "--output", "json")

    (queue,) = ran.json["queues"]
    assert ran.code == 3
    assert (queue["handled"], queue["failed"]) == (0, 2)
    assert "lambda:Invoke was denied" in queue["reasons"][0]
    assert hub.depth("DetectEventsDeadLetters") == 2


def test_queues_that_cannot_be_looked_at_are_told(hub: HubStack) -> None:
    hub.stand_in.faults.deny("sqs:GetQueueAttributes")

    ran = run(hub, "--yes")

    assert ran.code == 3
    assert "Not looked at" in ran.stderr


def test_each_queue_and_rule_leads_to_the_function_that_reads_it(
    hub: HubStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = opened(hub, monkeypatch)
    by_name = {one.name.partition(" (")[0]: one for one in stuck(reached).queues}

    assert by_name["change, failed"].function == hub.physical("FunctionsReevaluateFunction")
    assert by_name["signal, failed"].function == hub.physical("FunctionsIntakeFunction")
    assert _leads(reached, by_name["bus, undelivered"], hub.physical("RoutingChange1")) == (
        hub.physical("FunctionsReevaluateFunction")
    )
    assert _leads(
        reached, by_name["forwarder, undelivered"], hub.physical("ForwarderDetectAny1")
    ) == hub.physical("FunctionsDetectFunction")
    assert _leads(reached, by_name["bus, undelivered"], "somebody-elses") is None


def _leads(hub: Hub, queue: StuckQueue, rule: str) -> str | None:
    note = {"RULE_ARN": f"{RULE}/vedette/{rule}"}
    letter = Letter(id="m", receipt="r", body="{}", notes=note)
    return HubFunctions(hub, queue).function_of(letter)


@pytest.fixture
def reader(hub: HubStack, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    options = SessionOptions(region=REGION, endpoint_url=hub.stand_in.endpoint_url)
    return region_reader(AwsSession(options), REGION)


def test_received_messages_are_hidden_until_they_are_released_or_removed(
    hub: HubStack, reader: Reader
) -> None:
    hub.send("BusUndeliveredQueue", "one", notes={"RULE_ARN": "arn"})
    url = hub.physical("BusUndeliveredQueue")

    (letter,) = receive(reader, url, hidden=HIDDEN)
    hidden = receive(reader, url, hidden=HIDDEN)
    release(reader, url, [letter])
    (again,) = receive(reader, url, hidden=HIDDEN)
    remove(reader, url, [again])

    assert (letter.body, dict(letter.notes)) == ("one", {"RULE_ARN": "arn"})
    assert hidden == []
    assert hub.depth("BusUndeliveredQueue") == 0
