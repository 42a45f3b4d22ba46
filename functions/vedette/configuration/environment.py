"""Hides the user's settings from a part of this process that must not see them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

AWS_PREFIX = "AWS_"
PROXY_SUFFIX = "_PROXY"
NEUTRAL = {
    # Named, so that the files in the home folder are not read either.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def without_aws_settings() -> Iterator[None]:
    """Hide AWS's variables, AWS's configuration files and proxies while the block runs.

    boto3 and moto read them wherever they open a session, so an unknown profile in AWS_PROFILE
    would stop even what is given other credentials.
    """
    hidden = {name: value for name, value in os.environ.items() if _is_hidden(name)}
    _replace(hidden, NEUTRAL)
    try:
        yield
    finally:
        _replace(NEUTRAL, hidden)


def _is_hidden(name: str) -> bool:
    return name.startswith(AWS_PREFIX) or name.upper().endswith(PROXY_SUFFIX)


def _replace(old: dict[str, str], new: dict[str, str]) -> None:
    for name in old:
        os.environ.pop(name, None)
    os.environ.update(new)
