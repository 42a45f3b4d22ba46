"""Reads an account into a snapshot."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from vedette.aws.collect.catalogue import collectors
from vedette.aws.collect.driver import Driver, Plan, Progress, no_progress
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.errors import ReadError
from vedette.aws.regions import Regions, UnknownRegionError, enabled_regions
from vedette.aws.session import AwsSession, Identity, SessionOptions, home_region
from vedette.operations.selection import Named
from vedette.operations.usage import UsageError
from vedette.resources.arn import ArnError, parse_arn
from vedette.resources.snapshot import Snapshot

WORKERS = 12
# Source: STS API Reference, AssumeRole, ExternalId.
EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}")


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """How to read: the session, the regions (empty: all that are on), threads, the clock."""

    session: SessionOptions = field(default_factory=SessionOptions)
    regions: Sequence[str] = ()
    workers: int = WORKERS
    now: Callable[[], datetime] = utc_now


def session_options(
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    region: str | None = None,
    endpoint_url: str | None = None,
) -> SessionOptions:
    """Return how to reach AWS, from what a command line says. Raises UsageError for nonsense."""
    if external_id and not role_arn:
        raise UsageError("--external-id goes with --role-arn.")
    if external_id and not EXTERNAL_ID.fullmatch(external_id):
        raise UsageError("--external-id: 2 to 1,224 characters of letters, digits and +=,.@:/-")
    if endpoint_url and not endpoint_url.startswith(("http://", "https://")):
        raise UsageError(f"--endpoint-url: {endpoint_url} is not a URL (http://…, https://…).")
    if role_arn:
        try:
            parse_arn(role_arn)
        except ArnError as error:
            raise UsageError(f"--role-arn: {error}.") from error
    return SessionOptions(
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        region=region,
        endpoint_url=endpoint_url,
    )


def default_region(options: SessionOptions) -> str:
    """Return the region that the user's AWS configuration names, or the fallback."""
    return AwsSession(options).region


class AccountReading:
    """One account, opened for reading."""

    def __init__(self, options: ReadingOptions) -> None:
        """Raise SessionError if AWS cannot be reached with these options."""
        self._options = options
        self._session = AwsSession(options.session)
        self.identity: Identity = self._session.identity()

    def snapshot(self, plan: Plan, named: Named, progress: Progress = no_progress) -> Snapshot:
        """Read what the plan asks for. Raises UsageError for regions that AWS does not have."""
        as_of = self._options.now()
        regions = self._regions(named)
        scope = Scope(
            account=self.identity.account,
            partition=self.identity.partition,
            regions=regions.names,
            home=self._home(),
            only=frozenset(map(str, named.arns)),
        )
        driver = Driver(collectors(), plan, scope, self._session)
        collected = driver.run(workers=self._options.workers, progress=progress)
        return Snapshot(
            as_of=as_of,
            account=scope.account,
            partition=scope.partition,
            regions=scope.regions,
            listings=tuple(collected.listings),
            coverage=tuple(collected.coverage),
            notes=(*regions.notes, *collected.notes),
            resources=tuple(collected.resources),
        )

    def _home(self) -> str:
        return home_region(self.identity.partition)

    def _regions(self, named: Named) -> Regions:
        in_arns = tuple(sorted({arn.region for arn in named.arns}))
        wanted = tuple(self._options.regions)
        if in_arns and all(in_arns):
            wanted = in_arns
        scope = Scope(
            account=self.identity.account,
            partition=self.identity.partition,
            regions=(),
            home=self._home(),
        )
        reader = Reader(self._session, scope, self._session.region, Once())
        try:
            return enabled_regions(reader, wanted)
        except UnknownRegionError as error:
            raise UsageError(f"{error}.") from error
        except ReadError as error:
            if wanted:
                return Regions(names=wanted)
            raise UsageError(
                f"AWS does not list the regions of this account: {error.reason}. "
                "Name those to look at with --region."
            ) from error
