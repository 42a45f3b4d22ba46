"""GuardDuty watches access to S3 objects in the region.

Why: theft of data from buckets shows in object reads alone; with S3 protection GuardDuty looks at
them without your paying for data events in CloudTrail.
Fix: switch S3 protection on for the detector.

    aws guardduty update-detector --detector-id ID \
        --features Name=S3_DATA_EVENTS,Status=ENABLED

Note: it fails too where GuardDuty itself is off or suspended.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    NoParameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
)
from vedette.resources.guardduty import Detector, GuardDutyRegion

FEATURE = "S3_DATA_EVENTS"


def region(*features: str, is_enabled: bool = True) -> GuardDutyRegion:
    detector = Detector(id="1", is_enabled=is_enabled, features=frozenset(features))
    return GuardDutyRegion.sample(detectors=(detector,))


DENIED = GuardDutyRegion.sample(detectors=Fact.unreadable("AccessDenied"))


@posture_rule(
    GuardDutyRegion,
    severity=Severity.HIGH,
    controls=("fsbp:GuardDuty.10", "pci_dss_4_0_1:11.5.1"),
    reads=((GuardDutyRegion, "detectors"),),
    examples=(
        Example("the feature is on", region("CLOUD_TRAIL", FEATURE), PASSED),
        Example("the feature is off", region("CLOUD_TRAIL"), FAILED),
        Example("the detector is suspended", region(FEATURE, is_enabled=False), FAILED),
        Example("there is no detector", GuardDutyRegion.sample(detectors=()), FAILED),
        Example("access is denied", DENIED, UNKNOWN),
    ),
)
def rule(region: GuardDutyRegion, context: Context[NoParameters]) -> Judgement:
    working = [one for one in known(region.detectors) if one.is_enabled]
    if not working:
        return failed("GuardDuty is off or suspended.")
    if not any(FEATURE in one.features for one in working):
        return failed("S3 protection is off.", detector=working[0].id)
    return passed("S3 protection is on.", detector=working[0].id)
