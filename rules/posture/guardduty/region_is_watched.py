"""GuardDuty watches the region.

Why: GuardDuty finds stolen credentials, miners and traffic to known attackers in logs that AWS
keeps anyway; a region where it is off is where intruders stay unseen.
Fix: switch GuardDuty on in every region, best for the whole organisation from its administrator.

    aws guardduty create-detector --enable --region REGION

Note: a suspended detector fails; `aws guardduty update-detector --detector-id ID --enable` resumes.
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


def region(*detectors: Detector) -> GuardDutyRegion:
    return GuardDutyRegion.sample(detectors=detectors)


ON = Detector(id="1", is_enabled=True, features=frozenset())
SUSPENDED = Detector(id="1", is_enabled=False, features=frozenset())
DENIED = GuardDutyRegion.sample(detectors=Fact.unreadable("AccessDenied"))


@posture_rule(
    GuardDutyRegion,
    severity=Severity.HIGH,
    controls=(
        *("fsbp:GuardDuty.1", "nist_800_53_r5:AU-6(1)", "nist_800_53_r5:CA-7"),
        *("nist_800_53_r5:RA-3(4)", "nist_800_53_r5:SC-5", "nist_800_53_r5:SI-3(8)"),
        *("nist_800_53_r5:SI-4", "pci_dss_4_0_1:11.5.1", "soc_2:CC6.8", "soc_2:CC7.1"),
        *("soc_2:CC7.2", "soc_2:CC7.3"),
    ),
    reads=((GuardDutyRegion, "detectors"),),
    examples=(
        Example("a detector works", region(ON), PASSED),
        Example("there is no detector", region(), FAILED),
        Example("the detector is suspended", region(SUSPENDED), FAILED),
        Example("access is denied", DENIED, UNKNOWN),
    ),
)
def rule(region: GuardDutyRegion, context: Context[NoParameters]) -> Judgement:
    detectors = known(region.detectors)
    if not detectors:
        return failed("GuardDuty is off: there is no detector.")
    if not any(one.is_enabled for one in detectors):
        return failed("GuardDuty is suspended.", detector=detectors[0].id)
    return passed("GuardDuty is on.", detector=detectors[0].id)
