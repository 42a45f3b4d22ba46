"""Each role against what its function does: nothing is denied, and nothing is given in vain."""

from collections.abc import Iterator

import pytest

from tests.deployed.harness.iam.policies import listed
from tests.deployed.harness.iam.principals import role
from tests.deployed.world import World

STOPPED = "defense_evasion/trail_stopped_or_deleted"
PUBLIC = "s3/bucket_is_not_publicly_readable"
# Allowed, though nothing that is run here uses it.
UNUSED = {
    "logs:CreateLogStream": "Lambda itself writes the logs, as the function's role",
    "logs:PutLogEvents": "Lambda itself writes the logs, as the function's role",
    "sqs:GetQueueAttributes": "Lambda's poller asks for it; this one does not need to",
    "sqs:SendMessage": "only after the last retry: see test_trouble",
    "dynamodb:GetItem": "a finding is read again only if somebody wrote it at the same time",
    "dynamodb:Query": "findings of a resource are looked up when it is gone: see test_buckets",
    "dynamodb:UpdateItem": "a repeat that adds nothing writes nothing",
}


def detect(world: World) -> bool:
    world.happen(world.event("cloudtrail", "StopLogging", {"name": "main"}))
    world.settle()
    return len(world.findings(STOPPED)) == 1 and any(
        one.get("finding", {}).get("rule") == STOPPED for one in world.alerts()
    )


def reevaluate(world: World) -> bool:
    world.make_bucket("invoices")
    world.happen(world.event("s3", "PutBucketPolicy", {"bucketName": "invoices"}))
    world.settle()
    return len(world.findings(PUBLIC)) == 1


def actions_of(world: World, handler: str) -> Iterator[str]:
    functions = world.deployment.functions
    arn = functions.role_of(functions.named(f".{handler}."))
    for statement in role(arn).statements:
        yield from listed(statement["Action"])


def test_what_functions_are_allowed_they_use_or_it_is_known_why_not(
    world: World,
) -> None:
    assert detect(world)
    assert reevaluate(world)
    authorizer = world.deployment.endpoint.authorizer
    assert authorizer.refused == []
    functions = world.deployment.functions
    report: dict[str, list[str]] = {}
    for handler in ("detect", "reevaluate", "dispatch"):
        arn = functions.role_of(functions.named(f".{handler}."))
        used = {one.access.action for one in authorizer.allowed if one.principal == arn}
        report[handler] = sorted(set(actions_of(world, handler)) - used)
    unexplained = {
        handler: [one for one in unused if one not in UNUSED] for handler, unused in report.items()
    }
    assert unexplained == {"detect": [], "reevaluate": [], "dispatch": []}


@pytest.mark.parametrize(
    ("handler", "action"),
    [
        ("detect", "dynamodb:PutItem"),
        ("dispatch", "sns:Publish"),
        ("dispatch", "dynamodb:UpdateItem"),
    ],
)
def test_without_a_write_that_it_is_allowed_a_function_does_not_get_its_work_done(
    world: World, handler: str, action: str
) -> None:
    functions = world.deployment.functions
    arn = functions.role_of(functions.named(f".{handler}."))
    assert action in set(actions_of(world, handler))
    with world.deployment.endpoint.authorizer.withholding(arn, action):
        done = detect(world)
    refused = {one.access.action for one in world.deployment.endpoint.authorizer.refused}
    assert action in refused
    (finding,) = world.findings(STOPPED) or ({"announced_version": 0, "version": 1},)
    assert not done or int(finding.get("announced_version", 0)) < int(finding["version"])
