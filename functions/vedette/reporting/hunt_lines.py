"""Matches as JSON, one a line: what other programs read while the hunt goes on."""

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from vedette.findings.match import Match, schema
from vedette.reporting.text import visible_json

_ENCODER: Final = msgspec.json.Encoder()
_DELETE: Final = b"\x7f"


def match_lines(matches: Sequence[Match]) -> bytes:
    """Return a line for each match, in UTF-8 and without characters that drive a terminal."""
    lines = _ENCODER.encode_lines(matches)
    if lines.isascii() and _DELETE not in lines:
        return lines
    # The line breaks are characters of the text as well, and none stands within a line.
    text = lines.decode("utf-8", "replace")
    return "\n".join(map(visible_json, text.split("\n"))).encode("utf-8", "replace")


def schema_text() -> str:
    """Return the schema of a line as it is published in `docs/schemas/hunt-match.json`."""
    return published(schema())


def published(value: dict[str, Any]) -> str:
    """Write a schema, with descriptions as they are on all versions of Python."""
    return json.dumps(_tidy(value), indent=2, sort_keys=True) + "\n"


def _tidy(value: Any) -> Any:
    # Python 3.13 takes the indentation out of docstrings itself, earlier ones do not.
    if isinstance(value, dict):
        return {key: _tidy(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_tidy(one) for one in value]
    return " ".join(value.split()) if isinstance(value, str) else value
