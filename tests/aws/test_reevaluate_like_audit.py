"""Whatever changed at once, a re-evaluation judges it as an audit of the whole account does."""

from typing import Any

import pytest

from tests.aws.truth.world import ACCOUNT, REGION, seed
from tests.aws.truth.worlds import all_worlds
from tests.aws.watching import CONTENT, TwoRegions, audited, every, only
from tests.fakes.findings import MemoryFindings
from vedette.aws.stand_in.server import StandIn
from vedette.findings.finding import Finding
from vedette.findings.tracked import FindingStatus
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate import Reevaluation
from vedette.posture.changes import Resolution
from vedette.resources.keys import ResourceKey

ACCOUNT_TYPE = "AWS::::Account"
RULES = {one.id: one for one in CONTENT.rules}
# The stand-in tells ages of credentials in the report alone, not where it is asked about a user.
OF_AGES = (
    "iam/user_access_keys_are_in_use",
    "iam/user_access_keys_are_rotated",
    "iam/user_password_is_in_use",
    "iam/user_with_password_has_no_untouched_key",
)
JUDGED = only(*(one for one in RULES if one not in OF_AGES))
WORLDS = (
    "awslambda-functions",
    "cloudtrail-bad trails",
    "cloudwatch-watched",
    "config-some types only",
    "ec2-company",
    "ec2_network-security groups",
    "iam-careless",
    "kms-keys",
    "rds-snapshots",
    "s3-open-account",
    "secretsmanager-secrets",
    "sns-topics",
    "vpc-networks",
)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


class Told:
    """Takes keys themselves for records."""

    def resolve(self, record: Any) -> Resolution:
        return Resolution(frozenset({record}))


def key_of(finding: Finding) -> ResourceKey:
    kind = RULES[finding.rule].rule.resource_type
    return ResourceKey(
        type=kind.type,
        id=finding.resource.id,
        account=ACCOUNT,
        region=finding.region,
        service=kind.service if kind.type == ACCOUNT_TYPE else None,
    )


@pytest.mark.parametrize("world", WORLDS)
def test_all_that_changed_at_once_is_judged_as_an_audit_judges_it(
    stand_in: StandIn, world: str
) -> None:
    seed(stand_in, all_worlds()[world])
    expected = [one for one in audited(stand_in) if one.rule not in OF_AGES]
    keys = sorted({key_of(one) for one in expected}, key=str)
    store = MemoryFindings()
    operation = Reevaluation(Told(), JUDGED, fleet=TwoRegions(stand_in), store=store)

    result = operation.run([(str(number), key) for number, key in enumerate(keys)])

    assert not result.retry
    failed = {one.id for one in expected if one.verdict is Verdict.FAILED}
    assert {one.id for one in every(store) if one.status is FindingStatus.OPEN} == failed
    assert result.verdicts == {
        verdict: sum(one.verdict is verdict for one in expected)
        for verdict in (Verdict.PASSED, Verdict.FAILED)
    }


def test_what_passes_closes_what_an_earlier_look_opened(stand_in: StandIn) -> None:
    seed(stand_in, all_worlds()["sqs-queues"])
    expected = audited(stand_in)
    keys = sorted({key_of(one) for one in expected if one.rule.startswith("sqs/")}, key=str)
    store = MemoryFindings()
    operation = Reevaluation(Told(), CONTENT, fleet=TwoRegions(stand_in), store=store)
    operation.run([("m", key) for key in keys])
    opened = [one for one in every(store) if one.status is FindingStatus.OPEN]
    assert opened
    sqs = stand_in.client("sqs", REGION)
    for url in sqs.list_queues()["QueueUrls"]:
        sqs.delete_queue(QueueUrl=url)

    operation.run([("m", key) for key in keys])

    assert {one.status for one in every(store)} == {FindingStatus.RESOLVED}
