"""What a truth is made of: an account to seed, and the verdicts that it must get."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from vedette.aws.stand_in.gaps.gaps import Gaps
from vedette.aws.stand_in.server import StandIn


class Aws(Protocol):
    """Makes boto3 clients for the stand-in; the default region is REGION.

    `gaps` sets what moto has no API for.
    """

    @property
    def gaps(self) -> Gaps:
        """Return what is set beside moto."""
        ...

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


@dataclass(frozen=True, slots=True)
class Seeding:
    """A stand-in, as worlds see it."""

    stand_in: StandIn

    @property
    def gaps(self) -> Gaps:
        """Return what is set beside moto."""
        return self.stand_in.gaps

    def __call__(self, service: str, region: str = REGION) -> Any:
        """Return a client for a service."""
        return self.stand_in.client(service, region)


def seed(stand_in: StandIn, world: World) -> None:
    """Create the world's resources in the stand-in."""
    world.seed(Seeding(stand_in))
