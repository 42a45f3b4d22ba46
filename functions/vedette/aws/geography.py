"""Fetches databases of addresses from a bucket."""

from pathlib import Path
from typing import Any, Final

from vedette.aws.errors import CALL_ERRORS, read_error
from vedette.resources.errors import UserError

GET: Final = "s3:GetObject"
# A function has 512 MB of room, for both databases.
LARGEST: Final = 240_000_000
_CHUNK: Final = 1_048_576


class GeographyFetchError(UserError):
    """A database cannot be fetched; the message says which and why."""


class GeographyBucket:
    """A bucket with databases in MaxMind's format."""

    CALLS: Final = frozenset({GET})

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def fetch(self, key: str, folder: Path) -> Path:
        """Write an object into a folder and return where. Raises GeographyFetchError."""
        where = folder / f"geography-{key.replace('/', '_')}"
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            if answer["ContentLength"] > LARGEST:
                raise GeographyFetchError(f"{key} is larger than {LARGEST:,} bytes")
            with where.open("wb") as file:
                for chunk in answer["Body"].iter_chunks(_CHUNK):
                    file.write(chunk)
        except CALL_ERRORS as error:
            raise GeographyFetchError(f"{key}: {read_error(GET, error).reason}") from error
        return where
