"""A message in all its shapes: for mail, for machines, for SMS and for chats."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from vedette.findings.severity import Severity

# Source: SNS Developer Guide, quotas: 256 KiB for all bodies and attributes together.
SIZE_LIMIT: Final = 262_144
# In characters, of which each takes 4 bytes at most.
TEXT_LIMIT: Final = 30_000
# In characters of JSON in ASCII; as a text within JSON it takes twice as much at most.
DOCUMENT_LIMIT: Final = 60_000
ATTRIBUTE_LIMIT: Final = 256
# Tried in this order if a document is too long; the finding keeps them, and shows them by its id.
_DISPENSABLE: Final = (
    *("evidence", "resource", "controls", "tags", "principals", "regions", "source_ips", "reason"),
    *("title", "principal", "rule", "origin", "region", "account"),
)
_LEFT_OUT: Final = "left out: too long"
_SHORT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What people and machines are told. `id` stays the same however often it is sent."""

    id: str
    subject: str
    text: str
    document: Mapping[str, JsonValue]
    chat: Mapping[str, JsonValue]
    attributes: Mapping[str, str]

    def bodies(self) -> str:
        """Return one body for each protocol, as SNS takes it with MessageStructure=json.

        Queues, functions and web hooks get the default, which is JSON.
        """
        bodies = {
            "default": json.dumps(self.document),
            "email": self.text,
            "sms": self.subject,
        }
        return json.dumps(bodies, ensure_ascii=False)

    def chat_body(self) -> str:
        """Return the notification that chat integrations render."""
        return json.dumps(self.chat)


def fitting(document: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the document of a message, without the longest parts of its finding if too long."""
    kept = dict(document)
    finding = kept.get("finding")
    told = dict(finding) if isinstance(finding, dict) else {}
    for name in _DISPENSABLE:
        if len(json.dumps(kept)) <= DOCUMENT_LIMIT:
            break
        # What is short stays, even if something else is too long.
        if len(json.dumps(told.get(name))) > _SHORT:
            told[name] = _LEFT_OUT
            kept["finding"] = told
    return kept


def bounded_lines(lines: Iterable[str], limit: int = TEXT_LIMIT) -> str:
    """Join lines as long as there is room, and say so if there was not."""
    kept: list[str] = []
    room = limit
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept) + "\n"


def attributes_of(message: str, severity: Severity, **others: str) -> dict[str, str]:
    """Return what subscriptions can filter by. `severity_rank` is a number, 0 to 4.

    Source: SNS API Reference, MessageAttributeValue: no empty values, and those of XML alone.
    """
    named = {"message": message, "severity": severity.value, **others}
    safe = {name: _ascii(value)[:ATTRIBUTE_LIMIT] for name, value in named.items() if value}
    return safe | {"severity_rank": str(severity.rank)}


def _ascii(text: str) -> str:
    return "".join(one if " " <= one <= "~" else "?" for one in text)
