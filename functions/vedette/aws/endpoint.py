"""Endpoints other than AWS's own, such as a local stand-in."""

import re
from typing import Any

# AWS's own hosts really begin with the account.
ACCOUNT_IN_HOST = re.compile(r"(?<=//)\d{12}\.(?!s3-control[.-])")


def keep_account_out_of_host(client: Any) -> None:
    """Stop an S3 Control client from calling `http://123456789012.127.0.0.1`, which no one serves.

    The endpoint may be given to the client or stand in `AWS_ENDPOINT_URL`. botocore's rules for S3
    Control put the account before the host of a custom endpoint too, and `inject_host_prefix` does
    not govern them.
    """
    client.meta.events.register("before-call.s3-control", _strip_account)


def _strip_account(params: dict[str, Any], **_: Any) -> None:
    params["url"] = ACCOUNT_IN_HOST.sub("", params["url"], count=1)
