"""`vedette doctor --deployed`: where does the deployment not see, and who does not hear of it?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vedette.aws.session import SessionOptions
from vedette.operations.account_reading import utc_now
from vedette.operations.deployed_alerts import look_at_clock, look_at_topics
from vedette.operations.deployed_events import (
    look_at_accounts,
    look_at_functions,
    look_at_regions,
)
from vedette.operations.deployed_looks import Look, State
from vedette.operations.deployed_queues import look_at_queues
from vedette.operations.deployed_trails import look_at_trails, read_trails
from vedette.operations.hub_reach import Hub

OnProgress = Callable[[int, int, str], None]
_BAD: Final = frozenset({State.BLIND, State.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedHealth:
    """Everything that was looked at."""

    account: str
    region: str
    stack: str
    version: str | None
    looks: tuple[Look, ...]

    @property
    def blind_spots(self) -> tuple[Look, ...]:
        """Return what does not see or tell, or could not be looked at."""
        return tuple(one for one in self.looks if one.state in _BAD)


def look_at_deployment(
    session: SessionOptions,
    stack: str,
    on_progress: OnProgress,
    now: Callable[[], datetime] = utc_now,
) -> DeployedHealth:
    """Look at all parts of a deployment. Raises SessionError, UsageError and NoStackError."""
    hub = Hub(session, stack)
    on_progress(0, 7, "trails")
    snapshot = read_trails(session)
    parts: dict[str, Callable[[], Iterator[Look]]] = {
        "trails": lambda: look_at_trails(snapshot),
        "regions": lambda: look_at_regions(hub, snapshot.regions),
        "accounts": lambda: look_at_accounts(hub),
        "functions": lambda: look_at_functions(hub),
        "queues": lambda: look_at_queues(hub, now()),
        "topics": lambda: look_at_topics(hub),
        "schedules": lambda: look_at_clock(hub, now()),
    }
    looks: list[Look] = []
    for done, (name, look) in enumerate(parts.items()):
        on_progress(done, len(parts), name)
        looks += look()
    return DeployedHealth(
        account=hub.account,
        region=hub.region,
        stack=hub.stack.name,
        version=hub.stack.outputs.get("Version"),
        looks=tuple(looks),
    )
