"""Lists the public keys by which CloudTrail's digests are verified. An audit needs none of them.

Source: CloudTrail API Reference, ListPublicKeys: each region has its own keys, and gives those that
were in use in a stretch of time. They are the same for every account.
"""

from datetime import datetime
from typing import Any, Final, Protocol

from vedette.aws.errors import CALL_ERRORS, Problem, ReadError, read_error

LIST_KEYS: Final = "cloudtrail:ListPublicKeys"
OPERATIONS: Final = frozenset({LIST_KEYS})


class RegionalClients(Protocol):
    """Where clients come from."""

    def client(self, service: str, region: str) -> Any:
        """Return the boto3 client for a service in a region."""
        ...

    def serves(self, service: str, region: str) -> bool:
        """Tell whether the service is known to be in the region."""
        ...


def listed_public_keys(
    clients: RegionalClients, region: str, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Return the keys that a region signed with, as the API gives them. Raises ReadError.

    The region's name comes from a file, so only those are asked that are known to exist.
    """
    try:
        if not clients.serves("cloudtrail", region):
            raise ReadError(LIST_KEYS, Problem.FAILED, "UnknownRegion", "this boto3 knows none")
        client = clients.client("cloudtrail", region)
        pages = client.get_paginator("list_public_keys").paginate(StartTime=start, EndTime=end)
        return [key for page in pages for key in page.get("PublicKeyList", ())]
    except CALL_ERRORS as error:
        raise read_error(LIST_KEYS, error) from error
