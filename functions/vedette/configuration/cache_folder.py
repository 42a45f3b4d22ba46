"""Where Vedette keeps what it can make again at any time."""

import os
import stat
from pathlib import Path

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path | None:
    """Return the folder for caches, made if need be, or None where there can be none.

    What stands there is believed, so it is a folder of this user's that nobody else can write to.
    Source: XDG Base Directory Specification, `XDG_CACHE_HOME`.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if given.startswith("/") else _home_cache()
    if base is None:
        return None
    folder = base / "vedette"
    try:
        # A home that is not there is not made.
        base.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder if is_ours_alone(folder) else None


def is_ours_alone(path: Path) -> bool:
    """Tell whether something belongs to this user, and nobody else can change it."""
    try:
        status = path.lstat()
    except OSError:
        return False
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE


def _home_cache() -> Path | None:
    try:
        return Path.home() / ".cache"
    except RuntimeError:
        # This user has no home.
        return None
