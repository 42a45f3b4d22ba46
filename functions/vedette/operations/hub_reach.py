"""Opens a deployment for those who look after it: its stack, and readers for its regions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from vedette.aws.collect.reader import Reader
from vedette.aws.deployment_stack import DeployedStack, find_stack, hub_stack, region_reader
from vedette.aws.session import AwsSession, Identity, SessionOptions
from vedette.configuration.loader import FILE_NAME, load_configuration

# A function that is called may take two minutes; Lambda's connection stays silent meanwhile.
SECONDS: Final = 150
HUB: Final = "Vedette"
WATCHED: Final = "WatchedRegions"


class Hub:
    """A deployed hub: who asks, its stack, and the stacks of other regions of its account."""

    def __init__(self, options: SessionOptions, stack: str) -> None:
        """Raise SessionError or NoStackError if it cannot be found; the hub's region is asked."""
        self._session = AwsSession(replace(options, read_seconds=SECONDS))
        self.identity: Identity = self._session.identity()
        self.session = self._session
        self.reader = self.in_region(self._session.region)
        self.stack: DeployedStack = hub_stack(self.reader, stack)
        self._forwarders: dict[str, DeployedStack | None] = {self.region: self.stack}

    @property
    def account(self) -> str:
        """Return the id of the hub's account."""
        return self.identity.account

    @property
    def region(self) -> str:
        """Return the hub's region."""
        return self._session.region

    @property
    def watched_regions(self) -> tuple[str, ...]:
        """Return the regions that the deployment says it watches."""
        told = self.stack.outputs.get(WATCHED, self.region)
        return tuple(sorted(one for one in told.split(",") if one))

    def in_region(self, region: str) -> Reader:
        """Return a reader of a region of the hub's account."""
        return region_reader(self._session, region, self.identity.account, self.identity.partition)

    def forwarder(self, region: str) -> DeployedStack | None:
        """Return the stack that forwards the events of a region. Raises ReadError."""
        if region not in self._forwarders:
            name = f"{self.stack.name}-{region}"
            self._forwarders[region] = find_stack(self.in_region(region), name)
        return self._forwarders[region]

    def other_regions(self) -> Iterator[str]:
        """Yield the watched regions but the hub's."""
        return (one for one in self.watched_regions if one != self.region)


def hub_region(region: str | None, configuration: Path | None) -> str | None:
    """Return the region to look for the hub in: as said, else as configured; None: the profile's.

    Without a file named, `vedette.yml` in the current folder tells, if there is one. Raises
    YamlError.
    """
    if region is not None:
        return region
    path = configuration or Path(FILE_NAME)
    if configuration is None and not path.is_file():
        return None
    return load_configuration(path).configuration.deployment.region
