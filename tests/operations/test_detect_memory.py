"""Rules with memory over batches, workers and stores: bursts, new values, what is quiet."""

import random
from collections.abc import Collection, Set
from pathlib import Path
from typing import Any

import pytest

from tests.operations.detecting import World, batch, compiled, envelope, failed
from tests.operations.hunting import (
    ACCOUNT,
    DENIED,
    NEW_COUNTRY,
    TRAIL_STOPPED,
    USER,
    denied,
    event,
    rules,
)
from vedette.detection.correlate.store import GroupKey, MemoryStore
from vedette.detection.ir import CompiledRules
from vedette.findings.severity import Severity
from vedette.findings.store import StoreBusyError

DEPLOYER = f"arn:aws:iam::{ACCOUNT}:user/deployer"
QUIET = f"""\
title: Deployers
logsource: {{product: aws, service: cloudtrail}}
filter:
  rules: [denied]
  deployer: {{userIdentity.arn: "{DEPLOYER}"}}
  condition: not deployer
"""
BY_ACCOUNT = DENIED.replace("[userIdentity.arn]", "[recipientAccountId]")


class Throttled:
    """A hit store that refuses some groups."""

    def __init__(self, *groups: GroupKey) -> None:
        self.refused = set(groups)
        self.kept = MemoryStore()

    def add(self, rule: str, group: GroupKey, hits: Collection[bytes]) -> Set[bytes]:
        if group in self.refused:
            raise StoreBusyError("throttled")
        return self.kept.add(rule, group, hits)


@pytest.fixture(scope="module")
def bursts(tmp_path_factory: pytest.TempPathFactory) -> CompiledRules:
    return compiled(rules(tmp_path_factory.mktemp("rules"), denied=DENIED))


@pytest.fixture(scope="module")
def quieted(tmp_path_factory: pytest.TempPathFactory) -> CompiledRules:
    return compiled(rules(tmp_path_factory.mktemp("rules"), denied=BY_ACCOUNT, quiet=QUIET))


def burst(world: World) -> list[Any]:
    return [one for one in world.tracked if one.title == "Many denials"]


def as_user(arn: str) -> dict[str, Any]:
    return {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT}


def day(number: int, **members: Any) -> dict[str, Any]:
    return event(
        number,
        eventName="RunInstances",
        eventTime=f"2026-11-{number:02d}T12:00:00Z",
        eventID=f"00000000-0000-4000-9000-{number:012d}",
        **members,
    )


def test_a_burst_over_batches_and_workers_is_one_finding(bursts: CompiledRules) -> None:
    world = World(bursts)
    for number in range(5):
        world.deliver(denied(number))

    (found,) = burst(world)
    assert (found.events.count, found.principal, found.severity) == (5, USER, Severity.MEDIUM)
    assert (found.first_seen.second, found.last_seen.second) == (0, 4)
    assert found.regions == ("eu-west-1",)
    assert found.evidence["group"] == {"userIdentity.arn": USER}


def test_a_burst_that_is_not_complete_is_no_finding(bursts: CompiledRules) -> None:
    world = World(bursts)
    world.deliver(denied(0))
    world.deliver(denied(1))
    world.deliver(denied(1))

    assert burst(world) == []


def test_two_workers_at_once_complete_a_burst(bursts: CompiledRules) -> None:
    world = World(bursts)
    first, second = world.worker(), world.worker()
    first.handle(batch([envelope(denied(0)), envelope(denied(2))]))
    second.handle(batch([envelope(denied(1))]))

    (found,) = burst(world)
    assert found.events.count == 3


@pytest.mark.parametrize("seed", range(8))
def test_a_burst_in_any_order_three_times_gives_the_same_finding(
    bursts: CompiledRules, seed: int
) -> None:
    events = [
        denied(number * 20, awsRegion=f"eu-west-{1 + number % 3}", sourceIPAddress=f"192.0.2.{n}")
        for number, n in enumerate(range(12))
    ]
    once, again = World(bursts), World(bursts)
    once.deliver(*events)
    thrice = events * 3
    random.Random(seed).shuffle(thrice)  # noqa: S311 - it only mixes
    for start in range(0, len(thrice), 4):
        again.deliver(*thrice[start : start + 4])

    told = ("events", "severity", "regions", "source_ips", "first_seen", "last_seen", "evidence")
    (one,), (other,) = burst(once), burst(again)
    assert {name: getattr(one, name) for name in told} == {
        name: getattr(other, name) for name in told
    }
    assert one.occurrences == other.occurrences


def test_a_burst_is_quiet_if_all_of_it_is_in_whatever_batches(quieted: CompiledRules) -> None:
    world = World(quieted)
    for number in range(4):
        world.deliver(denied(number, userIdentity=as_user(DEPLOYER)))

    assert [one.severity for one in burst(world)] == [Severity.INFORMATIONAL]


@pytest.mark.parametrize("loud", range(4))
def test_a_burst_is_loud_if_one_of_it_is_in_whichever_batch(
    quieted: CompiledRules, loud: int
) -> None:
    world = World(quieted)
    for number in range(4):
        arn = USER if number == loud else DEPLOYER
        world.deliver(denied(number, userIdentity=as_user(arn)))

    (found,) = burst(world)
    assert (found.severity, found.account) == (Severity.MEDIUM, ACCOUNT)
    assert USER in found.principals


