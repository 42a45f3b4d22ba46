"""A kept snapshot gives the same findings again, without AWS and at any later time."""

from pathlib import Path

import pytest

from tests.aws.command import vedette
from tests.aws.truth.world import REGION, World, seed
from tests.aws.truth.worlds import all_worlds
from vedette.aws.stand_in.server import StandIn

WORLDS = all_worlds()


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_a_snapshot_gives_the_same_findings_without_any_call(
    stand_in: StandIn, world: World, tmp_path: Path
) -> None:
    seed(stand_in, world)
    file = tmp_path / "snapshot.json"
    rules = [argument for rule in world.verdicts for argument in ("--rule", rule)]
    options = ["--output", "json", "--include-passed", *rules]

    live = vedette(
        "audit",
        *("--endpoint-url", stand_in.endpoint_url, "--save-snapshot", file),
        *("--region", REGION, "--region", "us-east-1"),
        *options,
    )
    calls = stand_in.recorder.total
    # Without credentials, and without an endpoint: nothing could be asked if it wanted to.
    kept = vedette("audit", "--from-snapshot", file, *options, environment={})

    assert kept.json == live.json
    assert kept.code == live.code
    assert stand_in.recorder.total == calls
    assert kept.json["findings"]
