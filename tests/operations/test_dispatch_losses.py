"""Whatever fails and however often a batch comes again, every transition is told and marked."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.findings.observing import FAILED, PASSED, verdict
from tests.operations.alert_desk import stream
from tests.operations.dispatching import Desk
from vedette.alerting.message import Message
from vedette.alerting.sender import SenderBusyError, SendError

FINDINGS = ("one", "two", "three")


def told_by(desk: Desk, failures: Iterator[bool], restarts: Iterator[bool]) -> int:
    """Hand a batch of transitions out until all of it is done; return how many attempts it took."""
    changes = [
        change
        for minute, answer in ((1, FAILED), (2, PASSED), (3, FAILED))
        for name in FINDINGS
        for change in desk.observed(verdict(minute, answer, id=name))
    ]

    def refuses(_: Message) -> SendError | None:
        return SenderBusyError("throttled") if next(failures, False) else None

    desk.sender.refuses = refuses
    left, attempts = changes, 0
    while left:
        attempts += 1
        retry = desk.run(stream(left)).retry
        # Lambda goes on from the first that failed, and hands out what came after it again.
        left = left[int(retry[0]) - 100 :] if retry else []
        if next(restarts, False):
            desk.restart()
    return attempts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=60), st.lists(st.booleans(), max_size=20))
def test_nothing_is_lost_and_nothing_stays_unmarked(
    failures: list[bool], restarts: list[bool]
) -> None:
    desk = Desk()

    told_by(desk, iter(failures), iter(restarts))

    assert set(desk.sender.ids()) == {
        f"{name}-{version}" for name in FINDINGS for version in (1, 2, 3)
    }
    states = [desk.store.get(name) for name in FINDINGS]
    assert [one is not None and one.announced_version for one in states] == [3, 3, 3]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=60))
def test_one_process_repeats_no_message(failures: list[bool]) -> None:
    desk = Desk()

    told_by(desk, iter(failures), iter(()))

    assert len(desk.sender.ids()) == len(set(desk.sender.ids()))
