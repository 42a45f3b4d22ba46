"""Where digests and logs are read from: a port, and files on this machine.

A download keeps the names of files but not their signatures, which S3 holds as metadata. Those of
all digests but the newest stand in the digest that came next, so that a folder tells nearly all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from vedette.detection.digests.document import Place
from vedette.detection.event.files import FileContent, log_files, read_file

DIGEST_MARK: Final = "_CloudTrail-Digest_"
_LOG_MARK: Final = "_CloudTrail_"


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest file; `signature` is what S3 keeps with it, in hexadecimal digits, if known."""

    name: str
    content: FileContent
    signature: str | None = None


class DigestStore(Protocol):
    """Lists and reads digests and the logs they vouch for."""

    def digests(self) -> Iterator[StoredDigest]:
        """Give every digest that is stored, in any order."""
        ...

    def log_names(self) -> Iterable[str]:
        """Name every log that is stored, as `log` reports them."""
        ...

    def log(self, place: Place) -> FileContent | None:
        """Read the log that was delivered to a place, or return None if it is not there."""
        ...


class FolderStore:
    """Files and folders, in which digests and logs bear the names that AWS gave them."""

    def __init__(self, paths: Sequence[Path], signatures: Mapping[str, str] | None = None) -> None:
        """Take where to look, and the signatures that are known, by name of the digest's file."""
        self._signatures = signatures or {}
        self._digests: list[Path] = []
        self._logs: defaultdict[str, list[Path]] = defaultdict(list)
        for path in log_files(paths):
            if DIGEST_MARK in path.name:
                self._digests.append(path)
            elif _LOG_MARK in path.name:
                self._logs[path.name].append(path)

    def digests(self) -> Iterator[StoredDigest]:
        """Give the digests by the names of their files."""
        for path in sorted(self._digests, key=lambda one: one.name):
            yield StoredDigest(path.name, read_file(path), self._signatures.get(path.name))

    def log_names(self) -> Iterable[str]:
        """Name the logs by their paths."""
        return [str(path) for paths in self._logs.values() for path in paths]

    def log(self, place: Place) -> FileContent | None:
        """Read a log; of several copies, that whose path is most like its key."""
        found = self._logs.get(place.name)
        return read_file(max(found, key=lambda path: _alike(path, place))) if found else None


def _alike(path: Path, place: Place) -> int:
    """Count the folders at the end of a path that are those of the key."""
    pairs = zip(reversed(path.parts), reversed(place.key.split("/")), strict=False)
    count = 0
    for part, other in pairs:
        if part != other:
            break
        count += 1
    return count
