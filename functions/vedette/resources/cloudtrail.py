"""Snapshots of CloudTrail trails, and of a region and an account as what trails record."""

from collections.abc import Mapping
from typing import ClassVar

from vedette.resources.arn import parse_arn
from vedette.resources.cloudwatch import MetricAlarm, MetricFilter
from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value
from vedette.resources.trail_events import EventSelection


class BucketLogging(Value):
    """Whether a trail's bucket exists, and the bucket that its access log goes to (None: none)."""

    exists: bool = True
    target: str | None = None


class BucketExposure(Value):
    """Whether a trail's bucket exists, and what opens it to the public, as phrases for people."""

    exists: bool = True
    public_by: tuple[str, ...] = ()


class Trail(Resource):
    """One trail, in its home region whatever region it was seen from.

    Its id is its name; that of another account's organisation trail is its ARN. Facts are None
    where the trail has no such thing. `selections` is what it records: nothing while it is stopped.
    `subscriptions` counts the confirmed subscriptions of those of our topics that `alarms` notify,
    by ARN; topics of other accounts are left out.
    """

    type: ClassVar[str] = "AWS::CloudTrail::Trail"
    service: ClassVar[str] = "cloudtrail"

    is_multi_region: Fact[bool] = NOT_COLLECTED
    validates_log_files: Fact[bool] = NOT_COLLECTED
    kms_key: Fact[str | None] = NOT_COLLECTED
    log_group: Fact[str | None] = NOT_COLLECTED
    bucket: Fact[str | None] = NOT_COLLECTED
    bucket_logging: Fact[BucketLogging] = NOT_COLLECTED
    bucket_exposure: Fact[BucketExposure] = NOT_COLLECTED
    is_logging: Fact[bool] = NOT_COLLECTED
    selections: Fact[tuple[EventSelection, ...]] = NOT_COLLECTED
    metric_filters: Fact[tuple[MetricFilter, ...]] = NOT_COLLECTED
    alarms: Fact[tuple[MetricAlarm, ...]] = NOT_COLLECTED
    subscriptions: Fact[Mapping[str, int]] = NOT_COLLECTED

    @property
    def is_own(self) -> bool:
        """Tell whether the account owns the trail, rather than its organisation's management."""
        return parse_arn(self.arn).account == self.account


class CloudTrailRegion(Resource):
    """A region as trails see it; its id is the account's.

    `trails` holds the ARNs of all trails that cover the region, those of other home regions and of
    the organisation too.
    """

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "cloudtrail"

    trails: Fact[frozenset[str]] = NOT_COLLECTED


class CloudTrailAccount(Resource):
    """The account as the subject of its trails (`Trail`); its id is the account's."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "cloudtrail"
