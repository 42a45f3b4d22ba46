"""Where a hunt finds its logs: files and folders, or objects below a prefix in S3."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from vedette.aws.log_objects import BucketPlace, LogObjects
from vedette.aws.session import AwsSession, SessionOptions
from vedette.detection.event.files import LOG_NAMES, FileContent, log_files, read_file
from vedette.operations.selection import UsageError

S3: Final = "s3://"
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


@dataclass(slots=True)
class BucketLogs:
    """Objects in S3; each process opens a session of its own."""

    places: tuple[BucketPlace, ...]
    session: SessionOptions
    _opened: LogObjects | None = None

    def files(self) -> list[LogFile]:
        """List the objects that bear the name of a log. Raises SessionError or ReadError."""
        found = (one for place in self.places for one in self._objects().listed(place))
        return [LogFile(one.uri, one.size) for one in found if one.uri.endswith(LOG_NAMES)]

    def read(self, file: LogFile) -> FileContent:
        """Read an object."""
        return self._objects().read(file.name)

    def __reduce__(self) -> tuple[type["BucketLogs"], tuple[object, ...]]:
        """Leave the session behind, which cannot be sent."""
        return BucketLogs, (self.places, self.session)

    def _objects(self) -> LogObjects:
        if self._opened is None:
            self._opened = LogObjects(AwsSession(self.session))
        return self._opened


def log_source(places: Sequence[str], session: SessionOptions) -> LogSource:
    """Return the source for what a command line names. Raises UsageError for a mixture."""
    in_s3 = [place for place in places if place.startswith(S3)]
    if not in_s3:
        return LocalLogs(tuple(map(Path, places)))
    if len(in_s3) < len(places):
        raise UsageError("Hunt through either files or S3 at once, not both.")
    return BucketLogs(tuple(_bucket_place(place) for place in in_s3), session)


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


def _bucket_place(text: str) -> BucketPlace:
    bucket, _, prefix = text.removeprefix(S3).partition("/")
    if not bucket:
        raise UsageError(f"{text}: name a bucket, as in s3://bucket/AWSLogs/.")
    return BucketPlace(bucket=bucket, prefix=prefix)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
