"""The message about one finding: a transition, or that nobody has taken it up."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from vedette.alerting.chat import chat_of
from vedette.alerting.facts import Accounts, Guidance, facts_of
from vedette.alerting.message import Message, attributes_of, bounded_lines, fitting
from vedette.alerting.text import printable, shown, subject
from vedette.alerting.words import headline_of, kind_of, why_it_matters
from vedette.findings.tracked import TrackedFinding

DOCUMENT_VERSION: Final = 1
_LABEL: Final = 11
_MOST_EVIDENCE: Final = 20
_EVIDENCE: Final = 300
_TITLE: Final = 200
_NAME: Final = 60
_GUIDANCE: Final = 4_000
_TOLD: Final = frozenset(
    {
        *("id", "kind", "rule", "title", "severity", "status", "account", "region", "reason"),
        *("first_seen", "last_seen", "opened_at", "resource", "principal", "evidence", "controls"),
        *("tags", "regions", "principals", "source_ips", "episode", "events", "version"),
        *("is_sample", "origin", "disposition"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """For how long nobody has acknowledged a finding, as of when."""

    unacknowledged: timedelta
    at: datetime

    @property
    def told(self) -> str:
        """Return the sentence that comes first."""
        minutes = int(self.unacknowledged.total_seconds() // 60)
        return f"Nobody has acknowledged this for {minutes:,} minutes."


def finding_message(
    finding: TrackedFinding,
    accounts: Accounts,
    guidance: Guidance | None = None,
    escalation: Escalation | None = None,
) -> Message:
    """Return the message about a finding's last transition, or about its escalation."""
    key = message_id(finding, escalated=escalation is not None)
    place = f"in {accounts.short(finding.account)}, {shown(finding.region, _NAME)}"
    sort = "finding" if escalation is None else "escalation"
    return Message(
        id=key,
        subject=subject(_headline(finding, escalation) + _resource(finding), place),
        text=bounded_lines(_lines(finding, accounts, guidance, escalation)),
        document=fitting(_document(finding, accounts, sort, key, escalation)),
        chat=chat_of(finding, accounts, key=key, before=escalation.told if escalation else ""),
        attributes=attributes_of(
            sort,
            finding.severity,
            kind=finding.kind.value,
            account=finding.account,
            rule=finding.rule,
            transition=kind_of(finding).value,
        ),
    )


def message_id(finding: TrackedFinding, *, escalated: bool = False) -> str:
    """Return what a message has in common with its repeats: finding and version, or episode."""
    if escalated:
        return f"{shown(finding.id, 64)}-escalation-{finding.episode}"
    version = finding.version if finding.transition is None else finding.transition.version
    return f"{shown(finding.id, 64)}-{version}"


def _headline(finding: TrackedFinding, escalation: Escalation | None) -> str:
    what = headline_of(finding) if escalation is None else "Not acknowledged"
    sample = "SAMPLE " if finding.is_sample else ""
    severity = finding.severity.value.upper()
    return f"[{sample}{severity}] {what}: {shown(finding.title, _TITLE)}"


def _resource(finding: TrackedFinding) -> str:
    return f" ({shown(finding.resource.id, _NAME)})" if finding.resource else ""


def _lines(
    finding: TrackedFinding,
    accounts: Accounts,
    guidance: Guidance | None,
    escalation: Escalation | None,
) -> Iterator[str]:
    yield _headline(finding, escalation)
    if escalation is not None:
        yield from ("", escalation.told)
    if finding.is_sample:
        yield from ("", "This is a sample that a service sent on request: nothing happened.")
    yield ""
    yield from (f"{label:<{_LABEL}}{text}" for label, text in facts_of(finding, accounts))
    yield from ("", "Why it matters")
    yield from _indented(guidance.why if guidance else why_it_matters(finding))
    if guidance and guidance.fix and finding.is_open:
        yield from ("", "How to put it right")
        yield from _indented(guidance.fix)
    yield from _evidence(finding)
    yield from ("", "Next", f"  vedette findings show {finding.id}")
    if finding.is_open:
        yield f"  vedette findings ack {finding.id}"
    yield from ("", f"Message {message_id(finding, escalated=escalation is not None)}")


def _evidence(finding: TrackedFinding) -> Iterator[str]:
    if not finding.evidence:
        return
    yield from ("", "Evidence")
    for name, value in list(finding.evidence.items())[:_MOST_EVIDENCE]:
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"  {shown(name, 100)}: {shown(told, _EVIDENCE)}"
    if len(finding.evidence) > _MOST_EVIDENCE:
        yield f"  and {len(finding.evidence) - _MOST_EVIDENCE} more"


def _indented(text: str) -> Iterator[str]:
    """Indent a rule's own text, which may hold commands of several lines."""
    sentence = text[:1].upper() + text[1:_GUIDANCE]
    return (f"  {printable(line)}".rstrip() for line in sentence.splitlines())


def _document(
    finding: TrackedFinding,
    accounts: Accounts,
    sort: str,
    key: str,
    escalation: Escalation | None,
) -> dict[str, JsonValue]:
    """Return what machines get; additions may come, the meaning of a name stays."""
    transition = finding.transition
    document: dict[str, JsonValue] = {
        "schema": DOCUMENT_VERSION,
        "message": sort,
        "id": key,
        "transition": None if transition is None else transition.model_dump(mode="json"),
        "account_name": accounts.short(finding.account),
        "finding": finding.model_dump(mode="json", include=set(_TOLD)),
    }
    if escalation is not None:
        minutes = int(escalation.unacknowledged.total_seconds() // 60)
        at = escalation.at.astimezone(UTC).isoformat()
        document["escalation"] = {"unacknowledged_minutes": minutes, "at": at}
    return document
