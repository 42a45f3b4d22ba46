"""Text made safe and short enough to show, whatever it came from."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal

from pydantic import JsonValue

from vedette.findings.suppression import Suppression
from vedette.reporting.text_printable import printable

LINE_LIMIT = 1_000
GOOD_SCORE = 90
FAIR_SCORE = 70
CODE_INDENT = "    "
BEYOND_ASCII = re.compile(r"[^\x00-\x7e]")


def bounded_printable(text: str, limit: int) -> str:
    """Return the text printable and cut, escapes included, to `limit` characters."""
    shown = printable(text[:limit])
    if len(text) <= limit and len(shown) <= limit:
        return shown
    return f"{shown[:limit]}… ({len(text):,} characters)"


def one_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Return the text printable, on one line and cut to about `limit` characters."""
    return bounded_printable(text, limit).replace("\n", "\\n")


def visible_json(text: str) -> str:
    """Escape in JSON text what is not printable, so that it may be shown as it is.

    The values stay the same, except that a lone surrogate, which no UTF-8 file can hold, becomes
    its escape as text. RFC 8259 allows these characters within strings alone.
    """
    return BEYOND_ASCII.sub(_json_escape, text)


def _json_escape(match: re.Match[str]) -> str:
    one = match[0]
    if one.isprintable():
        return one
    escape = json.dumps(one)[1:-1]
    return f"\\{escape}" if "\ud800" <= one <= "\udfff" else escape


def json_text(value: JsonValue, indent: int | None = None) -> str:
    """Return the value as printable JSON."""
    return visible_json(json.dumps(value, ensure_ascii=False, indent=indent))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a rule's text, or commands to be shown as they are."""

    text: str
    code: bool


def blocks(text: str) -> tuple[Block, ...]:
    """Split a rule's text into paragraphs and, where lines are indented, commands."""
    lines = [line for line in text.splitlines() if line.strip()]
    found: list[Block] = []
    for code, group in groupby(lines, key=lambda line: line.startswith(CODE_INDENT)):
        if code:
            found.append(Block("\n".join(line.removeprefix(CODE_INDENT) for line in group), True))
        else:
            found.extend(Block(line.strip(), False) for line in group)
    return tuple(found)


def percentage(score: float | None) -> str:
    """Write a score of 0 to 100 without decimals; 100 % is reached by nothing less."""
    return "-" if score is None else f"{int(score)} %"


def grade(score: float) -> Literal["good", "fair", "poor"]:
    """Name how good a score of 0 to 100 is."""
    if score >= GOOD_SCORE:
        return "good"
    return "fair" if score >= FAIR_SCORE else "poor"


def scope(suppression: Suppression) -> str:
    """Write what a suppression names besides the rule; nothing if that is everything."""
    named = {
        "account": suppression.account,
        "region": suppression.region,
        "resource": suppression.resource,
    } | {f"tag {key}": value for key, value in suppression.tags.items()}
    return ", ".join(f"{name} {value}" for name, value in named.items() if value != "*")


def day(moment: datetime) -> str:
    """Write the day of a moment, in UTC."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun, in the plural where it belongs."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(names: list[str], most: int) -> str:
    """Join names by commas, at most `most` of them, and say how many more there are."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown
