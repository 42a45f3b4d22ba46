"""Finds the bytes of one record in a file of which only some fields were decoded.

Looking for an eventID would find any object that bears it, also one that somebody put into the
parameters of a call. Where a decoded part lies in memory cannot be forged: `userIdentity` is
decoded as `msgspec.Raw`, which is a view of the file's own buffer, so its address tells its place
in the file. CloudTrail writes `{"eventVersion":"…","userIdentity":` in front of it; where just that
stands there, the brace is the record's own, since all of it is one level deep. And from a certain
start, only one end makes a JSON object.
"""

import ctypes
import re
from typing import Final, TypeAlias

import msgspec

Buffer: TypeAlias = bytes | bytearray
_OPENING: Final = b'{"eventVersion":"'
_REST_OF_OPENING: Final = re.compile(rb'[^"\\]*","userIdentity":')
_LONGEST_OPENING: Final = 96
_BETWEEN: Final = b'},{"eventVersion":'
_CLOSING: Final = b"]}"


class _BufferView(ctypes.Structure):
    """CPython's Py_buffer, which is part of its stable binary interface."""

    _fields_ = (
        ("buf", ctypes.c_void_p),
        ("obj", ctypes.c_void_p),
        ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("ndim", ctypes.c_int),
        ("format", ctypes.c_void_p),
        ("shape", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("suboffsets", ctypes.c_void_p),
        ("internal", ctypes.c_void_p),
    )


_get_buffer = ctypes.pythonapi.PyObject_GetBuffer
_get_buffer.argtypes = (ctypes.py_object, ctypes.c_void_p, ctypes.c_int)
_release_buffer = ctypes.pythonapi.PyBuffer_Release
_release_buffer.argtypes = (ctypes.c_void_p,)
_release_buffer.restype = None


class RecordPlaces:
    """Finds records in a file by what was decoded of them."""

    def __init__(self, data: Buffer) -> None:
        self._data = data
        self._view = _BufferView()
        self._view_address = ctypes.addressof(self._view)
        self._base = self._address(data)

    def record_around(self, identity: msgspec.Raw, *, is_last: bool) -> bytes:
        """Return the bytes that begin with the record of an identity and end where it should.

        If they are a JSON object they are the record; if not, it was not found. They are empty
        where the record does not begin as CloudTrail writes it.
        """
        offset = self._address(identity) - self._base
        if not 0 < offset < len(self._data):
            return b""
        start = self._data.rfind(_OPENING, max(0, offset - _LONGEST_OPENING), offset)
        inside = start + len(_OPENING)
        if start < 0 or not _REST_OF_OPENING.fullmatch(self._data, inside, offset):
            return b""
        found = self._data.rfind(_CLOSING) if is_last else self._data.find(_BETWEEN, offset) + 1
        return bytes(memoryview(self._data)[start : max(start, found)])

    def _address(self, holder: object) -> int:
        """Return where the memory of a buffer begins."""
        _get_buffer(holder, self._view_address, 0)
        address = self._view.buf or 0
        _release_buffer(self._view_address)
        return address
