"""Looks whether trails tell EventBridge of every call: without a trail, no call becomes an event.

Source: Amazon EventBridge User Guide, "Events from services via AWS CloudTrail".
"""

from collections.abc import Iterator
from typing import Final

from vedette.aws.collect.driver import Plan
from vedette.aws.session import SessionOptions
from vedette.operations.account_reading import AccountReading, ReadingOptions
from vedette.operations.deployed_looks import Area, Look
from vedette.operations.selection import Named
from vedette.resources.cloudtrail import CloudTrailRegion, Trail
from vedette.resources.facts import known, why_unreadable
from vedette.resources.snapshot import Snapshot
from vedette.resources.trail_events import unrecorded_management_events
from vedette.resources.trail_recording import recording_of

TRAILS: Final = Area("trail")
# Many leave these out for their number and price; no shipped rule asks for them.
TOLERATED: Final = frozenset({"kms.amazonaws.com", "rdsdata.amazonaws.com"})
_REMEDY: Final = (
    "Make a trail of all management events: deployment.trail: true, or one of your own."
)


def read_trails(session: SessionOptions) -> Snapshot:
    """Read the account's regions and trails. Raises SessionError and UsageError."""
    plan = Plan(
        facts={
            CloudTrailRegion: frozenset({"trails"}),
            Trail: frozenset({"is_logging", "selections"}),
        }
    )
    return AccountReading(ReadingOptions(session=session)).snapshot(plan, Named(ids={}))


def look_at_trails(snapshot: Snapshot) -> Iterator[Look]:
    """Tell for every region that is on whether management events of all kinds are recorded."""
    trails = {one.arn: one for one in snapshot.resources if isinstance(one, Trail)}
    covered = {one.region: one for one in snapshot.resources if isinstance(one, CloudTrailRegion)}
    for region in snapshot.regions:
        if region not in covered:
            yield TRAILS.unknown(region, _why(snapshot, region))
        else:
            yield _region(covered[region], trails)


def _region(region: CloudTrailRegion, trails: dict[str, Trail]) -> Look:
    if reason := why_unreadable(region.trails):
        return TRAILS.unknown(region.region, reason)
    arns = known(region.trails)
    recording = recording_of(trails[one] for one in sorted(arns) if one in trails)
    gaps = unrecorded_management_events(recording.selections, TOLERATED)
    if not gaps:
        return TRAILS.ok(region.region, f"recorded by {', '.join(recording.trails)}")
    if recording.unread is not None or not arns <= trails.keys():
        return TRAILS.unknown(region.region, recording.unread or "a trail could not be read")
    return TRAILS.blind(region.region, f"no trail records {' and '.join(gaps)}", _REMEDY)


def _why(snapshot: Snapshot, region: str) -> str:
    problems = (one.problem for one in snapshot.listings if one.region == region and one.problem)
    return next(problems, "its trails could not be listed")
