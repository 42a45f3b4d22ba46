"""Lists and reads log objects in S3, for a hunt. An audit needs none of these permissions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol

from vedette.aws.errors import CALL_ERRORS, ReadError, read_error
from vedette.detection.event.files import DECOMPRESSED_LIMIT, FileContent, content_of
from vedette.resources.errors import UserError

LIST: Final = "s3:ListObjectsV2"
GET: Final = "s3:GetObject"
OPERATIONS: Final = frozenset({LIST, GET})
_PIECE: Final = 1024 * 1024
_SCHEME: Final = "s3://"


class LogObjectsError(UserError):
    """A bucket cannot be listed; the message says why and what is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlace:
    """What is below a prefix of a bucket."""

    bucket: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class LogObject:
    """An object, as `s3://bucket/key`, and its size in bytes as it is stored."""

    uri: str
    size: int


class S3Clients(Protocol):
    """Where the client comes from."""

    @property
    def region(self) -> str:
        """Return the region that is asked first."""
        ...

    def client(self, service: str, region: str) -> Any:
        """Return the boto3 client for a service in a region."""
        ...


class LogObjects:
    """Reads the objects of buckets, wherever they are: S3 tells the region of a bucket itself."""

    def __init__(self, clients: S3Clients) -> None:
        self._clients = clients

    def listed(self, place: BucketPlace) -> Iterator[LogObject]:
        """Yield the objects in the order of their keys. Raises LogObjectsError."""
        listing = {"Bucket": place.bucket, "Prefix": place.prefix}
        pages = self._client().get_paginator("list_objects_v2").paginate(**listing)
        try:
            for page in pages:
                for one in page.get("Contents", ()):
                    yield LogObject(f"{_SCHEME}{place.bucket}/{one['Key']}", int(one["Size"]))
        except CALL_ERRORS as error:
            said = read_error(LIST, error).reason
            message = f"s3://{place.bucket}/{place.prefix}: {said}. A hunt needs s3:ListBucket."
            raise LogObjectsError(message) from error

    def read(self, uri: str, limit: int = DECOMPRESSED_LIMIT) -> FileContent:
        """Read an object, of which no more than `limit` bytes may come."""
        bucket, _, key = uri.removeprefix(_SCHEME).partition("/")
        try:
            answer = self._client().get_object(Bucket=bucket, Key=key)
            if answer["ContentLength"] > limit:
                message = f"it is larger than {limit:,} bytes; split it"
                return FileContent(path=uri, size=answer["ContentLength"], problem=message)
            stored = b"".join(answer["Body"].iter_chunks(_PIECE))
        except CALL_ERRORS as error:
            return FileContent(path=uri, problem=_said(read_error(GET, error)))
        return content_of(stored, uri, limit)

    def _client(self) -> Any:
        return self._clients.client("s3", self._clients.region)


def _said(error: ReadError) -> str:
    return error.reason
