"""What collectors declare is what they call: the policy made from it is enough, and no wider."""

from collections import Counter, defaultdict

import pytest

from tests.aws.truth.world import REGION, World, seed
from tests.aws.truth.worlds import all_worlds
from vedette.aws.collect.catalogue import collectors
from vedette.aws.session import SessionOptions
from vedette.aws.stand_in.server import StandIn
from vedette.operations.account_reading import ReadingOptions
from vedette.operations.audit import AuditRequest, audit
from vedette.operations.permissions import ALWAYS_CALLED, audit_operations
from vedette.operations.selection import Named, Selection, plan_for
from vedette.posture.catalogue import load_posture_rules

RULES = load_posture_rules()
TAGS = "resourcegroupstaggingapi:GetResources"
RARE = frozenset(
    {
        # Resources that the user names by ARN are asked for directly.
        "lambda:GetFunctionConfiguration",
        "s3:GetBucketLocation",
        "secretsmanager:DescribeSecret",
        "sqs:GetQueueUrl",
        # Users whom the credential report does not know yet are asked for directly.
        "iam:GetAccessKeyLastUsed",
        "iam:GetLoginProfile",
        "iam:GetUser",
        "iam:ListAccessKeys",
        "iam:ListMFADevices",
        # Where IAM does not say whether the organisation manages root credentials.
        "organizations:DescribeOrganization",
        # Where a security group names a prefix list.
        "ec2:GetManagedPrefixListEntries",
    }
)


def worlds_by_service() -> dict[str, list[World]]:
    found: defaultdict[str, list[World]] = defaultdict(list)
    for name, world in all_worlds().items():
        found[name.partition("-")[0]].append(world)
    return found


WORLDS = worlds_by_service()


def declared_for(rules: set[str]) -> set[str]:
    plan = plan_for([rule for rule in RULES if rule.id in rules], Named(ids={}))
    operations = set(ALWAYS_CALLED)
    for one in collectors():
        if one.kind in plan.facts:
            operations.update(one.calls)
            for detail in one.wanted(plan.facts[one.kind]):
                operations.update(detail.calls)
    return operations


@pytest.mark.parametrize("service", WORLDS)
def test_a_service_is_read_with_the_declared_calls_and_all_of_them(
    stand_in: StandIn, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    recorded: Counter[str] = Counter()
    judged: set[str] = set()
    for world in WORLDS[service]:
        stand_in.reset()
        seed(stand_in, world)
        stand_in.recorder.clear()
        audit(
            AuditRequest(
                selection=Selection(rules=sorted(world.verdicts)),
                reading=ReadingOptions(
                    session=SessionOptions(endpoint_url=stand_in.endpoint_url, region=REGION),
                    regions=(REGION, "us-east-1"),
                ),
            )
        )
        recorded += stand_in.recorder.by_operation()
        judged |= set(world.verdicts)

    declared = declared_for(judged)
    assert set(recorded) - declared == set()
    assert declared - set(recorded) - RARE - {TAGS} == set()


def test_the_policy_is_what_the_services_declare() -> None:
    by_service = [declared_for(set(one.verdicts)) for one in all_worlds().values()]

    assert set().union(*by_service) == audit_operations()
