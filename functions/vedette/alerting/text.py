"""Text from anywhere made fit for mail, subjects and chats: bounded, visible, and without effect.

Names, reasons and evidence may be an attacker's. What is not printable is shown as its escape,
addresses on the web lose what makes programs turn them into links, and chats get such text between
backquotes, where nothing has a meaning.
"""

import re
from typing import Final

# Source: SNS API Reference, Publish: fewer than 100 characters of ASCII, without line breaks.
SUBJECT_LIMIT: Final = 99
_END_LIMIT: Final = 45
_MORE: Final = "…"
_LINK: Final = re.compile(r"://|(?<=www)\.|(?<=mailto):|(?<=tel):", re.IGNORECASE)
_NOT_ASCII: Final = re.compile(r"[^ -~]")
_BLANKS: Final = re.compile(r"\s+")
_MARKUP: Final = str.maketrans(dict.fromkeys("*_~`[]|\\", "") | {"@": "(at)"})
_BLOCK_MARKUP: Final = "#>-+=. "
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def printable(text: str) -> str:
    """Show what is not printable (control characters, reversals, halves) as its escape."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def shown(text: str, limit: int) -> str:
    """Return one printable line of at most `limit` characters without links."""
    line = _BLANKS.sub(" ", text[: 2 * limit]).strip()
    safe = _LINK.sub(_unlinked, printable(line))
    if len(safe) <= limit and len(text) <= 2 * limit:
        return safe
    return safe[: limit - 1] + _MORE


def subject(text: str, end: str = "") -> str:
    """Return a subject as SNS takes it; where room is short, `text` is cut before its `end`."""
    line, close = _ascii_line(text), _ascii_line(end)[:_END_LIMIT]
    room = SUBJECT_LIMIT - len(close) - (1 if close else 0)
    cut = line if len(line) <= room else line[: room - 3] + "..."
    return f"{cut} {close}" if close else cut


def _ascii_line(text: str) -> str:
    return _NOT_ASCII.sub("?", _BLANKS.sub(" ", text).strip())


def code(text: str, limit: int) -> str:
    """Return text for a chat between backquotes, where it is neither markup nor a mention.

    What stands between them has at most `limit` characters.
    """
    return f"`{_escaped(shown(text, limit).replace('`', chr(39)), limit) or '-'}`"


def unmarked(text: str, limit: int) -> str:
    """Return text for a chat without what chats take as markup or as a mention."""
    bare = shown(text, limit).translate(_MARKUP).lstrip(_BLOCK_MARKUP)
    return _escaped(bare, limit) or "-"


def _escaped(text: str, limit: int) -> str:
    """Write entities for what begins a link or a mention; none is cut in two."""
    kept: list[str] = []
    room = limit
    for one in text:
        entity = _ENTITIES.get(one, one)
        room -= len(entity)
        if room < 0:
            break
        kept.append(entity)
    return "".join(kept)


def _unlinked(match: re.Match[str]) -> str:
    return "(:)//" if match[0] == "://" else f"({match[0]})"
