"""Writes files that only their owner may read."""

import os
import tempfile
from pathlib import Path

from vedette.resources.errors import UserError


def write_private(path: Path, text: str) -> None:
    """Write a file with mode 0600, whole or not at all.

    Raises UserError if it cannot be written. A symbolic link is replaced, not followed.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}).") from error
    temporary = Path(name)
    try:
        # mkstemp makes the file with mode 0600 (Python docs, tempfile.mkstemp).
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"{path}: cannot be written ({error.strerror}).") from error
