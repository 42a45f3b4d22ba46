"""A resource that is named by its ARN gets the verdicts that it gets among all, in fewer calls."""

import pytest

from tests.aws.truth.world import REGION, World, seed
from tests.aws.truth.worlds import all_worlds
from vedette.aws.collect.catalogue import resource_named_by
from vedette.aws.session import SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.findings.finding import Finding
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.selection import Selection
from vedette.resources.arn import ArnError, parse_arn

WORLDS = all_worlds()
ACCOUNT_TYPE = "AWS::::Account"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")


def findings(stand_in: StandIn, world: World, *resources: str) -> list[Finding]:
    request = AuditRequest(
        selection=Selection(rules=sorted(world.verdicts), resources=resources),
        reading=ReadingOptions(
            session=SessionOptions(endpoint_url=stand_in.endpoint_url, region=REGION),
            regions=(REGION, "us-east-1"),
        ),
        include_passed=True,
    )
    return list(audit(request).report.findings)


def nameable(finding: Finding) -> bool:
    try:
        resource_named_by(parse_arn(finding.resource.arn))
    except ArnError:
        return False
    return True


def one_of_each_type(found: list[Finding]) -> dict[str, str]:
    return {one.resource.type: one.resource.arn for one in found if nameable(one)}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_a_named_resource_gets_the_same_verdicts(stand_in: StandIn, world: World) -> None:
    seed(stand_in, world)
    everything = findings(stand_in, world)
    types = {one.resource.type for one in everything} - {ACCOUNT_TYPE}

    named = one_of_each_type(everything)

    assert set(named) == types, "resources of some type cannot be named"
    for arn in named.values():
        among_all = {one.id: one.verdict for one in everything if one.resource.arn == arn}
        alone = {one.id: one.verdict for one in findings(stand_in, world, arn)}
        assert alone == among_all
