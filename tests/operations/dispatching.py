"""An office whose transitions are dispatched."""

from typing import Any

from tests.operations.alert_desk import ACCOUNTS, Office
from vedette.findings.lifecycle import Change
from vedette.findings.observation import Observation
from vedette.operations.dispatch import Dispatch, Dispatched


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Desk(Office):
    """An office whose transitions are dispatched."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = Seconds()
        self.dispatch = Dispatch(self.store, ACCOUNTS, self.texts, clock=self.seconds)

    def observed(self, *some: Observation) -> list[Change]:
        return list(self.store.record(some).changes)

    def run(self, batch: dict[str, Any]) -> Dispatched:
        return self.dispatch.run(batch, self.announcer())

    def restart(self) -> None:
        super().restart()
        self.dispatch = Dispatch(self.store, ACCOUNTS, self.texts, clock=self.seconds)
