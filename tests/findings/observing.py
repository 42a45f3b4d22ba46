"""Observations and actions as small as a test needs them; times are minutes after noon."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vedette.findings.finding import FindingKind, ResourceReference, Suppressed
from vedette.findings.lifecycle import ActionKind, Change, HumanAction, observe
from vedette.findings.observation import Observation, Outcome
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding
from vedette.findings.verdict import Verdict

NOON: Final = datetime(2026, 3, 4, 12, tzinfo=UTC)
ACCOUNT: Final = "111122223333"
ALICE: Final = f"arn:aws:iam::{ACCOUNT}:user/alice"
BUCKET: Final = ResourceReference(
    type="AWS::S3::Bucket", id="payroll", arn="arn:aws:s3:::payroll", tags={"team": "pay"}
)
FAILED, PASSED, UNKNOWN = Verdict.FAILED, Verdict.PASSED, Verdict.UNKNOWN
SUCCESS, DENIED = Outcome.SUCCESS, Outcome.DENIED
ACCEPTED: Final = Suppressed(reason="a public site", expires="2026-03-31")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def verdict(minutes: float, answer: Verdict | None = FAILED, **changed: Any) -> Observation:
    given: dict[str, Any] = {
        "id": "bucket-finding",
        "kind": FindingKind.POSTURE,
        "rule": "s3/bucket_blocks_public_access",
        "title": "Bucket blocks public access",
        "severity": Severity.HIGH,
        "account": ACCOUNT,
        "region": "eu-west-1",
        "resource": BUCKET,
        "time": at(minutes),
        "verdict": answer,
        "reason": f"It {'is' if answer is FAILED else 'is not'} public.",
        "evidence": {"public": answer is FAILED},
    }
    return Observation(**given | changed)


def gone(minutes: float) -> Observation:
    return verdict(minutes, None, gone=True, reason="The bucket was deleted.")


def event(minutes: float, *ids: str, **changed: Any) -> Observation:
    """Tell of an event; without ids it has one of its own for its time."""
    given: dict[str, Any] = {
        "id": "event-finding",
        "kind": FindingKind.DETECTION,
        "rule": "credential_access/many_secrets_read",
        "title": "Many secrets were read",
        "severity": Severity.MEDIUM,
        "account": ACCOUNT,
        "region": "eu-west-1",
        "principal": "alice",
        "source_ip": "198.51.100.7",
        "time": at(minutes),
        "reason": "alice read secrets.",
        "event_ids": ids or (f"event-{minutes}",),
    }
    return Observation(**given | changed)


def action(kind: ActionKind, minutes: float, finding: str, **changed: Any) -> HumanAction:
    given: dict[str, Any] = {
        "finding": finding,
        "kind": kind,
        "actor": ALICE,
        "at": at(minutes),
        "reason": "I know this.",
    }
    if kind is ActionKind.SUPPRESS:
        given["until"] = at(minutes + 60)
    return HumanAction(**given | changed)


def changed(state: TrackedFinding | None, *told: Observation, now: float = 1_000) -> Change:
    """Take observations in at once and insist that they change something."""
    change = observe(state, told, at(now))
    assert change is not None
    return change


def tracked(*told: Observation, state: TrackedFinding | None = None) -> TrackedFinding:
    """Take observations in one by one, each at its own time."""
    for one in told:
        change = observe(state, [one], one.time)
        state = state if change is None else change.after
    assert state is not None
    return state


def kinds(change: Change) -> list[str]:
    return [entry.kind.value for entry in change.entries]


def in_batches(
    told: Iterable[list[Observation]], state: TrackedFinding | None = None
) -> TrackedFinding | None:
    for batch in told:
        change = observe(state, batch, at(1_000))
        state = state if change is None else change.after
    return state
