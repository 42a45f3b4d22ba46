"""Finds the records in a file that no JSON parser takes as a whole.

One record that is nested too deep, one that is cut off, or two documents one after the other would
otherwise hide every other record of the file. Nothing recurses and every byte is looked at once.
"""

import re
from collections.abc import Iterator
from typing import Final

# Strings first, for brackets in them do not count. A string may lack its end, where the file does.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_LIST_FOLLOWS: Final = re.compile(rb"\s*:\s*\[")
_OPENING: Final = frozenset(b"{[")


class Slices:
    """The objects in a file that may be records, in order.

    These are the objects at the top, in a list at the top, and in a list under `Records`. After
    the last one, `is_complete` tells whether the file ended between two of them; meanwhile,
    `in_list` tells whether the last one stood in a list.
    """

    def __init__(self, body: bytes | bytearray) -> None:
        self._body = body
        self._depth = 0
        self._record_depth = 0
        self._start: int | None = None
        self.is_complete = True
        self.has_brackets = False

    @property
    def in_list(self) -> bool:
        return self._record_depth > 0

    def __iter__(self) -> Iterator[memoryview]:
        """Yield the bytes of one object after the other."""
        whole = memoryview(self._body)
        for token in _TOKEN.finditer(self._body):
            start, first = token.start(), self._body[token.start()]
            if first in _OPENING:
                self.has_brackets = True
                self._open(start, first)
            elif first == ord('"'):
                self._read_text(token)
            elif (found := self._close()) is not None:
                yield whole[found : start + 1]
        self.is_complete = self._depth == 0

    def _open(self, place: int, bracket: int) -> None:
        if self._depth == self._record_depth:
            if bracket == ord("{"):
                self._start = place
            elif self._depth == 0:
                self._record_depth = 1
        self._depth += 1

    def _read_text(self, token: re.Match[bytes]) -> None:
        at_key = self._depth == 1 and self._record_depth == 0
        if (
            at_key
            and token.group() == b'"Records"'
            and _LIST_FOLLOWS.match(self._body, token.end())
        ):
            self._record_depth, self._start = 2, None

    def _close(self) -> int | None:
        """Return where the record began that ends here, if one does."""
        if self._depth == 0:
            return None
        self._depth -= 1
        found = None
        if self._depth == self._record_depth:
            found, self._start = self._start, None
        elif self._depth < self._record_depth:
            self._record_depth = 0
        return found
