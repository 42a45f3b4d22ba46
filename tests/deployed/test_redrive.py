"""What could not be handled is handled once its cause is gone: the real command, real functions."""

import json

from tests.aws.command import Ran, vedette
from tests.deployed.world import World

PUBLIC = "s3/bucket_is_not_publicly_readable"


def redrive(world: World) -> Ran:
    deployment = world.deployment
    return vedette(
        *("redrive", "--yes", "--output", "json"),
        *("--region", deployment.stack.region, "--endpoint-url", deployment.endpoint.endpoint_url),
    )


def stuck(world: World) -> int:
    """Let an event about a bucket fail until it is given up; return how many messages lie there."""
    world.make_bucket("sick")
    world.deployment.endpoint.faults.fail("s3:GetBucketPolicy", containing="sick")
    world.happen(world.event("s3", "PutBucketPolicy", {"bucketName": "sick"}))
    world.settle()
    for _ in range(6):
        world.retry()
    return world.dead_letters("Change")


def test_what_could_not_be_handled_becomes_findings_once_its_cause_is_gone(world: World) -> None:
    waiting = stuck(world)
    assert waiting > 0
    assert not world.findings(PUBLIC)
    world.deployment.endpoint.faults.clear()

    ran = redrive(world)

    assert ran.code == 0, ran.stderr
    assert sum(one["handled"] for one in ran.json["queues"]) == waiting
    assert world.dead_letters("Change") == 0
    found = [json.loads(one["document"]) for one in world.findings(PUBLIC)]
    assert [one["resource"]["id"] for one in found] == ["sick"]


def test_what_fails_again_stays_and_is_said(world: World) -> None:
    waiting = stuck(world)

    ran = redrive(world)

    assert ran.code == 3
    assert sum(one["failed"] for one in ran.json["queues"]) == waiting
    assert world.dead_letters("Change") == waiting
