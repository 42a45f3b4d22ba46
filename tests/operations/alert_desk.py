"""Stream records, marks and a desk in memory, for tests of alerts."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.fakes.findings import MemoryFindings
from tests.fakes.marks import MemoryMarks
from tests.fakes.sender import FakeSender
from tests.findings.observing import ACCOUNT, NOON, event
from vedette.alerting.facts import Accounts
from vedette.alerting.sender import Channel, SenderBusyError
from vedette.aws.stores.encoding import (
    attributes,
    pending_attributes,
    set_attributes,
    state_key,
)
from vedette.findings.lifecycle import Change
from vedette.findings.observation import Observation
from vedette.findings.severity import Severity
from vedette.findings.store import StoreBusyError
from vedette.findings.tracked import TrackedFinding
from vedette.operations.dispatch_announcing import Announcer, Sent
from vedette.operations.dispatch_texts import RuleTexts
from vedette.operations.reconcile import Reconciled, reconcile
from vedette.operations.reconcile_desk import Desk
from vedette.operations.reconcile_marks import FINISHED_MARK, PLANNED_MARK

RULES: Final = Path(__file__).parents[2] / "rules"
ACCOUNTS: Final = Accounts({ACCOUNT: "production"})
ESCALATE_AFTER: Final = timedelta(minutes=30)


class Clock:
    """Tells the time that a test says it is."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


class Turns:
    """Counts how often a message waited for its turn; `left` messages may still go."""

    def __init__(self, left: int = 10_000) -> None:
        self.waited = 0
        self.left = left

    def wait(self) -> None:
        if not self.left:
            raise SenderBusyError("the time is up")
        self.left -= 1
        self.waited += 1


class TroubledFindings(MemoryFindings):
    """Findings of which some cannot be read, or which change while they are listed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(now)
        self.busy: set[str] = set()
        self.unlisted = False
        self.meanwhile: Callable[[], object] = lambda: None

    def get(self, finding: str) -> TrackedFinding | None:
        if finding in self.busy:
            raise StoreBusyError("dynamodb:GetItem was throttled")
        return super().get(finding)

    def unannounced(self, before: datetime) -> Iterator[TrackedFinding]:
        if self.unlisted:
            raise StoreBusyError("dynamodb:Query was throttled")
        found = list(super().unannounced(before))
        self.meanwhile()
        return iter(found)


class Office:
    """A store, a sender and marks, of which desks are made at the clock's time."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.store = TroubledFindings(self.clock)
        self.sender = FakeSender()
        self.marks = MemoryMarks()
        self.turns = Turns()
        self.sent = Sent()
        self.texts = RuleTexts(RULES)
        for channel in Channel:
            self.sender.listen(channel, "somebody")

    def announcer(self) -> Announcer:
        return Announcer(self.sender, self.turns, self.sent)

    def restart(self) -> None:
        """Forget what a process remembers."""
        self.sent = Sent()

    def swept(self) -> None:
        """Let everything have happened that should have."""
        for name in (PLANNED_MARK, FINISHED_MARK, "canary:write:returned"):
            self.marks.set(name, self.clock.now)
        self.marks.set("canary:denied_read:returned", self.clock.now)

    def desk(self) -> Desk:
        return Desk(
            store=self.store,
            marks=self.marks,
            sender=self.sender,
            announcer=self.announcer(),
            accounts=ACCOUNTS,
            texts=self.texts,
            now=self.clock.now,
            escalate_after=ESCALATE_AFTER,
        )


def image(finding: TrackedFinding) -> dict[str, Any]:
    """Return STATE as Lambda passes it: binary as base64."""
    sets = set_attributes(finding)
    if "occurrences" in sets:
        told = sets["occurrences"]["BS"]
        sets["occurrences"] = {"BS": [b64encode(one).decode() for one in told]}
    pending = pending_attributes(finding) if finding.unannounced else {}
    announced = {"announced_version": {"N": str(finding.announced_version)}}
    return {**state_key(finding.id), **attributes(finding), **sets, **pending, **announced}


def record(sequence: str, change: Change) -> dict[str, Any]:
    """Return the record of a change in the table's stream."""
    images = {"NewImage": image(change.after)}
    if change.before is not None:
        images["OldImage"] = image(change.before)
    return {
        "eventName": "INSERT" if change.before is None else "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"SequenceNumber": sequence, **images},
    }


def stream(changes: Iterable[Change]) -> dict[str, Any]:
    """Return a batch of the table's stream."""
    return {"Records": [record(str(100 + place), one) for place, one in enumerate(changes)]}


def many(count: int, severity: Severity, prefix: str = "finding") -> list[Observation]:
    """Tell of an event for each of so many findings."""
    return [event(1, id=f"{prefix}-{number:04d}", severity=severity) for number in range(count)]


def after(office: Office, **time: float) -> Reconciled:
    """Let time pass in which all happens that should, and reconcile."""
    office.clock.pass_(**time)
    office.swept()
    return reconcile(office.desk())
