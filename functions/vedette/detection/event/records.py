"""Finds the CloudTrail records in a file, in every shape in which they come.

The shapes: `{"Records": […]}` as CloudTrail delivers to S3, a bare list, one record a line, a
single record, and EventBridge envelopes in place of records. What cannot be read is reported, and
everything else is read. Where a key stands twice in a record, the last one counts, as with AWS.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any, Final, TypeAlias

import msgspec
import orjson

from vedette.detection.event.files import FileContent
from vedette.detection.event.slices import Slices

Record: TypeAlias = dict[str, Any]
Report: TypeAlias = Callable[[str], None]

_MOST_REPORTED: Final = 5
_WRAPPED: Final = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[')
_LISTED: Final = re.compile(rb"\s*\[")
_SIGNS_OF_A_RECORD: Final = ("eventName", "eventSource", "eventID", "eventVersion")
_DIGEST_MEMBERS: Final = ("digestStartTime", "logFiles")


class Shape(Enum):
    """How a file begins, as far as that tells how to read it."""

    RECORDS = auto()
    LIST = auto()
    OTHER = auto()


class _Wrapper(msgspec.Struct):
    Records: list[msgspec.Raw]


_WRAPPER: Final = msgspec.json.Decoder(_Wrapper)
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])


def shape_of(body: bytes | bytearray) -> Shape:
    """Tell from its beginning what a file looks like; whether it stays so is for the parser."""
    if _WRAPPED.match(body):
        return Shape.RECORDS
    return Shape.LIST if _LISTED.match(body) else Shape.OTHER


def records(content: FileContent, report: Report) -> Iterator[Record]:
    """Yield the records of a file. Whatever is wrong with it is reported, in bounded number.

    The problem that the content itself bears is not repeated.
    """
    if content.body is None:
        return
    reader = _Reader(content.body, report, is_cut=content.problem is not None)
    yield from reader.records()
    reader.finish()


def records_in(raw: bytes) -> list[Record]:
    """Return the records in one entry of a list: itself, or what its envelope holds.

    What is not plainly JSON is read as far as it goes. Raises ValueError if nothing can be read.
    """
    said: list[str] = []
    found = list(_Reader(raw, said.append, is_cut=False).parsed(raw, in_list=True))
    if not found:
        raise ValueError("; ".join(said) or "it holds no record")
    return found


class _Reader:
    """Reads one file and keeps count of what is wrong with it."""

    def __init__(self, body: bytes | bytearray, report: Report, *, is_cut: bool) -> None:
        self._body = body
        self._report = report
        self._is_cut = is_cut
        self._problems = 0
        self._place = 0

    def records(self) -> Iterator[Record]:
        pieces = self._listed()
        if pieces is not None:
            for raw in pieces:
                yield from self.parsed(raw, in_list=True)
        elif self._is_lines():
            for line in self._lines():
                yield from self.parsed(line, in_list=False)
        else:
            yield from self._sliced()

    def finish(self) -> None:
        if self._problems > _MOST_REPORTED:
            self._report(f"and {self._problems - _MOST_REPORTED:,} more problems like these")

    def _listed(self) -> list[msgspec.Raw] | None:
        """Return the records of a file that is one wrapper or one list, and sound as a whole."""
        shape = shape_of(self._body)
        try:
            if shape is Shape.RECORDS:
                return _WRAPPER.decode(self._body).Records
            return _LIST.decode(self._body) if shape is Shape.LIST else None
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return None

    def _is_lines(self) -> bool:
        first = next(self._lines(), b"")
        return len(first) < len(self._body) - 1 and isinstance(_loaded(first), dict)

    def _lines(self) -> Iterator[bytes]:
        start = 0
        while start < len(self._body):
            end = self._body.find(b"\n", start)
            end = len(self._body) if end < 0 else end
            if line := bytes(self._body[start:end]).strip():
                yield line
            start = end + 1

    def _sliced(self) -> Iterator[Record]:
        slices = Slices(self._body)
        for piece in slices:
            yield from self.parsed(piece, in_list=slices.in_list)
        if not slices.is_complete and not self._is_cut:
            self._say("the file ends within a record; it is truncated or still being written")
        if not slices.has_brackets and not self._is_cut:
            self._say("it is not JSON")

    def parsed(self, raw: bytes | memoryview | msgspec.Raw, *, in_list: bool) -> Iterator[Record]:
        self._place += 1
        try:
            value = orjson.loads(memoryview(raw))
        except orjson.JSONDecodeError as error:
            value = _salvaged(bytes(raw))
            outcome = "left out" if value is None else "read as far as it goes"
            self._say(f"record {self._place:,} was {outcome} ({str(error)[:100]})")
        if value is not None:
            yield from self._unwrapped(value, in_list=in_list)

    def _unwrapped(self, value: Any, *, in_list: bool) -> Iterator[Record]:
        """Yield the records in what stands where a record belongs."""
        if not isinstance(value, dict):
            self._say(f"record {self._place:,} is not an object")
        elif isinstance(value.get("detail"), dict) and "detail-type" in value:
            yield value["detail"]
        elif any(name in value for name in _SIGNS_OF_A_RECORD):
            yield value
        elif isinstance(value.get("Records"), list):
            for one in value["Records"]:
                yield from self._unwrapped(one, in_list=True)
        elif in_list:
            yield value
        elif not all(name in value for name in _DIGEST_MEMBERS):
            self._say(f"object {self._place:,} is no CloudTrail record")

    def _say(self, problem: str) -> None:
        self._problems += 1
        if self._problems <= _MOST_REPORTED:
            self._report(problem)


def _loaded(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _salvaged(raw: bytes) -> Any:
    """Parse what is JSON but for bytes that are not UTF-8, half surrogates or endless numbers.

    A user agent that is cut in the middle of a character must not hide the call.
    """
    try:
        value = json.loads(
            raw.decode("utf-8", "replace"), parse_constant=_nothing, parse_float=_finite
        )
        return orjson.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _nothing(_: str) -> None:
    return None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None
