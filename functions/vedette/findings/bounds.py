"""Limits on what attacker-written text may occupy in a finding."""

import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

TEXT_LIMIT = 1_000
ENTRY_LIMIT = 50
DEPTH_LIMIT = 5
_CUT = re.compile(r"… \([0-9,]{1,20} characters\)")


def bounded_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """Cut a text to `limit` characters and say so at its end; a second time changes nothing."""
    if len(text) <= limit or (text[limit] == "…" and _CUT.fullmatch(text, limit)):
        return text
    return f"{text[:limit]}… ({len(text):,} characters)"


def bounded(value: object, depth: int = DEPTH_LIMIT) -> JsonValue:
    """Turn evidence into JSON values of bounded size and depth."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return bounded_text(value)
    if depth == 0:
        return "…"
    if isinstance(value, Mapping):
        return _bounded_mapping(value, depth)
    if isinstance(value, Sequence | set | frozenset):
        return _bounded_sequence(value, depth)
    return bounded_text(str(value))


def _bounded_mapping(value: Mapping[object, object], depth: int) -> JsonValue:
    kept = list(value.items())[:ENTRY_LIMIT]
    shown: dict[str, JsonValue] = {
        bounded_text(str(key), 200): bounded(entry, depth - 1) for key, entry in kept
    }
    if len(value) > ENTRY_LIMIT:
        shown["…"] = f"{len(value) - ENTRY_LIMIT} more"
    return shown


def _bounded_sequence(
    value: Sequence[object] | set[object] | frozenset[object], depth: int
) -> JsonValue:
    entries = list(value) if isinstance(value, Sequence) else sorted(value, key=str)
    shown: list[JsonValue] = [bounded(entry, depth - 1) for entry in entries[:ENTRY_LIMIT]]
    if len(entries) > ENTRY_LIMIT:
        shown.append(f"… {len(entries) - ENTRY_LIMIT} more")
    return shown
