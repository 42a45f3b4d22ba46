"""moto's state belongs to the whole process: one stand-in at a time, whoever's tests run."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, Final, TypeVar

Running = TypeVar("Running")


class Turn:
    """Keeps running what was started last, and ends it when another is asked for."""

    def __init__(self) -> None:
        self._ending = ExitStack()
        self._name: str | None = None
        self._running: Any = None

    def take(self, name: str, start: Callable[[], AbstractContextManager[Running]]) -> Running:
        """Return what runs under a name; start it if something else had the turn."""
        if self._name != name:
            self.end()
            self._running = self._ending.enter_context(start())
            self._name = name
        running: Running = self._running
        return running

    def end(self) -> None:
        """End what runs."""
        self._name = self._running = None
        self._ending.close()
        self._ending = ExitStack()


TURN: Final = Turn()
