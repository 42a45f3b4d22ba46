"""A record of which only some members were decoded, for code that reads whole records."""

from collections.abc import Iterator
from typing import Any, Final, NoReturn

import orjson
from msgspec import UNSET, Raw

from vedette.detection.match.columns import HotRecord

_ABSENT: Final = object()


class UndecodedError(Exception):
    """A member was asked for that was not decoded: it takes the whole record to answer."""


class DecodedRecord(dict[str, Any]):
    """Answers for decoded members as the whole record would; for others it raises UndecodedError.

    `read` names the members that were asked for.
    """

    __slots__ = ("_decoded",)

    def __init__(self, decoded: HotRecord) -> None:
        super().__init__()
        self._decoded = decoded

    @property
    def read(self) -> list[str]:
        return list(dict.keys(self))

    def __getitem__(self, name: str) -> Any:
        value = self._value(name)
        if value is _ABSENT:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        value = self._value(name)
        return default if value is _ABSENT else value

    def __contains__(self, name: object) -> bool:
        return self._value(str(name)) is not _ABSENT

    def __iter__(self) -> Iterator[str]:
        _refuse("all members")

    def keys(self) -> NoReturn:
        _refuse("all members")

    def values(self) -> NoReturn:
        _refuse("all members")

    def items(self) -> NoReturn:
        _refuse("all members")

    def _value(self, name: str) -> Any:
        known = dict.get(self, name, UNSET)
        if known is not UNSET:
            return known
        value = self._read(name)
        dict.__setitem__(self, name, value)
        return value

    def _read(self, name: str) -> Any:
        if name not in self._decoded.__struct_fields__:
            _refuse(name)
        value = value_of(self._decoded, name)
        if type(value) is bytes:
            return _parsed(value)
        return _ABSENT if value is UNSET else value


def value_of(decoded: HotRecord, name: str) -> Any:
    """Return the value of a decoded member: objects as JSON, UNSET where it is absent."""
    value = getattr(decoded, name)
    return b"".join((value,)) if type(value) is Raw else value


def _parsed(text: bytes) -> Any:
    if not text:
        return _ABSENT
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UndecodedError(str(error)) from error


def _refuse(name: str) -> NoReturn:
    raise UndecodedError(name)
