"""The log that an estimate goes by: what the user names, or what the account's trail wrote."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from vedette.aws.collect.reader import Reader
from vedette.aws.deployment_stack import region_reader
from vedette.aws.errors import ReadError
from vedette.aws.regions import enabled_regions
from vedette.aws.session import AwsSession, SessionOptions
from vedette.aws.trail_places import written_places
from vedette.configuration.loader import LoadedConfiguration
from vedette.operations.account_reading import utc_now
from vedette.operations.estimate import EstimateRequest
from vedette.operations.hunt_bucket import S3, bucket_logs
from vedette.operations.hunt_logs import LocalLogs
from vedette.operations.usage import UsageError

DAY: Final = timedelta(hours=24)
# As many as an account has that switched no other on. Source: AWS Account Management Guide.
REGIONS_BY_DEFAULT: Final = 17


def request_for(
    place: str, loaded: LoadedConfiguration, session: SessionOptions
) -> EstimateRequest:
    """Return an estimate by a folder or a prefix in S3, which is taken for one day as it is."""
    in_bucket = place.startswith(S3)
    return EstimateRequest(
        source=bucket_logs([place], session) if in_bucket else LocalLogs((Path(place),)),
        since=None,
        configuration=loaded,
        regions=REGIONS_BY_DEFAULT,
    )


def request_for_own_trail(
    loaded: LoadedConfiguration,
    session: SessionOptions,
    now: Callable[[], datetime] = utc_now,
) -> EstimateRequest:
    """Return an estimate by the last 24 hours of the account's own trail.

    Raises SessionError, and UsageError if there is no trail or AWS does not tell.
    """
    aws = AwsSession(session)
    identity = aws.identity()
    reader = region_reader(aws, aws.region, identity.account, identity.partition)
    since = now() - DAY
    try:
        regions = enabled_regions(reader).names
        places = _places(reader, regions, since)
    except ReadError as error:
        raise UsageError(
            f"Where the account's trail writes is not told: {error.reason}. Name a log with --logs."
        ) from error
    if not places:
        raise UsageError(
            f"Account {identity.account} has no trail that {aws.region} shows, so there is no log "
            "to go by. Name one with --logs: a folder, or s3://bucket/prefix."
        )
    return EstimateRequest(
        source=bucket_logs(places, session),
        since=since,
        configuration=loaded,
        regions=len(regions),
    )


def _places(reader: Reader, regions: tuple[str, ...], since: datetime) -> tuple[str, ...]:
    days = [since.date(), (since + DAY).date()]
    return written_places(reader, regions, days)
