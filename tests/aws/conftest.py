"""One stand-in for all tests of a process: it starts once and is emptied for each test."""

from collections.abc import Iterator

import pytest

from vedette.aws.stand_in.server import StandIn


@pytest.fixture(scope="session")
def running_stand_in() -> Iterator[StandIn]:
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running_stand_in: StandIn) -> StandIn:
    running_stand_in.reset()
    return running_stand_in
