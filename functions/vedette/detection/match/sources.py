"""Where the records of a scan come from: a file in CloudTrail's shape, or single pieces of JSON."""

import re
from collections.abc import Sequence
from typing import Any, Final, Protocol, TypeAlias

import msgspec
import orjson

from vedette.detection.match.classifier import WHOLE, Classifier
from vedette.detection.match.columns import HotRecord
from vedette.detection.match.places import Buffer, RecordPlaces
from vedette.detection.match.programs import Program

RawRecord: TypeAlias = bytes | memoryview | msgspec.Raw
_LIST: Final = re.compile(rb"\s*\[")
_UNDECODABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class NotRecordsError(ValueError):
    """A file is neither `{"Records": […]}` nor a list, or not JSON."""


class Source(Protocol):
    """The records of one scan, by position."""

    def __len__(self) -> int:
        """Return the number of records."""

    def programs(self, start: int, end: int) -> list[Program | None]:
        """Return the programs of some records; WHOLE for what has to be read as a whole."""

    def decoded(self, position: int) -> HotRecord:
        """Return the decoded members of a record of the last batch whose program is not WHOLE."""

    def raw(self, position: int) -> bytes:
        """Return the JSON of a record."""

    def parsed(self, position: int) -> tuple[bytes, Any]:
        """Return the JSON of a record and what it says. Raises ValueError if it is none."""


class _RawWrapper(msgspec.Struct):
    Records: list[msgspec.Raw]


class SourceReader:
    """Opens sources for one classifier."""

    def __init__(self, classifier: Classifier) -> None:
        hot = classifier.hot_record
        wrapper = msgspec.defstruct("Wrapper", [("Records", list[hot])])  # type: ignore[valid-type]
        self._classifier = classifier
        self._one = msgspec.json.Decoder(hot)
        self._listed = msgspec.json.Decoder(list[hot])  # type: ignore[valid-type]
        self._wrapped = msgspec.json.Decoder(wrapper)
        self._raw_listed = msgspec.json.Decoder(list[msgspec.Raw])
        self._raw_wrapped = msgspec.json.Decoder(_RawWrapper)

    def file(self, data: Buffer) -> Source:
        """Open a file as it is. Raises NotRecordsError."""
        if _is_text(data):
            try:
                return _FileSource(data, self._decoded(data), self)
            except _UNDECODABLE:
                pass  # One record of another shape is enough for that; the others can be read.
        return self.pieces(self.split(data))

    def pieces(self, raws: Sequence[RawRecord]) -> Source:
        """Open a source of single records."""
        return _PieceSource(raws, self)

    def split(self, data: Buffer) -> list[msgspec.Raw]:
        """Split a file into its records. Raises NotRecordsError."""
        try:
            if _LIST.match(data):
                return self._raw_listed.decode(data)
            return self._raw_wrapped.decode(data).Records
        except _UNDECODABLE as error:
            raise NotRecordsError(f"it is not a list of records ({error})") from error

    def programs(self, records: Sequence[HotRecord]) -> list[Program | None]:
        """Return the programs of decoded records."""
        return self._classifier.programs(records)

    def decoded_one(self, raw: RawRecord) -> HotRecord | None:
        """Decode one record, or give None if it is not plainly one."""
        try:
            bytes(raw).decode()
            return self._one.decode(raw)
        except _UNDECODABLE:
            return None

    def _decoded(self, data: Buffer) -> list[HotRecord]:
        if _LIST.match(data):
            return self._listed.decode(data)
        wrapper: Any = self._wrapped.decode(data)
        records: list[HotRecord] = wrapper.Records
        return records


class _FileSource:
    """A file of which all records were decoded; their bytes are found when they are needed."""

    def __init__(self, data: Buffer, records: list[HotRecord], reader: SourceReader) -> None:
        self._data = data
        self._records = records
        self._reader = reader
        self._places = RecordPlaces(data)
        self._raws: list[msgspec.Raw] | None = None

    def __len__(self) -> int:
        return len(self._records)

    def programs(self, start: int, end: int) -> list[Program | None]:
        return self._reader.programs(self._records[start:end])

    def decoded(self, position: int) -> HotRecord:
        return self._records[position]

    def raw(self, position: int) -> bytes:
        if self._raws is None:
            self._raws = self._reader.split(self._data)
        return bytes(self._raws[position])

    def parsed(self, position: int) -> tuple[bytes, Any]:
        if self._raws is None:
            is_last = position == len(self._records) - 1
            identity = self._records[position].userIdentity
            raw = self._places.record_around(identity, is_last=is_last)
            try:
                return raw, orjson.loads(raw)
            except orjson.JSONDecodeError:
                pass  # It was not found, or what was taken for its end is within the record.
        raw = self.raw(position)
        return raw, orjson.loads(raw)


class _PieceSource:
    """Records that are given one by one."""

    def __init__(self, raws: Sequence[RawRecord], reader: SourceReader) -> None:
        self._raws = raws
        self._reader = reader
        self._start = 0
        self._batch: list[HotRecord | None] = []

    def __len__(self) -> int:
        return len(self._raws)

    def programs(self, start: int, end: int) -> list[Program | None]:
        decoded = [self._reader.decoded_one(raw) for raw in self._raws[start:end]]
        self._start, self._batch = start, decoded
        known = iter(self._reader.programs([one for one in decoded if one is not None]))
        return [WHOLE if one is None else next(known) for one in decoded]

    def decoded(self, position: int) -> HotRecord:
        return self._batch[position - self._start]

    def raw(self, position: int) -> bytes:
        return bytes(self._raws[position])

    def parsed(self, position: int) -> tuple[bytes, Any]:
        raw = self.raw(position)
        return raw, orjson.loads(raw)


def _is_text(data: Buffer) -> bool:
    """Tell whether a file is UTF-8 throughout; skipped parts are not checked when decoding."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
