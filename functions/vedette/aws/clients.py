"""Clients of the deployed functions: made once, with limits that fit a function's short life."""

from typing import Any, Final

import boto3
from botocore.config import Config

from vedette import __version__

ATTEMPTS: Final = 5
CONNECT_SECONDS: Final = 3
READ_SECONDS: Final = 10
# As many as the finding store writes at once, and a few more.
CONNECTIONS: Final = 16


def deployed_client(service: str) -> Any:
    """Return a client in the function's own region, as its own role."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=CONNECTIONS,
        parameter_validation=False,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        tcp_keepalive=True,
        user_agent_extra=f"vedette/{__version__}",
    )
    # boto3's overloads name every service literally; ours arrives as data.
    make: Any = boto3.client
    return make(service, config=config)
