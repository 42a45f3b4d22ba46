"""Decompresses gzip within a stated limit, and says what is wrong with what it cannot.

Where `deflate` or `isal` is installed it is used, for they are several times as fast as the
standard library. All of them give the same bytes.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol

GZIP_MAGIC: Final = b"\x1f\x8b"
_MEMBER_START: Final = b"\x1f\x8b\x08"
_MOST_MEMBERS: Final = 100_000
_PIECE: Final = 4 * 1024 * 1024
_SMALLEST_FEED: Final = 4 * 1024
# No deflate stream grows more than this (zlib's technical notes), so what claims more is corrupt.
_LARGEST_RATIO: Final = 1_040
_GZIP_WINDOW: Final = 31


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What came out of a gzip file; with a problem, it is what could be read in spite of it."""

    body: bytes | bytearray
    problem: str | None = None


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, packed: memoryview, max_length: int, /) -> bytes: ...


def gunzip(packed: bytes, limit: int) -> Unpacked:
    """Decompress all members of a gzip file, if that makes no more than `limit` bytes.

    Of a truncated file, what comes before its end is returned with the problem; of a corrupt one,
    the members before the corrupt one. A bomb is counted before it is kept, so it takes no memory.
    """
    claimed = int.from_bytes(packed[-4:], "little")
    if _is_simple(packed, claimed, limit):
        try:
            return Unpacked(_decompress_at_once(packed, claimed))
        except _REFUSALS:
            pass  # The slow way tells what is wrong and how much can be read.
    if _Members(packed).exceed(limit):
        return Unpacked(b"", f"it decompresses to more than {limit:,} bytes")
    return _Members(packed).joined()


def _is_simple(packed: bytes, claimed: int, limit: int) -> bool:
    """Tell whether the file has one member, whose trailer claims a size that can be true."""
    believable = 0 < claimed <= min(limit, len(packed) * _LARGEST_RATIO)
    return believable and packed.find(_MEMBER_START, 1) < 0


class _Members:
    """Goes once through the members of a gzip file."""

    def __init__(self, packed: bytes) -> None:
        self._packed = memoryview(packed)
        self._place = 0

    def exceed(self, limit: int) -> bool:
        size = 0
        try:
            for piece in self._pieces():
                size += len(piece)
                if size > limit:
                    return True
        except EOFError:
            return False
        except _CORRUPTIONS:
            return False
        return False

    def joined(self) -> Unpacked:
        body, whole = bytearray(), 0
        try:
            for piece in self._pieces():
                body += piece
                whole = whole if piece else len(body)
        except _CORRUPTIONS as error:
            del body[whole:]
            return Unpacked(body, f"the gzip stream is corrupt ({str(error)[:100]})")
        except EOFError:
            return Unpacked(body, "the gzip stream is truncated")
        if bytes(self._packed[self._place :]).strip(b"\0"):
            return Unpacked(body, "what follows the gzip stream cannot be read")
        return Unpacked(body)

    def _pieces(self) -> Iterator[bytes]:
        """Yield what comes out, and nothing (`b""`) behind each member that is whole."""
        for _ in range(_MOST_MEMBERS):
            # Behind the last member, tapes and some tools pad with zeros; gzip ignores them too.
            if bytes(self._packed[self._place : self._place + len(GZIP_MAGIC)]) != GZIP_MAGIC:
                return
            yield from self._member()
            yield b""

    def _member(self) -> Iterator[bytes]:
        stream, feed = _new_stream(), _SMALLEST_FEED
        while not stream.eof:
            given = self._packed[self._place : self._place + feed]
            if not given:
                raise EOFError
            piece = stream.decompress(given, _PIECE)
            # How much of what is given was left over is told in two places.
            self._place += len(given) - len(stream.unused_data or stream.unconsumed_tail)
            feed = min(2 * feed, _PIECE)
            if piece:
                yield piece


def _optional(module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name)
    except ImportError:
        return None


def _by_standard_library(packed: bytes, claimed: int) -> bytes:
    """Decompress a file that makes as many bytes as it claims. Raises zlib.error if it does not."""
    stream = zlib.decompressobj(_GZIP_WINDOW)
    body = stream.decompress(packed, claimed + 1)
    if not stream.eof or stream.unused_data or len(body) != claimed:
        raise zlib.error("it is not as it claims to be")
    return body


_decompress_at_once: Callable[[bytes, int], bytes | bytearray] = (
    _optional("deflate", "gzip_decompress") or _by_standard_library
)
_isal_stream: Callable[[int], _Stream] | None = _optional("isal.isal_zlib", "decompressobj")
_REFUSALS: Final[tuple[type[Exception], ...]] = tuple(
    filter(None, (_optional("deflate", "DeflateError"), zlib.error, MemoryError))
)
_CORRUPTIONS: Final[tuple[type[Exception], ...]] = tuple(
    filter(None, (zlib.error, _optional("isal.isal_zlib", "error")))
)


def _new_stream() -> _Stream:
    return (_isal_stream or zlib.decompressobj)(_GZIP_WINDOW)
