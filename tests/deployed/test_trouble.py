"""AWS throttles, fails, and functions die: nothing is lost, and everything is said."""

import json

import pytest

from tests.deployed.harness.iam.principals import Principal
from tests.deployed.harness.trouble import Trouble, When
from tests.deployed.world import World
from vedette.aws.stand_in.call import Answer, Call

STOPPED = "defense_evasion/trail_stopped_or_deleted"
PUBLIC = "s3/bucket_is_not_publicly_readable"


def told(world: World, rule: str) -> int:
    return sum(one.get("finding", {}).get("rule") == rule for one in world.alerts())


def stop_trail(world: World) -> None:
    world.happen(world.event("cloudtrail", "StopLogging", {"name": "main"}))


def is_announced(world: World, rule: str) -> bool:
    (finding,) = world.findings(rule)
    return int(finding["announced_version"]) == int(finding["version"])


def test_with_a_fifth_of_dynamodb_throttled_every_event_is_handled_and_told(world: World) -> None:
    throttled = world.deployment.endpoint.troubles.throttle("dynamodb:*", every=5)
    names = [f"bucket-{number}" for number in range(4)]
    for name in names:
        world.make_bucket(name)
        world.happen(world.event("s3", "PutBucketPolicy", {"bucketName": name}))
        stop_trail(world)
        world.settle()
    world.retry()
    assert throttled.hits > 0
    assert len(world.findings(PUBLIC)) == len(names)
    assert len(world.findings(STOPPED)) == 1
    assert told(world, STOPPED) == 1
    assert [world.dead_letters(one) for one in ("Detect", "Change")] == [0, 0]


def test_alerts_that_cannot_be_sent_for_a_while_are_sent_afterwards(world: World) -> None:
    failed = world.deployment.endpoint.troubles.fail("sns:Publish", times=12)
    stop_trail(world)
    world.settle()
    for _ in range(4):
        world.deployment.wait(900)
        world.run("reconcile")
    assert failed.hits == 12
    assert told(world, STOPPED) == 1
    assert is_announced(world, STOPPED)


def test_an_alert_that_stays_unsent_to_the_last_retry_is_told_by_the_reconciler(
    world: World,
) -> None:
    troubles = world.deployment.endpoint.troubles
    troubles.fail("sns:Publish", times=10_000)
    stop_trail(world)
    world.settle()
    untold = world.deployment.stack.find("AWS::SQS::Queue", "UntoldQueue")
    assert world.deployment.depth(untold) > 0
    troubles.clear()
    world.deployment.wait(1_800)
    world.run("reconcile")
    assert told(world, STOPPED) == 1
    assert is_announced(world, STOPPED)


@pytest.mark.parametrize(
    ("operation", "when"),
    [
        ("dynamodb:TransactWriteItems", "before"),
        ("dynamodb:TransactWriteItems", "after"),
        ("sns:Publish", "before"),
        ("sns:Publish", "after"),
    ],
)
def test_a_function_that_is_killed_between_two_calls_loses_nothing(
    world: World, operation: str, when: When
) -> None:
    functions = world.deployment.functions

    def kill(who: Principal, _: Call) -> Answer | None:
        functions.kill(who.arn)
        return None

    killed = world.deployment.endpoint.troubles.add(Trouble(operation, kill, when=when, times=1))
    stop_trail(world)
    world.settle()
    world.retry()
    world.run("reconcile")
    assert killed.hits == 1
    assert len(world.findings(STOPPED)) == 1
    # At least once; twice only if it died between the alert and the note that it was sent.
    assert told(world, STOPPED) in (
        {1, 2} if (operation, when) == ("sns:Publish", "after") else {1}
    )
    assert is_announced(world, STOPPED)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"detail": 1}', "\x00" * 100])
def test_what_is_no_event_is_counted_and_never_tried_again(world: World, body: str) -> None:
    queue = world.queue("Detect")
    sqs = world.deployment.client("sqs")
    sqs.send_message(QueueUrl=queue.physical_id, MessageBody=body or " ")
    stop_trail(world)
    world.settle()
    assert world.count("detect", "UnreadableEvents") == 1
    assert world.deployment.depth(queue) == 0
    assert len(world.findings(STOPPED)) == 1


def test_an_event_that_cannot_be_handled_ends_among_the_dead_letters_and_stops_no_other(
    world: World,
) -> None:
    world.make_bucket("fine")
    world.make_bucket("sick")
    world.deployment.endpoint.faults.fail("s3:GetBucketPolicy", containing="sick")
    for name in ("sick", "fine"):
        world.happen(world.event("s3", "PutBucketPolicy", {"bucketName": name}))
    world.settle()
    for _ in range(6):
        world.retry()
    found = [json.loads(one["document"]) for one in world.findings(PUBLIC)]
    assert [one["resource"]["id"] for one in found] == ["fine"]
    assert world.dead_letters("Change") > 0
    assert world.deployment.depth(world.queue("Change")) == 0
