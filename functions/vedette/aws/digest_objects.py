"""Reads digests and the logs they vouch for in S3, and tells what is gone from what is denied."""

from dataclasses import dataclass
from typing import Final

from vedette.aws.errors import CALL_ERRORS, Problem, read_error
from vedette.aws.log_objects import GET, S3Clients
from vedette.detection.event.files import DECOMPRESSED_LIMIT, FileContent, content_of

# In S3, a digest's signature is metadata of the object (`x-amz-meta-signature`).
# Source: AWS CloudTrail User Guide, "CloudTrail digest file structure".
_SIGNATURE: Final = "signature"
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object, decompressed, and the signature that stands in its metadata, if one does."""

    content: FileContent
    signature: str | None


class DigestObjects:
    """Reads objects of buckets, each as a whole."""

    def __init__(self, clients: S3Clients) -> None:
        """Take where the client comes from."""
        self._clients = clients

    def read(self, bucket: str, key: str, limit: int = DECOMPRESSED_LIMIT) -> StoredObject | None:
        """Read an object of at most `limit` bytes, or return None if there is none.

        Raises ReadError if S3 does not give it.
        """
        uri = f"s3://{bucket}/{key}"
        client = self._clients.client("s3", self._clients.region)
        try:
            answer = client.get_object(Bucket=bucket, Key=key)
            size = answer["ContentLength"]
            if size > limit:
                content = FileContent(path=uri, size=size, problem=f"it has {size:,} bytes")
                return StoredObject(content, None)
            stored = b"".join(answer["Body"].iter_chunks(_PIECE))
        except CALL_ERRORS as error:
            said = read_error(GET, error)
            if said.problem is Problem.NOT_FOUND:
                return None
            raise said from error
        return StoredObject(content_of(stored, uri, limit), answer["Metadata"].get(_SIGNATURE))
