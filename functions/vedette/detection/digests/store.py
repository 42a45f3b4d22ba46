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
from vedette.detection.digests.names import DIGEST_MARK, LOG_MARK
from vedette.detection.event.files import FileContent, log_files, read_file

# Logs of Insights (`_CloudTrail-Insight_`) may be vouched for too.
_ANY_LOG: Final = "_CloudTrail"


class UnreadableLogError(Exception):
    """A log could not be read, so nobody knows what it holds; the message is a clause."""


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest file; `signature` is what S3 keeps with it, in hexadecimal digits, if known."""

    name: str
    content: FileContent
    signature: str | None = None


class DigestStore(Protocol):
    """Lists and reads digests and the logs they vouch for."""

    def digest_names(self) -> Iterable[str]:
        """Name the digests as AWS named them, without their folders."""
        ...

    def digests(self) -> Iterator[StoredDigest]:
        """Give every digest that is stored, in any order."""
        ...

    def log_names(self) -> Iterable[str]:
        """Name every log that is stored, by path or address."""
        ...

    def log(self, place: Place) -> FileContent | None:
        """Read the log that was delivered to a place, or return None if it is not there.

        Raises UnreadableLogError.
        """
        ...

    def reaches(self, place: Place) -> bool:
        """Tell whether what was delivered to a place would have been listed."""
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
            elif _ANY_LOG in path.name:
                self._logs[path.name].append(path)

    def digest_names(self) -> Iterable[str]:
        """Name the digests."""
        return [path.name for path in self._digests]

    def digests(self) -> Iterator[StoredDigest]:
        """Give the digests by the names of their files."""
        for path in sorted(self._digests, key=lambda one: one.name):
            yield StoredDigest(path.name, read_file(path), self._signatures.get(path.name))

    def log_names(self) -> Iterable[str]:
        """Name the logs by their paths."""
        return [
            str(path) for name, paths in self._logs.items() if LOG_MARK in name for path in paths
        ]

    def log(self, place: Place) -> FileContent | None:
        """Read a log; of several copies, that whose path is most like its key."""
        found = self._logs.get(place.name)
        if not found:
            return None
        path = max(found, key=lambda one: _alike(one, place))
        content = read_file(path)
        # A file that could not be read has no size; one that somebody emptied has none either.
        if content.problem is not None and not content.size and not _is_empty(path):
            raise UnreadableLogError(content.problem)
        return content

    def reaches(self, place: Place) -> bool:  # noqa: ARG002 - the port's parameter
        """A folder is taken for the entire bucket: nothing in it says what was left out."""
        return True


def _is_empty(path: Path) -> bool:
    try:
        return path.is_file() and not path.stat().st_size
    except OSError:
        return False


def _alike(path: Path, place: Place) -> int:
    """Count the folders at the end of a path that are those of the key."""
    pairs = zip(reversed(path.parts), reversed(place.key.split("/")), strict=False)
    count = 0
    for part, other in pairs:
        if part != other:
            break
        count += 1
    return count
