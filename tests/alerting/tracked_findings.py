"""Findings as alerts meet them; what an attacker wrote is hostile on demand."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vedette.alerting.facts import Accounts, Guidance
from vedette.findings.finding import FindingKind, ResourceReference
from vedette.findings.severity import Severity
from vedette.findings.tracked import (
    Because,
    EventCount,
    FindingStatus,
    TrackedFinding,
    Transition,
    TransitionKind,
)

NOON: Final = datetime(2026, 3, 4, 12, tzinfo=UTC)
ACCOUNT: Final = "111122223333"
ACCOUNTS: Final = Accounts({ACCOUNT: "production"})
GUIDANCE: Final = Guidance(
    why="one careless policy is enough to expose every object in the bucket.",
    fix="switch on all four settings.\n\n    aws s3api put-public-access-block --bucket NAME",
)
BUCKET: Final = ResourceReference(
    type="AWS::S3::Bucket", id="payroll", arn="arn:aws:s3:::payroll", tags={"team": "pay"}
)


def posture(
    step: TransitionKind = TransitionKind.OPENED, /, *because: Because, **changed: Any
) -> TrackedFinding:
    given: dict[str, Any] = {
        "id": "0123456789abcdef0123456789abcdef",
        "kind": FindingKind.POSTURE,
        "rule": "s3/bucket_blocks_public_access",
        "title": "S3 bucket blocks public access",
        "severity": Severity.HIGH,
        "status": FindingStatus.RESOLVED if step is TransitionKind.RESOLVED else FindingStatus.OPEN,
        "account": ACCOUNT,
        "region": "eu-west-1",
        "reason": "The policy of the bucket lets everyone read it.",
        "first_seen": NOON,
        "last_seen": NOON,
        "episode_start": NOON,
        "opened_at": NOON,
        "status_at": NOON,
        "resource": BUCKET,
        "evidence": {"block_public_policy": False, "statement": {"Principal": "*"}},
        "version": 3,
        "transition": transition(step, *because, version=3),
    }
    return TrackedFinding(**given | changed)


def detection(
    step: TransitionKind = TransitionKind.OPENED, /, *because: Because, **changed: Any
) -> TrackedFinding:
    given: dict[str, Any] = {
        "id": "fedcba9876543210fedcba9876543210",
        "kind": FindingKind.DETECTION,
        "rule": "defense_evasion/trail_was_stopped",
        "title": "Trail was stopped or deleted",
        "severity": Severity.CRITICAL,
        "resource": ResourceReference(
            type="AWS::CloudTrail::Trail",
            id="main",
            arn=f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/main",
        ),
        "reason": "alice@example.com stopped the trail main.",
        "principal": "sso:alice@example.com",
        "principals": ("arn:aws:iam::111122223333:role/deploy", "sso:alice@example.com"),
        "source_ips": ("198.51.100.7", "203.0.113.9"),
        "last_seen": NOON + timedelta(minutes=4),
        "regions": ("eu-west-1", "us-east-1"),
        "events": EventCount(count=12),
        "evidence": {"eventName": "StopLogging", "userAgent": "aws-cli/2.31"},
        "tags": ("attack.defense-evasion", "attack.t1562.008"),
    }
    return posture(step, *because, **given | changed)


def transition(
    kind: TransitionKind, *because: Because, version: int = 1, **changed: Any
) -> Transition:
    return Transition(kind=kind, at=NOON, version=version, because=because, **changed)