def test_only_the_messages_of_a_throttled_group_come_again(bursts: CompiledRules) -> None:
    eve, bob = as_user(USER), as_user(f"arn:aws:iam::{ACCOUNT}:user/bob")
    store = Throttled((bob["arn"],))
    world = World(bursts, hits=store)
    events = [denied(number, userIdentity=bob if number % 2 else eve) for number in range(6)]

    answer = world.deliver(*events)

    assert failed(answer) == ["m1", "m3", "m5"]
    store.refused.clear()
    assert failed(world.deliver(*events)) == []
    assert sorted(one.events.count for one in burst(world)) == [3, 3]


def test_single_matches_are_recorded_although_the_memory_is_out_of_reach(tmp_path: Path) -> None:
    both = compiled(rules(tmp_path, denied=DENIED, stopped=TRAIL_STOPPED))
    world = World(both, hits=Throttled((USER,)))
    answer = world.deliver(denied(0), event(1))

    assert failed(answer) == ["m0"]
    assert world.lines.reasons() == {"StoreBusyError": 1}
    assert [one.rule for one in world.tracked] == ["stopped"]


@pytest.fixture(scope="module")
def newness(tmp_path_factory: pytest.TempPathFactory) -> CompiledRules:
    return compiled(rules(tmp_path_factory.mktemp("rules"), region=NEW_COUNTRY))


def test_a_new_value_is_a_finding_once_the_rule_has_learned(newness: CompiledRules) -> None:
    world = World(newness)
    world.deliver(day(1))
    world.deliver(day(3))
    assert world.tracked == []

    world.deliver(day(5, awsRegion="ap-east-1"))

    (found,) = world.tracked
    assert found.region == "ap-east-1"
    assert found.reason.startswith("This was new: ")
    group = {"vedette.principal": USER, "awsRegion": "ap-east-1"}
    assert found.evidence["group"] == group


def test_a_worker_that_starts_anew_does_not_learn_anew(newness: CompiledRules) -> None:
    world = World(newness)
    world.deliver(day(1))
    worker = world.worker()
    worker.handle(batch([envelope(day(10, awsRegion="ap-east-1"))]))
    worker.handle(batch([envelope(day(11, awsRegion="af-south-1"))]))

    assert {one.region for one in world.tracked} == {"ap-east-1", "af-south-1"}


def test_a_rule_that_is_new_learns_first(newness: CompiledRules, tmp_path: Path) -> None:
    world = World(newness)
    world.deliver(day(1))
    renamed = compiled(rules(tmp_path, other=NEW_COUNTRY))
    later = World(renamed, hits=world.hits)
    later.deliver(day(10, awsRegion="ap-east-1"))
    assert later.tracked == []

    later.deliver(day(12, awsRegion="af-south-1"))

    assert [one.region for one in later.tracked] == ["af-south-1"]


def test_what_has_been_seen_lately_is_not_new_again(newness: CompiledRules) -> None:
    world = World(newness)
    for number in (1, 3, 9, 20):
        world.deliver(day(number))

    assert world.tracked == []


def test_a_new_value_delivered_again_is_one_event_of_one_finding(newness: CompiledRules) -> None:
    world = World(newness)
    world.deliver(day(1))
    for _ in range(3):
        world.deliver(day(9, awsRegion="ap-east-1"))

    (found,) = world.tracked
    assert (found.events.count, found.version) == (1, 1)


def test_learning_that_is_out_of_reach_fails_the_messages(newness: CompiledRules) -> None:
    world = World(newness, hits=Throttled(()))

    assert failed(world.deliver(day(1), event(2))) == ["m0"]


def test_long_names_in_a_burst_are_told_or_left_out_but_never_cost_the_burst(
    quieted: CompiledRules,
) -> None:
    world = World(quieted)
    for number in range(4):
        arn = f"arn:aws:iam::{ACCOUNT}:user/{'x' * 400}{number}"
        world.deliver(denied(number, userIdentity=as_user(arn), sourceIPAddress="é" * 2_000))

    (found,) = burst(world)
    assert (found.events.count, found.severity) == (4, Severity.MEDIUM)


def test_events_without_an_id_count_once_whichever_batch_tells_them(
    bursts: CompiledRules,
) -> None:
    world = World(bursts)
    for number in (0, 1, 2, 2, 1, 0):
        world.deliver(denied(number, eventID=None))

    assert [one.events.count for one in burst(world)] == [3]


@pytest.mark.parametrize(("succeeded", "severity"), [(None, Severity.LOW), (0, Severity.MEDIUM)])
def test_a_burst_is_as_severe_as_its_outcomes_in_whatever_batches(
    tmp_path: Path, succeeded: int | None, severity: Severity
) -> None:
    text = DENIED.replace("errorCode: AccessDenied", "eventName: ListUsers")
    lowered = f"{text.rstrip()}\nvedette:\n  outcome: {{denied: {{to: low}}}}\n"
    world = World(compiled(rules(tmp_path, denied=lowered)))
    for number in range(4):
        code = None if number == succeeded else "AccessDenied"
        world.deliver(event(number, eventName="ListUsers", errorCode=code))

    assert [one.severity for one in burst(world)] == [severity]
