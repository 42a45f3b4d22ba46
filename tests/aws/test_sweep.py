"""A sweep of a whole account: it finds what an audit finds, and then writes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tests.aws.stores.made import make_table
from tests.aws.truth.world import ACCOUNT, REGION, Seeding, seed
from tests.aws.truth.worlds import all_worlds
from tests.aws.watching import CONTENT, REGIONS, TwoRegions, audited, only
from tests.fakes.findings import MemoryFindings
from tests.fakes.marks import MemoryMarks
from vedette.aws.stand_in.server import StandIn
from vedette.aws.stores import tables
from vedette.aws.stores.findings import DynamoFindings
from vedette.aws.stores.state import Marks
from vedette.findings.store import FindingStore
from vedette.findings.tracked import FindingStatus
from vedette.findings.verdict import Verdict
from vedette.operations.reevaluate_content import PostureContent
from vedette.operations.sweep import Sweep
from vedette.operations.sweep_memory import Marks as MarksPort
from vedette.operations.sweep_memory import Unit
from vedette.resources.resource import GLOBAL_REGION

UNITS = [Unit(account=ACCOUNT, region=one) for one in (GLOBAL_REGION, *REGIONS)]
WORLDS = (
    "cloudtrail-bad trails",
    "config-no recorder",
    "ec2-company",
    "iam-careless",
    "s3-open-account",
    "sqs-queues",
)
WRITES = ("UpdateItem", "PutItem", "TransactWriteItems", "DeleteItem", "BatchWriteItem")


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")


def clock() -> Any:
    seconds = count()
    return lambda: datetime.now(UTC) + timedelta(seconds=next(seconds))


def sweep(
    stand_in: StandIn, store: FindingStore, marks: MarksPort, content: PostureContent = CONTENT
) -> Sweep:
    return Sweep(content, fleet=TwoRegions(stand_in), store=store, marks=marks, now=clock())


def seed_all(stand_in: StandIn, *names: str) -> None:
    worlds = all_worlds()
    for name in names:
        seed(stand_in, worlds[name])


def written(stand_in: StandIn) -> int:
    counts = stand_in.recorder.by_operation()
    return sum(counts[f"dynamodb:{one}"] for one in WRITES)


def open_ids(store: MemoryFindings) -> Iterator[tuple[str, str]]:
    for rule in CONTENT.rules:
        for one in store.of_rule(ACCOUNT, rule.id):
            if one.status is FindingStatus.OPEN:
                yield one.id, one.reason


def test_a_sweep_finds_exactly_what_an_audit_finds(stand_in: StandIn) -> None:
    seed_all(stand_in, *WORLDS)
    store = MemoryFindings()

    swept = sweep(stand_in, store, MemoryMarks()).run(UNITS, "first")

    assert [one.failed for one in swept] == [None, None, None]
    found = dict(open_ids(store))
    assert len(found) > 50
    assert found == {
        one.id: one.reason for one in audited(stand_in) if one.verdict is Verdict.FAILED
    }


def test_the_second_sweep_of_an_unchanged_account_writes_nothing(stand_in: StandIn) -> None:
    dynamodb = stand_in.client("dynamodb", "eu-north-1")
    make_table(dynamodb, "findings", tables.FINDINGS)
    make_table(dynamodb, "state", tables.STATE)
    seed_all(stand_in, "s3-open-account", "sqs-queues")
    operation = sweep(
        stand_in,
        DynamoFindings(dynamodb, "findings"),
        Marks(dynamodb, "state"),
        only(*(one.id for one in CONTENT.rules if one.service in ("s3", "sqs"))),
    )
    first = operation.run(UNITS, "first")
    assert sum(one.baseline for one in first) > 5
    stand_in.recorder.clear()

    second = operation.run(UNITS, "second")

    assert written(stand_in) == 0
    assert all(one.failed is None and not one.transitions for one in second)
    assert [one.verdicts for one in second] == [one.verdicts for one in first]


def test_a_sweep_asks_few_at_once_and_lists_each_kind_once(stand_in: StandIn) -> None:
    sqs = Seeding(stand_in)("sqs")
    for number in range(40):
        sqs.create_queue(QueueName=f"q{number}")
    content = only("sqs/queue_is_encrypted", "sqs/queue_policy_is_not_public")
    operation = sweep(stand_in, MemoryFindings(), MemoryMarks(), content)
    stand_in.recorder.clear()

    operation.run([Unit(account=ACCOUNT, region=REGION)], "first")

    counts = stand_in.recorder.by_operation()
    assert counts["sqs:ListQueues"] == 1
    assert counts["sqs:GetQueueAttributes"] == 40
    assert stand_in.recorder.peak <= 4


def test_a_region_that_an_organisation_switches_off_closes_nothing(stand_in: StandIn) -> None:
    Seeding(stand_in)("sqs").create_queue(QueueName="letters")
    content = only("sqs/queue_is_encrypted")
    store = MemoryFindings()
    operation = sweep(stand_in, store, MemoryMarks(), content)
    unit = Unit(account=ACCOUNT, region=REGION)
    Seeding(stand_in)("sqs").set_queue_attributes(
        QueueUrl=Seeding(stand_in)("sqs").get_queue_url(QueueName="letters")["QueueUrl"],
        Attributes={"SqsManagedSseEnabled": "false"},
    )
    operation.run([unit], "first")
    assert [one.status for one in store.of_rule(ACCOUNT, "sqs/queue_is_encrypted")] == [
        FindingStatus.OPEN
    ]
    stand_in.faults.deny("sqs:*", by="service control policy")

    (swept,) = operation.run([unit], "second")

    assert not swept.transitions
    assert [one.status for one in store.of_rule(ACCOUNT, "sqs/queue_is_encrypted")] == [
        FindingStatus.OPEN
    ]
