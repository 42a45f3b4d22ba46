"""boto3 clients for an endpoint that is not AWS."""

from threading import Lock
from typing import Any

import boto3
from botocore.config import Config

from vedette.aws.endpoint import keep_account_out_of_host

KEY_ID = "AKIAIOSFODNN7EXAMPLE"  # The example key of AWS's documentation: the default account's.
SECRET = "any"  # noqa: S105 - The stand-in verifies no signature.


class Clients:
    """Makes clients with the default account's credentials, one for each service and region."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url
        self._session = boto3.Session(KEY_ID, SECRET)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    def get(self, service: str, region: str) -> Any:
        """Return the client for a service in a region."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._make(service, region)
            return self._clients[service, region]

    def close(self) -> None:
        """Close the clients' connections."""
        for client in self._clients.values():
            client.close()

    def _make(self, service: str, region: str) -> Any:
        make: Any = self._session.client  # boto3's overloads name every service literally.
        client = make(
            service,
            region_name=region,
            endpoint_url=self._endpoint_url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 2}),
        )
        keep_account_out_of_host(client)
        return client
