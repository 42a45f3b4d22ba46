"""A CloudTrail trail records when objects of any S3 bucket are read.

Why: theft of data from S3 is reading objects, which is no management event; without data events the
log does not say who took what.
Fix: let a trail for all regions record the object events of all buckets. The command replaces the
trail's selectors, so it names the management events too.

    aws cloudtrail put-event-selectors --trail-name TRAIL --event-selectors \
        '[{"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources":
        [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]'

Note: data events cost money by the event. Trails for one region, and selectors that name certain
buckets, do not count.
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
    passed,
    posture_rule,
    unknown,
)
from vedette.resources.cloudtrail import CloudTrailAccount, Trail
from vedette.resources.trail_events import (
    ALL_MANAGEMENT_EVENTS,
    BOTH,
    EventSelection,
    records_s3_objects,
)
from vedette.resources.trail_recording import recording_of

ACCOUNT = CloudTrailAccount.sample()
ALL_OBJECTS = EventSelection(category="s3_objects", access=BOTH)
READS = EventSelection(category="s3_objects", access=frozenset({"read"}))
OTHERS = EventSelection(category="s3_objects", access=frozenset({"write"}))


def trail(
    *selections: EventSelection, is_logging: bool = True, is_multi_region: bool = True
) -> Trail:
    return Trail.sample(
        is_logging=is_logging, is_multi_region=is_multi_region, selections=selections
    )


DENIED = Trail.sample(
    is_logging=True, is_multi_region=True, selections=Fact.unreadable("AccessDenied")
)


@posture_rule(
    CloudTrailAccount,
    severity=Severity.LOW,
    controls=(
        *("cis_aws_5_0:3.9", "cis_aws_7_0:4.9", "fsbp:S3.23", "nist_800_53_r5:AC-6(9)"),
        *("nist_800_53_r5:AU-2", "nist_800_53_r5:AU-3", "nist_800_53_r5:AU-10"),
        *("nist_800_53_r5:AU-12", "nist_800_53_r5:CA-7", "pci_dss_4_0_1:10.2.1", "soc_2:CC2.1"),
        "soc_2:CC7.2",
    ),
    reads=((Trail, "is_logging"), (Trail, "is_multi_region"), (Trail, "selections")),
    examples=(
        Example("all object events are recorded", ACCOUNT, PASSED, others=[trail(ALL_OBJECTS)]),
        Example("reading is recorded", ACCOUNT, PASSED, others=[trail(READS)]),
        Example(
            "only management events are", ACCOUNT, FAILED, others=[trail(ALL_MANAGEMENT_EVENTS)]
        ),
        Example("only the opposite is", ACCOUNT, FAILED, others=[trail(OTHERS)]),
        Example(
            "the trail is stopped", ACCOUNT, FAILED, others=[trail(ALL_OBJECTS, is_logging=False)]
        ),
        Example(
            "the trail covers one region",
            ACCOUNT,
            FAILED,
            others=[trail(ALL_OBJECTS, is_multi_region=False)],
        ),
        Example("access is denied", ACCOUNT, UNKNOWN, others=[DENIED]),
        Example("trails were not read", ACCOUNT, UNKNOWN),
    ),
)
def rule(account: CloudTrailAccount, context: Context[NoParameters]) -> Judgement:
    recording = recording_of(context.inventory.readable(Trail), in_all_regions=True)
    if records_s3_objects(recording.selections, "read"):
        return passed("The reading of S3 objects is recorded.", trails=recording.trails)
    if recording.unread is not None:
        return unknown(recording.unread)
    context.inventory.all(Trail)
    return failed("No multi-region trail that logs records the reading of all S3 objects.")
