"""The canary's calls, on a bucket that holds nothing.

Source: Amazon S3 API Reference, PutBucketOwnershipControls, GetBucketTagging.
"""

from typing import Any, Final

from botocore.exceptions import ClientError

from vedette.aws.errors import CALL_ERRORS, read_error

WRITE: Final = "s3:PutBucketOwnershipControls"
DENIED_READ: Final = "s3:GetBucketTagging"


class CanaryCallError(Exception):
    """A call did not end as it should; the message says how it did."""


class BucketCanary:
    """Sets on a bucket what is set there, and reads what the role may not read."""

    # The read is declared nowhere: that it is denied is what it is for.
    CALLS: Final = frozenset({WRITE})

    def __init__(self, client: Any, bucket: str) -> None:
        """`client` is an S3 client."""
        self._client = client
        self._bucket = bucket

    def call(self, kind: str) -> str:
        """Make a call of a kind (`write` or `denied_read`) and return the id of its request."""
        return self._write() if kind == "write" else self._denied_read()

    def _write(self) -> str:
        rules = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        try:
            answer = self._client.put_bucket_ownership_controls(
                Bucket=self._bucket, OwnershipControls=rules
            )
        except CALL_ERRORS as error:
            raise CanaryCallError(read_error(WRITE, error).reason) from error
        return _request_id(answer)

    def _denied_read(self) -> str:
        try:
            self._client.get_bucket_tagging(Bucket=self._bucket)
        except ClientError as error:
            said = read_error(DENIED_READ, error)
            if said.denied:
                return _request_id(error.response)
            raise CanaryCallError(f"{said.reason}, but should have been denied") from error
        except CALL_ERRORS as error:
            raise CanaryCallError(read_error(DENIED_READ, error).reason) from error
        raise CanaryCallError(f"{DENIED_READ} was allowed, but should have been denied")


def _request_id(answer: Any) -> str:
    return str(answer.get("ResponseMetadata", {}).get("RequestId", ""))
