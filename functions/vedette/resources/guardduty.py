"""Snapshots of Amazon GuardDuty."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value


class Detector(Value):
    """A detector: whether it works, and the names of the features that are on.

    A suspended detector does not work. Source: GuardDuty API Reference, GetDetector (`Status`) and
    DetectorFeatureConfigurationResult (`S3_DATA_EVENTS`, `RDS_LOGIN_EVENTS` …).
    """

    id: str
    is_enabled: bool
    features: frozenset[str]


class GuardDutyRegion(Resource):
    """GuardDuty in one region; its id is the account's. Without a detector GuardDuty is off."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "guardduty"

    detectors: Fact[tuple[Detector, ...]] = NOT_COLLECTED
