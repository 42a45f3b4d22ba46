"""Where a hunt finds its logs: the port, and files and folders of this machine."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from vedette.detection.event.files import FileContent, log_files, read_file
from vedette.operations.usage import UsageError

# When CloudTrail delivered the file: <account>_CloudTrail_<region>_<YYYYMMDDTHHmmZ>_<random>.
# Source: AWS CloudTrail User Guide, "CloudTrail log file name format".
_DELIVERED: Final = re.compile(r"_CloudTrail_[a-z0-9-]+_(\d{8}T\d{4})Z_[^/]*$")
_DIGESTS: Final = re.compile(r"(^|/)AWSLogs/.*/CloudTrail-(Digest|Insight)/")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file to hunt through; `size` is in bytes, as it is stored."""

    name: str
    size: int


class LogSource(Protocol):
    """Lists log files and reads one; it can be sent to another process."""

    def files(self) -> list[LogFile]:
        """List the files in the order of their names. Raises UserError if that is impossible."""
        ...

    def read(self, file: LogFile) -> FileContent:
        """Read a file; what is wrong with it stands in the content."""
        ...


@dataclass(frozen=True, slots=True)
class LocalLogs:
    """Files and folders of this machine."""

    paths: tuple[Path, ...]

    def files(self) -> list[LogFile]:
        """List the files. Raises UsageError for a path that is not there."""
        for path in self.paths:
            if not path.exists():
                raise UsageError(f"{path}: there is no such file or folder.")
        return [LogFile(str(path), _size(path)) for path in log_files(self.paths)]

    def read(self, file: LogFile) -> FileContent:
        """Read a file."""
        return read_file(Path(file.name))


def worth_reading(files: Iterable[LogFile], since: datetime | None) -> list[LogFile]:
    """Leave out digests, and files that were delivered before the time of interest began.

    What stands in a file happened before it was delivered.
    """
    return [
        file
        for file in files
        if not _DIGESTS.search(file.name)
        and not (since and (at := _delivered(file.name)) and at < since)
    ]


def _delivered(name: str) -> datetime | None:
    """Return the end of the minute in which a file was delivered, if its name tells."""
    if (found := _DELIVERED.search(name)) is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M").replace(second=59, tzinfo=UTC)
    except ValueError:
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
