"""What a look at a part of a deployment found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec

from vedette.aws.errors import ReadError

P = ParamSpec("P")


class State(StrEnum):
    """How a part of a deployment is: as it should be, blind, or nobody knows.

    `not_compared` is what nothing was to be compared with, and no blind spot.
    """

    OK = "ok"
    BLIND = "blind"
    UNKNOWN = "unknown"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One part of a deployment: its area, where it is, how it is, and what to do about it."""

    area: str
    where: str
    state: State
    said: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a deployment, of which looks are made."""

    name: str

    def ok(self, where: str, said: str) -> Look:
        """Return that a part is as it should be."""
        return Look(area=self.name, where=where, state=State.OK, said=said)

    def blind(self, where: str, said: str, remedy: str) -> Look:
        """Return that a part does not see, or does not tell."""
        return Look(area=self.name, where=where, state=State.BLIND, said=said, remedy=remedy)

    def unknown(self, where: str, said: str, remedy: str = "") -> Look:
        """Return that a part could not be looked at."""
        return Look(area=self.name, where=where, state=State.UNKNOWN, said=said, remedy=remedy)

    def not_compared(self, where: str, said: str) -> Look:
        """Return that there was nothing to compare a part with."""
        return Look(area=self.name, where=where, state=State.NOT_COMPARED, said=said)

    def each(
        self, where: str, look: Callable[P, Iterator[Look]], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Look]:
        """Yield looks; what AWS does not tell ends them with an unknown."""
        try:
            yield from look(*args, **kwargs)
        except ReadError as error:
            yield self.unknown(where, error.reason, "Allow this call to who runs doctor.")
