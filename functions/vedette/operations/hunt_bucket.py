"""Where a hunt finds logs that are not on this machine: objects below a prefix in S3."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.aws.log_objects import BucketPlace, LogObjects
from vedette.aws.session import AwsSession, SessionOptions
from vedette.detection.event.files import LOG_NAMES, FileContent
from vedette.operations.hunt_logs import LogFile
from vedette.operations.usage import UsageError

S3: Final = "s3://"


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


def bucket_logs(places: Sequence[str], session: SessionOptions) -> BucketLogs:
    """Return the source for prefixes in S3. Raises UsageError for what is none."""
    return BucketLogs(tuple(map(_bucket_place, places)), session)


def _bucket_place(text: str) -> BucketPlace:
    bucket, _, prefix = text.removeprefix(S3).partition("/")
    if not bucket:
        raise UsageError(f"{text}: name a bucket, as in s3://bucket/AWSLogs/.")
    return BucketPlace(bucket=bucket, prefix=prefix)
