"""The daily sweep: every account and region, and nothing written when nothing changed."""

from typing import Any

from tests.deployed.world import World

PUBLIC = "s3/bucket_is_not_publicly_readable"


def swept(world: World) -> list[str]:
    """Let the schedule plan a sweep, and return how all sweeps so far ended."""
    outcome = world.run("plan_sweep")
    assert outcome.error is None, outcome.error
    return [one.status for one in world.deployment.machines.executions]


def states(world: World) -> list[dict[str, Any]]:
    return sorted(world.findings(), key=lambda one: str(one["pk"]))


def test_a_sweep_finds_what_no_event_told_of(world: World) -> None:
    world.make_bucket("forgotten")
    assert swept(world) == ["SUCCEEDED"]
    (finding,) = world.findings(PUBLIC)
    assert finding["status"] == "open"


def test_the_second_sweep_of_an_unchanged_account_writes_no_finding(world: World) -> None:
    world.make_bucket("forgotten")
    swept(world)
    before = states(world)
    world.deployment.wait(24 * 3600)
    calls = world.deployment.endpoint.recorder
    calls.clear()
    assert swept(world) == ["SUCCEEDED", "SUCCEEDED"]
    assert states(world) == before
    assert calls.by_operation()["dynamodb:TransactWriteItems"] == 0


def test_a_first_sweep_is_told_in_one_summary_not_finding_by_finding(world: World) -> None:
    for number in range(12):
        world.make_bucket(f"forgotten-{number}")
    swept(world)
    for _ in range(3):
        world.deployment.wait(900)
        world.run("reconcile")
    alerts = world.alerts()
    assert len(world.findings(PUBLIC)) == 12
    assert [one["message"] for one in alerts] == ["baseline"]


def test_a_sweep_of_an_account_that_cannot_be_read_does_not_look_complete(world: World) -> None:
    world.make_bucket("forgotten")
    swept(world)
    world.deployment.wait(24 * 3600)
    world.deployment.endpoint.faults.deny("s3:GetBucketPolicy*")
    swept(world)
    (finding,) = world.findings(PUBLIC)
    assert finding["status"] == "open"
    assert "not everything could be read" in world.log("sweep")
