"""Lists trails and reads their status and selectors.

Every region lists the trails that cover it: its own, and as shadows the multi-region trails of
other home regions and those of the organisation. One listing serves the trails and the region.
"""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.describing import answered
from vedette.aws.collect.reader import Answer, Reader
from vedette.aws.collect.services.cloudtrail.bucket import (
    EXPOSURE_CALLS,
    LOGGING_CALLS,
    read_exposure,
    read_logging,
)
from vedette.aws.collect.services.cloudtrail.watchers import (
    DESCRIBE_ALARMS,
    DESCRIBE_METRIC_FILTERS,
    GET_TOPIC_ATTRIBUTES,
    read_alarms,
    read_metric_filters,
    read_subscriptions,
)
from vedette.aws.collect.tags import TAGS
from vedette.aws.collect.whole_account import whole_account
from vedette.aws.errors import Problem, ReadError
from vedette.resources.arn import parse_arn
from vedette.resources.cloudtrail import CloudTrailAccount, CloudTrailRegion, Trail
from vedette.resources.facts import Fact
from vedette.resources.trail_events import EventSelection, parse_selectors
from vedette.resources.trail_recording import holds

DESCRIBE = "cloudtrail:DescribeTrails"
STATUS = "cloudtrail:GetTrailStatus"
SELECTORS = "cloudtrail:GetEventSelectors"
NOT_FOUND = "TrailNotFoundException"


def _listing(reader: Reader) -> list[Answer]:
    return list(reader.pages(DESCRIBE, "trailList", includeShadowTrails=True))


def find_trails(reader: Reader, _only: frozenset[str] | None) -> Iterator[Trail]:
    """Yield the trails whose home this region is.

    The first region that is read also yields those whose home is not read at all.
    """
    regions = reader.scope.regions
    for listed in reader.once(DESCRIBE, _listing):
        home = listed["HomeRegion"]
        if home == reader.region or (home not in regions and reader.region == regions[0]):
            yield _trail(reader, listed)


def _trail(reader: Reader, listed: Answer) -> Trail:
    """Source: CloudTrail API Reference, Trail: a text is left out where the trail has none."""
    arn = listed["TrailARN"]
    is_own = parse_arn(arn).account == reader.account
    return Trail(
        arn=arn,
        id=listed["Name"] if is_own else arn,
        account=reader.account,
        region=listed["HomeRegion"],
        is_multi_region=answered(listed, DESCRIBE, "IsMultiRegionTrail"),
        validates_log_files=answered(listed, DESCRIBE, "LogFileValidationEnabled"),
        kms_key=Fact.of(listed.get("KmsKeyId")),
        log_group=Fact.of(listed.get("CloudWatchLogsLogGroupArn")),
        bucket=Fact.of(listed.get("S3BucketName")),
    )


def find_region(reader: Reader, _only: frozenset[str] | None) -> Iterator[CloudTrailRegion]:
    """Yield the region with the trails that cover it."""
    arns = frozenset(listed["TrailARN"] for listed in reader.once(DESCRIBE, _listing))
    yield whole_account(CloudTrailRegion, reader, trails=Fact.of(arns))


def find_account(reader: Reader, _only: frozenset[str] | None) -> Iterator[CloudTrailAccount]:
    """Yield the account."""
    yield whole_account(CloudTrailAccount, reader)


def _is_logging(reader: Reader, trail: Trail) -> bool:
    is_logging: bool = _answer(reader, trail, STATUS, "Name")["IsLogging"]
    return is_logging


def _selections(reader: Reader, trail: Trail) -> tuple[EventSelection, ...]:
    if holds(trail.is_logging) is False:
        return ()
    answer = _answer(reader, trail, SELECTORS, "TrailName")
    return parse_selectors(
        answer.get("EventSelectors") or (), answer.get("AdvancedEventSelectors") or ()
    )


def _answer(reader: Reader, trail: Trail, operation: str, parameter: str) -> Answer:
    """Ask about a trail by ARN, as its shadows and those of an organisation demand.

    A trail that is not found has been deleted if it is ours. One of the organisation may be hidden
    from a member account, and is still there.
    """
    absent = () if trail.is_own else (NOT_FOUND,)
    answer = reader.optional(operation, *absent, **{parameter: trail.arn})
    if answer is None:
        raise ReadError(operation, Problem.DENIED, "the trail belongs to the organisation")
    return answer


TRAILS = Collector(
    kind=Trail,
    calls=(DESCRIBE,),
    find=find_trails,
    details=(
        fact("is_logging", STATUS, read=_is_logging),
        fact("selections", SELECTORS, read=_selections),
        fact("bucket_logging", *LOGGING_CALLS, read=read_logging),
        fact("bucket_exposure", *EXPOSURE_CALLS, read=read_exposure),
        fact("metric_filters", DESCRIBE_METRIC_FILTERS, read=read_metric_filters),
        fact("alarms", DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS, read=read_alarms),
        fact(
            "subscriptions",
            *(DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS, GET_TOPIC_ATTRIBUTES),
            read=read_subscriptions,
        ),
        TAGS,
    ),
    arn_service="cloudtrail",
    arn_prefix="trail/",
    gone=frozenset({NOT_FOUND}),
)
REGIONS = Collector(kind=CloudTrailRegion, calls=(DESCRIBE,), find=find_region)
ACCOUNT = Collector(kind=CloudTrailAccount, calls=(), find=find_account, is_global=True)
