"""Reads log files, whatever state they are in: what is wrong with one is said and not raised."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from vedette.detection.event.gunzip import GZIP_MAGIC, gunzip

DECOMPRESSED_LIMIT: Final = 256 * 1024 * 1024
LOG_NAMES: Final = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What a log file holds, decompressed, and what kept it from being read to its end.

    `body` is None if nothing could be read; `problem` is a clause for people. Both are given for a
    file of which a part could be read.
    """

    path: str
    body: bytes | bytearray | None = None
    problem: str | None = None
    size: int = 0


def log_files(paths: Sequence[Path]) -> Iterator[Path]:
    """List the log files in folders, by name; a path that is no folder is given as it is.

    Below a folder only the names count that CloudTrail and exports of it bear; links to folders
    are not followed.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, below, names in os.walk(path):
            below.sort()
            yield from (Path(folder, name) for name in sorted(names) if name.endswith(LOG_NAMES))


def read_file(path: Path, limit: int = DECOMPRESSED_LIMIT) -> FileContent:
    """Read a file, of which no more than `limit` bytes may come, decompressed or as it is."""
    try:
        stored = _read_regular(path, limit)
    except OSError as error:
        return FileContent(path=str(path), problem=f"it cannot be read ({error.strerror})")
    if isinstance(stored, str):
        return FileContent(path=str(path), problem=stored)
    return content_of(stored, str(path), limit)


def content_of(stored: bytes, path: str, limit: int = DECOMPRESSED_LIMIT) -> FileContent:
    """Make the content of a file from its bytes as they are stored; `path` is for people."""
    if not stored:
        return FileContent(path=path, problem="it is empty; is it still being written?")
    problem: str | None = None
    body: bytes | bytearray = stored
    # By what it is, not by its name: some clients decompress on download and keep the name.
    if stored.startswith(GZIP_MAGIC):
        unpacked = gunzip(stored, limit)
        body, problem = unpacked.body, unpacked.problem
    elif len(stored) > limit:
        return FileContent(path=path, size=len(stored), problem=_too_large(limit))
    if body.startswith(_BYTE_ORDER_MARK):
        body = body[len(_BYTE_ORDER_MARK) :]
    if not body and problem is None:
        problem = "it is empty"
    return FileContent(path=path, body=body or None, problem=problem, size=len(stored))


def _read_regular(path: Path, limit: int) -> bytes | str:
    """Return the file's bytes, or why they are not read."""
    with FileIO(path, opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return "it is not a file"
        if status.st_size > limit:
            return _too_large(limit)
        # What is appended meanwhile is left for the next time.
        return file.read(status.st_size)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; without O_NONBLOCK, a pipe would wait for somebody to write to it."""
    return os.open(path, flags | os.O_NONBLOCK)


def _too_large(limit: int) -> str:
    return f"it is larger than {limit:,} bytes; split it"
