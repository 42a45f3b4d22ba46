"""Events come several times, late, and in any order: what is known in the end is the same."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.deployed.world import Envelope, World

TACTICS = {"defense_evasion", "discovery", "persistence", "privilege_escalation"}


def attack(world: World) -> list[Envelope]:
    return [
        world.event("cloudtrail", "StopLogging", {"name": "main"}),
        world.event("iam", "CreateAccessKey", {"userName": "admin"}, later=timedelta(seconds=5)),
        *(world.denied(later=timedelta(seconds=number)) for number in range(20)),
    ]


def known(world: World) -> dict[str, Any]:
    """Return what the table says, without what depends on when it was written."""
    return {
        one["pk"]: {
            name: sorted(value) if isinstance(value, set) else value
            for name, value in one.items()
            if name in {"rule", "severity", "status", "occurrences", "source_ips"}
        }
        for one in world.findings()
        if one["rule"].split("/")[0] in TACTICS
    }


def detections_told(world: World) -> list[str]:
    """Return the ids of detections, one for each alert; posture depends on the whole account."""
    told = [one["finding"] for one in world.alerts() if one["message"] == "finding"]
    return sorted(one["id"] for one in told if one["kind"] == "detection")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_event_three_times_and_shuffled_ends_in_the_same_table_without_a_second_alert(
    world: World, seed: int
) -> None:
    events = attack(world)
    world.happen(*events)
    world.settle()
    before, first = known(world), detections_told(world)
    assert before
    assert first
    world.deployment.empty()

    repeated = events * 3
    random.Random(seed).shuffle(repeated)  # noqa: S311 - an order, not a secret
    for start in range(0, len(repeated), 20):
        world.happen(*repeated[start : start + 20])
        world.settle()
    assert known(world) == before
    again = detections_told(world)
    assert len(set(again)) == len(again)
    # Where much is found at once, what is less than high may be told later, with the rest.
    assert set(again) <= set(first)
    (stopped,) = world.findings("defense_evasion/trail_stopped_or_deleted")
    assert str(stopped["pk"]).partition("#")[2] in again


def test_an_event_that_comes_an_hour_late_opens_the_finding_of_its_own_time(world: World) -> None:
    event = world.event("cloudtrail", "StopLogging", {"name": "main"})
    world.deployment.wait(3600)
    world.happen(event)
    world.settle()
    (finding,) = world.findings("defense_evasion/trail_stopped_or_deleted")
    assert event["detail"]["eventTime"] in finding["document"]
