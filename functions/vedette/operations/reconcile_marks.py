"""The marks that a reconciliation reads and leaves, by name.

Those of other operations are named again, and a test holds them to the originals: importing the
sweep would bring every rule and collector into the functions of alerts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from vedette.alerting.trouble import Due
from vedette.operations.canary import KINDS, returned_mark

# When a sweep last opened findings as a baseline.
BASELINE_MARK: Final = "baseline"
# When a sweep was last planned, and the beginning of the last one that came to its end.
PLANNED_MARK: Final = "sweep_planned"
FINISHED_MARK: Final = "sweep_finished"
# Until when first looks have been told.
BASELINE_TOLD_MARK: Final = "baseline-told"
# When a reconciliation last did all that it has to.
RECONCILE_MARK: Final = "reconcile"
BEGAN_MARK: Final = "began"

# That a sweep came to its end is known when the next one is planned, a day later.
DUE: Final[Sequence[Due]] = (
    Due(mark=PLANNED_MARK, name="the daily sweep", within=timedelta(hours=26)),
    Due(mark=FINISHED_MARK, name="the end of a daily sweep", within=timedelta(hours=54)),
    *(
        Due(mark=returned_mark(kind), name=f"the canary ({kind})", within=timedelta(hours=4))
        for kind in KINDS
    ),
)


class Mark(Protocol):
    """When something was last done, and a word on it."""

    @property
    def at(self) -> datetime:
        """Return when."""
        ...

    @property
    def detail(self) -> str:
        """Return the word."""
        ...


class Marks(Protocol):
    """Keeps marks, which move forward only. Every method may raise FindingStoreError."""

    def set(self, name: str, at: datetime, detail: str = "") -> bool:
        """Move a mark; False if it is at that time or later already."""
        ...

    def get(self, name: str) -> Mark | None:
        """Return where a mark is."""
        ...
