"""Leases and marks in the state table."""

import pytest

from tests.aws.stores.made import Counting, error, together
from tests.findings.observing import at
from vedette.aws.stores.hits import DynamoHits
from vedette.aws.stores.state import Leases, Mark, Marks
from vedette.findings.store import StoreBusyError


class Clock:
    seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def leases(client: Counting, clock: Clock) -> Leases:
    return Leases(client, "state", now=clock)


def test_one_at_a_time_holds_a_lease(leases: Leases) -> None:
    assert leases.take("sweep", "one", 60)
    assert not leases.take("sweep", "two", 60)
    assert leases.take("digest", "two", 60)


def test_a_lease_is_prolonged_by_its_owner(leases: Leases, clock: Clock) -> None:
    leases.take("sweep", "one", 60)
    clock.seconds += 50
    assert leases.take("sweep", "one", 60)
    clock.seconds += 50

    assert not leases.take("sweep", "two", 60)


def test_a_lease_ends_by_itself_at_its_time(leases: Leases, clock: Clock) -> None:
    leases.take("sweep", "one", 60)

    clock.seconds += 59.5
    assert not leases.take("sweep", "two", 60)
    clock.seconds += 0.5
    assert leases.take("sweep", "two", 60)


def test_a_lease_is_given_back_by_its_owner_alone(leases: Leases) -> None:
    leases.take("sweep", "one", 60)

    assert not leases.release("sweep", "two")
    assert leases.release("sweep", "one")
    assert not leases.release("sweep", "one")
    assert leases.take("sweep", "two", 60)


def test_of_many_that_want_a_lease_at_once_one_gets_it(leases: Leases) -> None:
    got: list[bool] = []

    with together(
        *(lambda one=one: got.append(leases.take("sweep", f"{one}", 60)) for one in range(12))
    ):
        assert sorted(got) == [False] * 11 + [True]


def test_a_lease_that_could_not_be_asked_for_is_not_refused(
    leases: Leases, client: Counting
) -> None:
    client.failing["put_item"] = lambda _: error("ThrottlingException")

    with pytest.raises(StoreBusyError):
        leases.take("sweep", "one", 60)


def test_a_mark_moves_forward_alone(client: Counting) -> None:
    marks = Marks(client, "state")

    assert marks.get("sweep") is None
    assert marks.set("sweep", at(5), "12 accounts")
    assert not marks.set("sweep", at(4), "late")
    assert not marks.set("sweep", at(5), "again")
    assert marks.get("sweep") == Mark(at(5), "12 accounts")
    assert marks.set("sweep", at(5.001))
    assert marks.get("canary") is None


def test_the_declared_calls_are_those_that_are_made(client: Counting, leases: Leases) -> None:
    leases.take("sweep", "one", 60)
    leases.release("sweep", "one")
    assert {f"dynamodb:{one.title().replace('_', '')}" for one in client.calls} == Leases.CALLS

    client.calls.clear()
    marks = Marks(client, "state")
    marks.set("sweep", at(5))
    marks.get("sweep")
    assert {f"dynamodb:{one.title().replace('_', '')}" for one in client.calls} == Marks.CALLS

    client.calls.clear()
    DynamoHits(client, "state", {}).add("r", ("g",), [])
    assert {f"dynamodb:{one.title().replace('_', '')}" for one in client.calls} == DynamoHits.CALLS
