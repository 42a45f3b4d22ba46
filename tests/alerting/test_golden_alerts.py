"""Every kind of message, as people and machines get it, stands in `tests/golden/alerts`."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.alerting.tracked_findings import (
    ACCOUNTS,
    GUIDANCE,
    NOON,
    detection,
    posture,
    transition,
)
from vedette.alerting.finding_message import Escalation, finding_message
from vedette.alerting.message import Message
from vedette.alerting.summary import SummaryKind, summary_message
from vedette.findings.finding import FindingKind
from vedette.findings.severity import Severity
from vedette.findings.tracked import Because, FindingStatus, TrackedFinding, TransitionKind

Golden = Callable[[Path, str], None]
FOLDER: Final = Path(__file__).parents[1] / "golden" / "alerts"
KIND = TransitionKind


def _about(finding: TrackedFinding) -> Message:
    guidance = GUIDANCE if finding.kind is FindingKind.POSTURE else None
    return finding_message(finding, ACCOUNTS, guidance)


def _closed_by_a_person() -> TrackedFinding:
    step = transition(
        KIND.RESOLVED, Because.BY_A_PERSON, actor="arn:aws:iam::111122223333:role/soc"
    )
    return detection(KIND.RESOLVED, transition=step)


def _many(count: int, severity: Severity) -> list[TrackedFinding]:
    return [
        posture(
            id=f"{number:032x}",
            severity=severity if number else Severity.CRITICAL,
            rule=f"s3/rule_{number % 3}",
            title=f"Rule {number % 3} holds",
            account="111122223333" if number % 4 else "444455556666",
            baseline=True,
        )
        for number in range(count)
    ]


MESSAGES: Final[Mapping[str, Message]] = {
    "posture_opened": _about(posture()),
    "posture_reopened": _about(posture(KIND.REOPENED, Because.FAILED_AGAIN)),
    "posture_resolved": _about(posture(KIND.RESOLVED, Because.PASSED)),
    "posture_gone": _about(posture(KIND.RESOLVED, Because.RESOURCE_GONE)),
    "detection_opened": _about(detection()),
    "detection_reopened": _about(detection(KIND.REOPENED, Because.AFTER_CONTAINMENT)),
    "detection_severity_raised": _about(detection(KIND.SEVERITY_RAISED)),
    "detection_realerted": _about(
        detection(KIND.REALERTED, Because.SUCCESS_AFTER_DENIALS, Because.NEW_REGION)
    ),
    "detection_resolved_by_a_person": _about(_closed_by_a_person()),
    "detection_response": _about(
        detection(
            KIND.RESPONSE,
            status=FindingStatus.CONTAINED,
            reason="The access key of alice was switched off.",
        )
    ),
    "signal_sample": _about(
        detection(
            kind=FindingKind.SIGNAL,
            is_sample=True,
            origin="aws.guardduty",
            tags=(),
        )
    ),
    "escalation": finding_message(
        detection(),
        ACCOUNTS,
        escalation=Escalation(unacknowledged=timedelta(minutes=45), at=NOON),
    ),
    "baseline": summary_message(SummaryKind.BASELINE, _many(40, Severity.HIGH), ACCOUNTS),
    "flood": summary_message(SummaryKind.FLOOD, _many(12, Severity.MEDIUM)[1:], ACCOUNTS),
    "digest": summary_message(SummaryKind.DIGEST, _many(4, Severity.LOW)[1:], ACCOUNTS),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_as_before(name: str, golden: Golden) -> None:
    message = MESSAGES[name]
    golden(FOLDER / f"{name}.txt", f"Subject: {message.subject}\n\n{message.text}")


@pytest.mark.parametrize("name", MESSAGES)
def test_machines_and_chats_get_it_as_before(name: str, golden: Golden) -> None:
    message = MESSAGES[name]
    shapes = {
        "attributes": dict(message.attributes),
        "document": json.loads(json.loads(message.bodies())["default"]),
        "chat": json.loads(message.chat_body()),
    }
    golden(FOLDER / f"{name}.json", json.dumps(shapes, indent=2, ensure_ascii=False) + "\n")
