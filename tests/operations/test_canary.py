"""The canary notices when calls stop coming back, and when they come back again."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.operations.detecting import Lines, envelope
from tests.operations.hunting import event
from vedette.aws.stores.state import Mark
from vedette.operations.canary import (
    KINDS,
    PATIENCE,
    CanaryLostError,
    fly,
    overdue,
    returned_mark,
)
from vedette.operations.detect_ours import CANARY_CALLS
from vedette.operations.patterns import region_patterns
from vedette.operations.telemetry import Telemetry

START = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Marks:
    """Keeps marks in memory, as the table does."""

    def __init__(self) -> None:
        self._marks: dict[str, Mark] = {}

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        if (known := self._marks.get(name)) is not None and known.at >= at:
            return False
        self._marks[name] = Mark(at, detail)
        return True

    def get(self, name: str) -> Mark | None:
        return self._marks.get(name)


class Sky:
    """Makes calls that come back, as long as `silent` does not name their kind."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.now = START
        self.silent: set[str] = set()
        self.calls: list[str] = []
        self.lines = Lines()

    def call(self, kind: str) -> str:
        self.calls.append(kind)
        return f"{kind}-{len(self.calls)}"

    def fly(self) -> None:
        fly(self, self.marks, Telemetry("canary", self.lines), lambda: self.now)
        self.deliver()

    def deliver(self) -> None:
        for number, kind in enumerate(self.calls, start=1):
            if kind not in self.silent:
                at = self.now + timedelta(minutes=10, seconds=number)
                self.marks.set(returned_mark(kind), at, f"{kind}-{number}")


@pytest.fixture
def sky() -> Sky:
    return Sky()


def test_calls_that_come_back_are_well(sky: Sky) -> None:
    for _ in range(30):
        sky.fly()
        sky.now += HOUR

    assert sky.calls == list(KINDS) * 30


def test_the_first_calls_are_given_time(sky: Sky) -> None:
    sky.silent = set(KINDS)
    sky.fly()
    sky.now += HOUR
    sky.fly()

    assert not overdue("write", sky.marks, sky.now)


@pytest.mark.parametrize("kind", KINDS)
def test_calls_of_a_kind_that_never_come_back_are_noticed(sky: Sky, kind: str) -> None:
    sky.silent = {kind}
    for _ in range(3):
        sky.fly()
        sky.now += HOUR

    with pytest.raises(CanaryLostError, match=f"no {kind} of"):
        sky.fly()


def test_silence_after_a_long_time_is_noticed_and_stays_noticed_when_tried_again(
    sky: Sky,
) -> None:
    for _ in range(5):
        sky.fly()
        sky.now += HOUR
    sky.silent = set(KINDS)
    sky.fly()
    sky.now += HOUR
    sky.fly()
    sky.now += 2 * HOUR

    for _ in range(6):
        with pytest.raises(CanaryLostError, match="no write and no denied_read"):
            sky.fly()
        sky.now += timedelta(minutes=1)


def test_calls_that_come_back_again_are_well_again(sky: Sky) -> None:
    sky.silent = set(KINDS)
    for _ in range(2):
        sky.fly()
        sky.now += HOUR
    sky.now += 2 * HOUR
    with pytest.raises(CanaryLostError):
        sky.fly()

    sky.silent.clear()
    sky.deliver()
    sky.now += HOUR

    sky.fly()
    assert sky.lines.all[-1]["message"] == "calls come back through CloudTrail"


def test_a_call_that_nobody_made_does_not_count_as_come_back(sky: Sky) -> None:
    sky.silent = set(KINDS)
    sky.fly()
    sky.now += PATIENCE + timedelta(minutes=1)
    for kind in KINDS:
        sky.marks.set(returned_mark(kind), sky.now, "made up")

    with pytest.raises(CanaryLostError):
        sky.fly()


def test_the_patterns_let_the_canary_s_calls_through_to_detection() -> None:
    patterns = region_patterns()
    for name in CANARY_CALLS:
        is_read = name.startswith("Get")
        told = {"eventName": name, "eventSource": "s3.amazonaws.com", "readOnly": is_read}
        denied = {"errorCode": "AccessDenied"} if is_read else {}
        flown = envelope(event(1, **told, **denied, managementEvent=True), source="aws.s3")

        assert "detect" in {one.queue for one in patterns if one.lets_through(flown)}
