"""What a truth is made of: an account to seed, and the verdicts that it must get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Aws(Protocol):
    """Makes boto3 clients for the stand-in; the default region is REGION."""

    def __call__(self, service: str, region: str = ...) -> Any:
        """Return a client for a service."""
        ...


REGION = "eu-west-1"
ACCOUNT = "123456789012"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One state of an account.

    `verdicts` maps rule id to resource id to PASSED or FAILED. Resources that it does not name may
    get any verdict, but none of the named rules may be UNKNOWN for any resource.
    """

    name: str
    seed: Callable[[Aws], None]
    verdicts: Mapping[str, Mapping[str, str]]
