"""Every rule gets the right verdict about a seeded account, through the command and over HTTP."""

from collections import defaultdict
from typing import Any

import pytest

from tests.aws.command import KEYS, vedette
from tests.aws.truth.world import REGION, World, seed
from tests.aws.truth.worlds import all_worlds
from vedette.aws.stand_in.server import StandIn
from vedette.operations.permissions import ALWAYS_CALLED, audit_operations
from vedette.posture.catalogue import load_posture_rules

WORLDS = all_worlds()
RULE_IDS = [rule.id for rule in load_posture_rules()]
EACH_WORLD = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
INCOMPLETE = 3


def audited(
    stand_in: StandIn, rules: list[str], regions: tuple[str, ...] = (REGION, "us-east-1")
) -> tuple[int, Any]:
    chosen = [argument for rule in rules for argument in ("--rule", rule)]
    chosen += [argument for region in regions for argument in ("--region", region)]
    ran = vedette(
        "audit",
        *("--endpoint-url", stand_in.endpoint_url),
        *("--output", "json", "--include-passed"),
        *chosen,
        environment=KEYS | {"AWS_MAX_ATTEMPTS": "1"},
    )
    assert ran.stdout, ran.stderr
    return ran.code, ran.json


def verdicts(report: Any) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for finding in report["findings"]:
        found[finding["rule"]][finding["resource"]["id"]] = finding["verdict"]
    return found


@EACH_WORLD
def test_the_audit_gives_the_verdicts_that_are_true(stand_in: StandIn, world: World) -> None:
    seed(stand_in, world)

    code, report = audited(stand_in, list(world.verdicts))

    found = verdicts(report)
    named = {
        rule: {resource: found[rule].get(resource) for resource in expected}
        for rule, expected in world.verdicts.items()
    }
    assert named == world.verdicts
    reasons = [one["reason"] for one in report["findings"] if one["verdict"] == "UNKNOWN"]
    assert not reasons
    assert code == 0


@pytest.mark.parametrize("verdict", ["PASSED", "FAILED"])
def test_every_rule_has_a_resource_of_each_verdict(verdict: str) -> None:
    shown = {
        rule
        for world in WORLDS.values()
        for rule, expected in world.verdicts.items()
        if verdict in expected.values()
    }

    assert set(RULE_IDS) - shown == set()


@pytest.mark.parametrize("fault", ["denied", "throttled", "failing"])
def test_an_unreadable_account_is_unknown_to_every_rule(stand_in: StandIn, fault: str) -> None:
    break_everything(stand_in, fault)

    code, report = audited(stand_in, [], (REGION,))

    found = verdicts(report)
    assert code == INCOMPLETE
    assert {rule for rule in RULE_IDS if set(found[rule].values()) != {"UNKNOWN"}} == set()
    assert all(finding["reason"] for finding in report["findings"])


def break_everything(stand_in: StandIn, fault: str) -> None:
    how = {
        "denied": stand_in.faults.deny,
        "throttled": stand_in.faults.throttle,
        "failing": stand_in.faults.fail,
    }
    for operation in audit_operations() - ALWAYS_CALLED:
        how[fault](operation)
