"""Hits: what is remembered of an event that a rule with memory counts.

A hit is a short text of bytes, so that a set of them merges by union, whoever adds to it and in
whatever order: time (whole seconds, 4 bytes), source (which of the correlation's rules, 1), event
(16) and value (8), all big-endian, and behind that what a correlation above must know of the event.
Sorted hits are sorted by time. An event that is delivered twice makes the same hit.
"""

import hashlib
import struct
from functools import lru_cache
from typing import Final, NamedTuple

NO_VALUE: Final = bytes(8)
HEADER: Final = struct.Struct(">IB16s8s")
_NUMBER: Final = struct.Struct(">d")
_COORDINATES: Final = struct.Struct(">ff")
_EVENT_SIZE: Final = 16


class Hit(NamedTuple):
    """One hit, taken apart. `source` counts the rules of the correlation from 0."""

    time: int
    source: int
    event: bytes
    value: bytes
    carried: bytes = b""


def pack(hit: Hit) -> bytes:
    """Write a hit as bytes."""
    return HEADER.pack(hit.time, hit.source, hit.event, hit.value) + hit.carried


def unpack(packed: bytes) -> Hit:
    """Read a hit from bytes."""
    time, source, event, value = HEADER.unpack_from(packed)
    return Hit(time, source, event, value, bytes(packed[HEADER.size :]))


@lru_cache(maxsize=8_192)
def digest_of(text: str, size: int = 8) -> bytes:
    """Return bytes that stand for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def number_bytes(number: float) -> bytes:
    """Write a number as the value of a hit."""
    return _NUMBER.pack(number)


def number_of(value: bytes) -> float:
    """Read a number from the value of a hit."""
    number: float = _NUMBER.unpack(value)[0]
    return number


def coordinate_bytes(latitude: float, longitude: float) -> bytes:
    """Write a place as the value of a hit, exact to some metres."""
    return _COORDINATES.pack(latitude, longitude)


def coordinates_of(value: bytes) -> tuple[float, float]:
    """Read a place from the value of a hit."""
    latitude, longitude = _COORDINATES.unpack(value)
    return latitude, longitude


class EventIds:
    """Turns event ids into 16 bytes and back; those that are no UUIDs are remembered."""

    def __init__(self) -> None:
        self.others: dict[bytes, str] = {}

    def pack(self, event_id: str) -> bytes:
        """Return the bytes for an id."""
        try:
            packed = bytes.fromhex(event_id.replace("-", ""))
        except ValueError:
            packed = b""
        if len(packed) != _EVENT_SIZE or self.text(packed) != event_id:
            packed = digest_of(event_id, _EVENT_SIZE)
            self.others[packed] = event_id
        return packed

    def text(self, packed: bytes) -> str:
        """Return the id for the bytes."""
        if self.others and packed in self.others:
            return self.others[packed]
        digits = packed.hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
