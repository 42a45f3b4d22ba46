"""Notifications in the shape that Amazon Q Developer in chat applications renders.

Source: its Administrator Guide, custom notifications (schema version 1.0). The limits here are
ours and lower than those of Slack, whose sections hold 3,000 characters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from vedette.alerting.facts import Accounts, instant, what_label, who
from vedette.alerting.text import code, shown, unmarked
from vedette.alerting.words import headline_of, kind_of, reasons_of
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding, TransitionKind

TITLE_LIMIT: Final = 200
DESCRIPTION_LIMIT: Final = 2_900
STEP_LIMIT: Final = 250
_TEXT: Final = 300
_NAME: Final = 120
_ID: Final = 64
_ICONS: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "🔴",
    Severity.HIGH: "🟠",
    Severity.MEDIUM: "🟡",
    Severity.LOW: "🔵",
    Severity.INFORMATIONAL: "⚪",
}
_RESOLVED: Final = "✅"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What a chat shows. Whole lines of the description are left out where there is no room."""

    key: str
    title: str
    description: Sequence[str]
    steps: Sequence[str]
    keywords: Sequence[str]
    metadata: Mapping[str, JsonValue]

    def body(self) -> dict[str, JsonValue]:
        """Return it as the schema has it."""
        return {
            "version": "1.0",
            "source": "custom",
            "id": self.key,
            "content": {
                "textType": "client-markdown",
                "title": self.title[:TITLE_LIMIT],
                "description": _room_for(self.description),
                "nextSteps": [one[:STEP_LIMIT] for one in self.steps],
                "keywords": [shown(one, _NAME) for one in self.keywords],
            },
            "metadata": dict(self.metadata),
        }


def chat_of(
    finding: TrackedFinding, accounts: Accounts, *, key: str, before: str = ""
) -> dict[str, JsonValue]:
    """Return the notification about a finding; all about one finding stand in one thread.

    `key` is the message's id, `before` a sentence that is told first.
    """
    kind = kind_of(finding)
    sample = "Sample: " if finding.is_sample else ""
    told = f"{sample}{headline_of(finding)}: {unmarked(finding.title, _NAME)}"
    steps = [f"`vedette findings show {finding.id}`"]
    if finding.is_open:
        steps.append(f"`vedette findings ack {finding.id}`")
    return Notification(
        key=key,
        title=f"{_icon(finding.severity, kind)} {finding.severity.value.upper()} · {told}",
        description=[*([before] if before else ()), *_lines(finding, accounts)],
        steps=steps,
        keywords=[finding.severity.value, finding.kind.value, finding.account],
        metadata=_metadata(finding, kind, told),
    ).body()


def _metadata(finding: TrackedFinding, kind: TransitionKind, told: str) -> dict[str, JsonValue]:
    return {
        "threadId": shown(finding.id, _ID),
        "summary": told,
        "eventType": f"vedette-finding-{kind.value}",
        "relatedResources": [shown(finding.resource.arn, _TEXT)] if finding.resource else [],
        "additionalContext": {
            "finding": shown(finding.id, _ID),
            "account": shown(finding.account, _ID),
            "region": shown(finding.region, _ID),
            "severity": finding.severity.value,
        },
    }


def _lines(finding: TrackedFinding, accounts: Accounts) -> list[str]:
    resource = finding.resource
    told = (
        (what_label(finding), code(finding.reason, _TEXT)),
        ("Because", reasons_of(finding)),
        ("Where", code(f"{resource.id} ({resource.type})", _TEXT) if resource else ""),
        ("Account", code(f"{accounts.named(finding.account)}, {finding.region}", _TEXT)),
        ("Who", code(who(finding), _TEXT) if who(finding) else ""),
        ("From", code(", ".join(finding.source_ips[:5]), _TEXT) if finding.source_ips else ""),
        ("When", instant(finding.last_seen)),
        ("Status", finding.status.value),
        ("Rule", code(finding.rule, _NAME)),
    )
    return [f"*{label}:* {text}" for label, text in told if text]


def _room_for(lines: Sequence[str]) -> str:
    kept: list[str] = []
    room = DESCRIPTION_LIMIT
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept) or "-"


def _icon(severity: Severity, kind: TransitionKind) -> str:
    return _RESOLVED if kind is TransitionKind.RESOLVED else _ICONS[severity]
