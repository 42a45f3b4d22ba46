from collections import Counter
from collections.abc import Iterator
from threading import Lock
from typing import Any

import pytest

from tests.fakes.clients import FakeClients, raising, refused, unreachable
from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.driver import Collected, Driver, Plan
from vedette.aws.collect.reader import Reader, Scope, UndeclaredCallError
from vedette.resources.coverage import NoteKind
from vedette.resources.facts import known, why_unreadable
from vedette.resources.s3 import NOTHING_BLOCKED, S3Account, S3Bucket

LIST, BLOCK = "s3:ListBuckets", "s3:GetPublicAccessBlock"
REGIONS = ("eu-west-1", "us-east-1")
SCP = "explicit deny in a service control policy"
FACTS = Plan(facts={S3Bucket: frozenset({"public_access_block"})})
NO_FACTS = Plan(facts={S3Bucket: frozenset()})


def find(reader: Reader, only: frozenset[str] | None) -> Iterator[S3Bucket]:
    for bucket in reader.call(LIST)["Buckets"]:
        name = f"{bucket['Name']}-{reader.region}"
        yield S3Bucket(arn=f"arn:aws:s3:::{name}", id=name, account="1", region=reader.region)


def read_block(reader: Reader, bucket: S3Bucket) -> Any:
    answer = reader.call(BLOCK, Bucket=bucket.id)
    return NOTHING_BLOCKED if answer["Block"] == "nothing" else answer["Block"]


BUCKETS = Collector(
    kind=S3Bucket,
    calls=(LIST,),
    find=find,
    details=(fact("public_access_block", BLOCK, read=read_block),),
    gone=frozenset({"NoSuchBucket"}),
)


def clients(**changes: Any) -> FakeClients:
    answers = {
        "list_buckets": lambda **_: {"Buckets": [{"Name": "a"}, {"Name": "b"}]},
        "get_public_access_block": lambda **_: {"Block": "nothing"},
    }
    return FakeClients(answers=answers | changes)


def collect(source: FakeClients, plan: Plan = FACTS, collector: Any = BUCKETS) -> Collected:
    scope = Scope(account="1", partition="aws", regions=REGIONS, home="us-east-1")
    return Driver([collector], plan, scope, source).run(workers=4)


def test_every_region_is_listed_and_every_detail_read() -> None:
    collected = collect(clients())

    assert sorted(one.id for one in collected.resources) == [
        "a-eu-west-1",
        "a-us-east-1",
        "b-eu-west-1",
        "b-us-east-1",
    ]
    for bucket in collected.resources:
        assert isinstance(bucket, S3Bucket)
        assert known(bucket.public_access_block) == NOTHING_BLOCKED
    assert all(one.looked_at == 2 and one.complete for one in collected.coverage)
    assert all(one.problem is None for one in collected.listings)


def test_a_fact_that_no_rule_reads_is_not_asked_for() -> None:
    source = clients(get_public_access_block=raising(AssertionError("asked for")))

    collected = collect(source, NO_FACTS)

    assert len(collected.resources) == 4


def test_a_kind_that_no_rule_reads_is_not_listed() -> None:
    source = clients(list_buckets=raising(AssertionError("listed")))

    assert collect(source, Plan(facts={})).resources == []


def test_a_denied_detail_leaves_the_resource_with_an_unreadable_fact() -> None:
    collected = collect(clients(get_public_access_block=raising(refused("AccessDenied"))))

    for bucket in collected.resources:
        assert isinstance(bucket, S3Bucket)
        assert why_unreadable(bucket.public_access_block) == f"{BLOCK} was denied (AccessDenied)"
    assert [(one.looked_at, one.denied, one.errors) for one in collected.coverage] == [
        (2, 2, 0),
        (2, 2, 0),
    ]


def test_a_denied_listing_is_told_as_its_region_s_problem() -> None:
    source = clients()
    source.by_region["us-east-1"] = {"list_buckets": raising(refused("AccessDenied"))}

    collected = collect(source)

    problems = {one.region: one.problem for one in collected.listings}
    assert problems == {
        "eu-west-1": None,
        "us-east-1": f"{LIST} was denied (AccessDenied)",
    }
    assert len(collected.resources) == 2


@pytest.mark.parametrize("answer", [{}, {"Buckets": None}, {"Buckets": [{}]}, {"Buckets": [1]}])
def test_a_listing_out_of_shape_is_a_problem_and_no_crash(answer: Any) -> None:
    collected = collect(clients(list_buckets=lambda **_: answer))

    assert all("unexpected answer" in str(one.problem) for one in collected.listings)


@pytest.mark.parametrize("answer", [{}, {"Block": 7}, None])
def test_a_detail_out_of_shape_is_an_unreadable_fact_and_no_crash(answer: Any) -> None:
    collected = collect(clients(get_public_access_block=lambda **_: answer))

    for bucket in collected.resources:
        assert isinstance(bucket, S3Bucket)
        assert "unexpected answer" in str(why_unreadable(bucket.public_access_block))
    assert all(one.errors == 2 for one in collected.coverage)


