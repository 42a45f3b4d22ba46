"""One message about many findings: a first look, a flood, or the digest of small things."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from vedette.alerting.chat import Notification
from vedette.alerting.facts import Accounts, where
from vedette.alerting.message import Message, attributes_of, bounded_lines
from vedette.alerting.text import code, shown, subject
from vedette.alerting.words import headline_of, kind_of
from vedette.findings.severity import Severity
from vedette.findings.tracked import TrackedFinding

MOST_NAMED: Final = 30
MOST_IN_DOCUMENT: Final = 100
MOST_IN_CHAT: Final = 5
MOST_COUNTED: Final = 15
_TITLE: Final = 120
_NAME: Final = 160
_PLACE: Final = 60
_ENTRIES_LIMIT: Final = 50_000


class SummaryKind(StrEnum):
    """Why findings are told together."""

    BASELINE = "baseline"
    FLOOD = "flood"
    DIGEST = "digest"


_TITLES: Final[Mapping[SummaryKind, str]] = {
    SummaryKind.BASELINE: "First look: {count} open",
    SummaryKind.FLOOD: "Many at once: {count}",
    SummaryKind.DIGEST: "Digest: {count} of low severity",
}
_EXPLAINED: Final[Mapping[SummaryKind, str]] = {
    SummaryKind.BASELINE: (
        "Looked at for the first time, or by new rules, these were found to be so already. They "
        "are told together once; what changes from now on is told by itself."
    ),
    SummaryKind.FLOOD: (
        "More findings of medium severity changed than are told one by one. What is high or "
        "critical is never among them: that is always told by itself."
    ),
    SummaryKind.DIGEST: "What changed at findings of low and informational severity.",
}


def summary_message(
    kind: SummaryKind, findings: Sequence[TrackedFinding], accounts: Accounts
) -> Message:
    """Return the message about these findings, of which there is at least one."""
    ordered = sorted(findings, key=lambda one: (-one.severity.rank, one.rule, one.id))
    worst = ordered[0].severity
    key = f"{kind.value}-{_digest(ordered)}"
    title = _TITLES[kind].format(count=_findings(len(ordered)))
    return Message(
        id=key,
        subject=subject(f"[{worst.value.upper()}] {title}", f"in {_places(ordered, accounts)}"),
        text=bounded_lines(_lines(kind, title, ordered, accounts, key)),
        document=_document(kind, ordered, key),
        chat=_chat(kind, title, ordered, accounts, key),
        attributes=attributes_of(kind.value, worst),
    )


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count:,} findings"


def _digest(findings: Sequence[TrackedFinding]) -> str:
    text = ",".join(sorted(f"{one.id}-{one.version}" for one in findings))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _places(findings: Sequence[TrackedFinding], accounts: Accounts) -> str:
    named = sorted({one.account for one in findings})
    return accounts.short(named[0]) if len(named) == 1 else f"{len(named)} accounts"


def _lines(
    kind: SummaryKind,
    title: str,
    findings: Sequence[TrackedFinding],
    accounts: Accounts,
    key: str,
) -> Iterator[str]:
    yield from (title, "", _EXPLAINED[kind], "", "By severity")
    yield from (f"  {severity:<14}{count:>7,}" for severity, count in _severities(findings))
    yield from ("", "By account")
    yield from _counted(Counter(accounts.named(one.account) for one in findings))
    yield from ("", "By rule")
    yield from _counted(Counter(shown(one.title, _TITLE) for one in findings))
    yield from ("", "The most severe" if len(findings) > MOST_NAMED else "All of them")
    for one in findings[:MOST_NAMED]:
        yield f"  [{one.severity.value}] {shown(one.title, _TITLE)} ({_state(kind, one)})"
        place = f"{shown(where(one), _NAME)}, " if one.resource else ""
        yield f"    {place}{accounts.named(one.account)}, {shown(one.region, _PLACE)}"
        yield f"    {one.id}"
    if len(findings) > MOST_NAMED:
        yield f"  and {len(findings) - MOST_NAMED:,} more"
    yield from ("", "Next", "  vedette findings list", "  vedette findings show ID")
    yield from ("", f"Message {key}")


def _state(kind: SummaryKind, finding: TrackedFinding) -> str:
    if kind is SummaryKind.BASELINE:
        return finding.status.value
    return headline_of(finding).lower()


def _severities(findings: Sequence[TrackedFinding]) -> list[tuple[str, int]]:
    counts = Counter(one.severity for one in findings)
    return [(one.value, counts[one]) for one in reversed(Severity) if counts[one]]


def _counted(counts: Counter[str]) -> Iterator[str]:
    yield from (f"  {count:>7,}  {name}" for name, count in counts.most_common(MOST_COUNTED))
    if len(counts) > MOST_COUNTED:
        yield f"  and {len(counts) - MOST_COUNTED:,} more"


def _document(
    kind: SummaryKind, findings: Sequence[TrackedFinding], key: str
) -> dict[str, JsonValue]:
    return {
        "schema": 1,
        "message": kind.value,
        "id": key,
        "count": len(findings),
        "by_severity": dict(_severities(findings)),
        "findings": _entries(findings),
    }


def _entries(findings: Sequence[TrackedFinding]) -> list[JsonValue]:
    """Return the first findings, as many as there is room for."""
    told: list[JsonValue] = []
    room = _ENTRIES_LIMIT
    for one in findings[:MOST_IN_DOCUMENT]:
        entry = _entry(one)
        room -= len(json.dumps(entry))
        if room < 0:
            break
        told.append(entry)
    return told


def _entry(finding: TrackedFinding) -> dict[str, JsonValue]:
    return {
        "id": finding.id,
        "version": finding.version,
        "transition": kind_of(finding).value,
        "status": finding.status.value,
        "severity": finding.severity.value,
        "kind": finding.kind.value,
        "rule": shown(finding.rule, _NAME),
        "account": shown(finding.account, _PLACE),
        "region": shown(finding.region, _PLACE),
    }


def _chat(
    kind: SummaryKind,
    title: str,
    findings: Sequence[TrackedFinding],
    accounts: Accounts,
    key: str,
) -> dict[str, JsonValue]:
    counts = ", ".join(f"{count:,} {severity}" for severity, count in _severities(findings))
    named = [_in_chat(one, accounts) for one in findings[:MOST_IN_CHAT]]
    return Notification(
        key=key,
        title=f"{title} ({counts})",
        description=[_EXPLAINED[kind], *named],
        steps=["`vedette findings list`"],
        keywords=[kind.value],
        metadata={
            "threadId": f"vedette-{kind.value}",
            "summary": title,
            "eventType": f"vedette-{kind.value}",
        },
    ).body()


def _in_chat(finding: TrackedFinding, accounts: Accounts) -> str:
    place = code(accounts.short(finding.account), _PLACE)
    return f"• {finding.severity.value}: {code(finding.title, _TITLE)} in {place}"
