"""One message a second, however many functions send."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.aws.stores.made import make_table
from vedette.alerting.sender import SenderBusyError
from vedette.aws.senders.pace import Pace
from vedette.aws.stores import tables
from vedette.aws.stores.state import Leases
from vedette.findings.store import StoreBusyError


class Time:
    """Passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class NoLeases:
    """A state table that is not to be had."""

    def take(self, name: str, owner: str, seconds: int) -> bool:
        raise StoreBusyError("dynamodb:PutItem was throttled")


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client(
            "dynamodb",
            region_name="eu-west-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
        )
        make_table(client, "state", tables.STATE)
        yield client


def test_two_functions_together_send_one_message_a_second(dynamodb: Any) -> None:
    time = Time()
    leases = [Leases(dynamodb, "state", now=time) for _ in range(2)]
    paces = [Pace(one, lambda: 100, time.sleep) for one in leases]
    began = time.now
    sent = []
    for number in range(10):
        paces[number % 2].wait()
        sent.append(time.now)

    apart = [later - earlier for earlier, later in pairwise(sent)]
    assert sent[0] == began
    assert min(apart) >= 1
    assert max(apart) < 1.5


def test_where_the_time_is_nearly_up_nothing_more_is_sent(dynamodb: Any) -> None:
    pace = Pace(Leases(dynamodb, "state"), lambda: 14.9)

    with pytest.raises(SenderBusyError, match="the time is up"):
        pace.wait()


def test_waiting_ends_with_the_time(dynamodb: Any) -> None:
    time = Time()
    leases = Leases(dynamodb, "state", now=lambda: 1_000_000.0)
    leases.take("publish", "somebody who does not let go", 60)
    end = time.now + 20

    with pytest.raises(SenderBusyError):
        Pace(leases, lambda: end - time.now, time.sleep).wait()


def test_without_a_state_table_alerts_go_out_a_second_apart() -> None:
    time = Time()
    pace = Pace(NoLeases(), lambda: 100, time.sleep)

    pace.wait()

    assert time.now == 1_000_001.0