def test_a_resource_deleted_while_it_is_read_is_gone() -> None:
    collected = collect(clients(get_public_access_block=raising(refused("NoSuchBucket"))))

    assert collected.resources == []
    assert [(one.gone, one.complete) for one in collected.coverage] == [(2, True), (2, True)]


def test_what_was_listed_before_a_failure_is_kept() -> None:
    def partly(reader: Reader, only: frozenset[str] | None) -> Iterator[S3Bucket]:
        yield from find(reader, only)
        reader.call(BLOCK)

    collector = Collector(kind=S3Bucket, calls=(LIST, BLOCK), find=partly)
    collected = collect(
        clients(get_public_access_block=raising(refused("InternalError"))), NO_FACTS, collector
    )

    assert len(collected.resources) == 4
    assert all(one.problem for one in collected.listings)


def test_a_region_that_a_policy_switches_off_is_a_note_and_no_error() -> None:
    source = clients()
    source.by_region["us-east-1"] = {"list_buckets": raising(refused("AccessDenied", SCP))}

    collected = collect(source)

    assert [one.region for one in collected.listings] == ["eu-west-1"]
    assert [one.region for one in collected.coverage] == ["eu-west-1"]
    assert [(one.kind, one.region) for one in collected.notes] == [
        (NoteKind.REGION_OFF_BY_ORGANISATION, "us-east-1")
    ]


def test_a_listing_that_asks_nothing_does_not_keep_a_region_on() -> None:
    def always(reader: Reader, only: frozenset[str] | None) -> Iterator[S3Account]:
        yield S3Account(arn="a", id="1", account="1", region=reader.region)

    unasked = Collector(kind=S3Account, calls=(), find=always)
    source = clients()
    source.by_region["us-east-1"] = {"list_buckets": raising(refused("AccessDenied", SCP))}
    scope = Scope(account="1", partition="aws", regions=REGIONS, home="us-east-1")
    plan = Plan(facts={S3Bucket: frozenset(), S3Account: frozenset()})

    collected = Driver([BUCKETS, unasked], plan, scope, source).run(workers=2)

    assert {one.region for one in collected.resources} == {"eu-west-1"}
    assert {one.region for one in collected.listings} == {"eu-west-1"}


def test_one_denied_detail_by_a_policy_does_not_switch_the_region_off() -> None:
    collected = collect(clients(get_public_access_block=raising(refused("AccessDenied", SCP))))

    assert collected.notes == []
    assert all(one.denied == 2 for one in collected.coverage)


def test_a_service_that_a_region_does_not_have_is_a_note() -> None:
    source = clients(list_buckets=raising(unreachable()))
    source.served = False

    collected = collect(source)

    assert {one.kind for one in collected.notes} == {NoteKind.SERVICE_ABSENT}
    assert all(one.problem is None for one in collected.listings)


def test_a_service_that_should_answer_but_does_not_is_a_problem() -> None:
    collected = collect(clients(list_buckets=raising(unreachable())))

    assert collected.notes == []
    assert all("unreachable" in str(one.problem) for one in collected.listings)


def test_a_service_without_a_subscription_is_a_note() -> None:
    collected = collect(clients(list_buckets=raising(refused("OptInRequired"))))

    assert len(collected.notes) == 2


def test_clients_are_dropped_when_their_region_is_done() -> None:
    source = clients()

    collect(source)

    assert sorted(source.dropped) == sorted(REGIONS)


def test_only_the_named_resources_are_read() -> None:
    read: Counter[str] = Counter()
    lock = Lock()

    def answer(Bucket: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        with lock:
            read[Bucket] += 1
        return {"Block": "nothing"}

    plan = Plan(facts=FACTS.facts, only={S3Bucket: frozenset({"b-eu-west-1"})})
    collected = collect(clients(get_public_access_block=answer), plan)

    assert [one.id for one in collected.resources] == ["b-eu-west-1"]
    assert read == {"b-eu-west-1": 1}


def test_a_named_resource_that_does_not_exist_is_no_problem_of_the_listing() -> None:
    plan = Plan(facts=FACTS.facts, only={S3Bucket: frozenset({"nowhere"})})

    collected = collect(clients(list_buckets=raising(refused("NoSuchBucket"))), plan)

    assert all(one.problem is None for one in collected.listings)


def test_an_undeclared_call_is_a_bug_and_comes_out() -> None:
    careless = Collector(kind=S3Bucket, calls=(), find=find)

    with pytest.raises(UndeclaredCallError):
        collect(clients(), NO_FACTS, careless)


def test_progress_counts_up_to_the_total() -> None:
    steps: list[tuple[int, int]] = []
    scope = Scope(account="1", partition="aws", regions=REGIONS, home="us-east-1")

    Driver([BUCKETS], FACTS, scope, clients()).run(
        workers=2, progress=lambda done, total, _: steps.append((done, total))
    )

    assert [done for done, _ in steps] == list(range(1, 7))
    assert steps[-1] == (6, 6)
