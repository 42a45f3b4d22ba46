"""Writes files that only their owner may read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from vedette.resources.errors import UserError


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600, whole or not at all.

    Raises UserError if it cannot be written. A symbolic link is replaced, not followed.
    """
    with private_file(path) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write bit by bit; it takes its place, with mode 0600, when all is written.

    Raises UserError if it cannot be written. A symbolic link is replaced, not followed.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}).") from error
    temporary = Path(name)
    try:
        # mkstemp makes the file with mode 0600 (Python docs, tempfile.mkstemp).
        with os.fdopen(handle, "wb") as file:
            yield file
        temporary.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}).") from error
    finally:
        temporary.unlink(missing_ok=True)
