"""What cannot be read is UNKNOWN, one operation at a time, and never turns into another verdict."""

from collections.abc import Iterator

import pytest

from tests.aws.truth.world import REGION, World, seed
from tests.aws.truth.worlds import all_worlds
from vedette.aws.collect.catalogue import collectors
from vedette.aws.session import SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.findings.verdict import Verdict
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.selection import Selection
from vedette.posture.catalogue import load_posture_rules

WORLDS = all_worlds()
RULES = {rule.id: rule.rule for rule in load_posture_rules()}
Verdicts = dict[tuple[str, str, str], Verdict]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def judged(stand_in: StandIn, world: World) -> Verdicts:
    request = AuditRequest(
        selection=Selection(rules=sorted(world.verdicts)),
        reading=ReadingOptions(
            session=SessionOptions(endpoint_url=stand_in.endpoint_url, region=REGION),
            regions=(REGION, "us-east-1"),
        ),
        include_passed=True,
    )
    return {
        (one.rule, one.region, one.resource.id): one.verdict
        for one in audit(request).report.findings
    }


def operations_of(world: World) -> Iterator[str]:
    """Yield the operations that serve the facts of the world's rules, those of tags aside."""
    wanted = {key for rule in world.verdicts for key in RULES[rule].reads}
    kinds = {kind for kind, _ in wanted}
    found = {
        operation
        for one in collectors()
        if one.kind in kinds
        for operation in (
            *one.calls,
            *(
                call
                for detail in one.details
                if any((one.kind, fact) in wanted for fact in detail.facts)
                for call in detail.calls
            ),
        )
    }
    yield from sorted(found)


def reads_by(rule: str, operation: str) -> bool:
    """Tell whether some fact of the rule takes this operation."""
    return any(
        operation in one.calls
        or any(operation in detail.calls and fact in detail.facts for detail in one.details)
        for one in collectors()
        for kind, fact in RULES[rule].reads
        if one.kind is kind
    )


CASES = [
    pytest.param(world, operation, id=f"{name}-{operation}")
    for name, world in WORLDS.items()
    for operation in operations_of(world)
]


@pytest.mark.parametrize(("world", "operation"), CASES)
def test_a_denied_operation_makes_unknown_and_nothing_else(
    stand_in: StandIn, world: World, operation: str
) -> None:
    seed(stand_in, world)
    before = judged(stand_in, world)
    fault = stand_in.faults.deny(operation)

    after = judged(stand_in, world)

    changed = {
        key: verdict
        for key, verdict in after.items()
        if before.get(key, Verdict.UNKNOWN) is not verdict
    }
    assert set(changed.values()) <= {Verdict.UNKNOWN}
    assert {rule for rule, _, _ in changed} <= {one for one in RULES if reads_by(one, operation)}
    if fault.hits:
        unknown = {rule for (rule, _, _), verdict in after.items() if verdict is Verdict.UNKNOWN}
        assert unknown, f"{operation} was denied and nothing is unknown"
