"""A CloudTrail trail records all management events of the region.

Why: without a trail nobody can tell what happened; intruders like to work in regions that are not
recorded, and to stop the trail first.
Fix: create one trail for all regions, with reading and writing management events of all sources.

    aws cloudtrail create-trail --name TRAIL --s3-bucket-name BUCKET --is-multi-region-trail
    aws cloudtrail start-logging --name TRAIL

Note: several trails may do it together. An organisation's trail counts; where its status is kept
from this account, the verdict is UNKNOWN. Sources of events that you leave out on purpose (such as
kms.amazonaws.com, for its cost) may be named under `tolerated_exclusions`.
"""

from vedette.posture.rule import (
    FAILED,
    PASSED,
    UNKNOWN,
    Context,
    Example,
    Fact,
    Judgement,
    Parameters,
    Severity,
    failed,
    known,
    passed,
    posture_rule,
    unknown,
)
from vedette.resources.cloudtrail import CloudTrailRegion, Trail
from vedette.resources.trail_events import (
    ALL_MANAGEMENT_EVENTS,
    EventSelection,
    unrecorded_management_events,
)
from vedette.resources.trail_recording import recording_of


class Tolerance(Parameters):
    """`tolerated_exclusions` are event sources whose events need not be recorded."""

    tolerated_exclusions: frozenset[str] = frozenset()


WRITES = EventSelection(category="management", access=frozenset({"write"}))
READS = EventSelection(category="management", access=frozenset({"read"}))
WITHOUT_KMS = ALL_MANAGEMENT_EVENTS.model_copy(
    update={"excluded_sources": frozenset({"kms.amazonaws.com"})}
)


def trail(
    *selections: EventSelection,
    is_logging: bool | Fact[bool] = True,
    arn: str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
) -> Trail:
    return Trail.sample(id=arn[-4:], arn=arn, is_logging=is_logging, selections=selections)


def region(*trails: Trail) -> CloudTrailRegion:
    return CloudTrailRegion.sample(trails=frozenset(one.arn for one in trails))


WHOLE = trail(ALL_MANAGEMENT_EVENTS)
STOPPED = trail(ALL_MANAGEMENT_EVENTS, is_logging=False)
HIDDEN = trail(
    is_logging=Fact.unreadable("GetTrailStatus was denied"),
    arn="arn:aws:cloudtrail:us-east-1:999988887777:trail/orga",
)
ELSEWHERE = trail(
    ALL_MANAGEMENT_EVENTS, arn="arn:aws:cloudtrail:eu-north-1:111122223333:trail/nord"
)
WRITING = trail(WRITES)
READING = trail(READS, arn="arn:aws:cloudtrail:eu-west-1:111122223333:trail/read")


@posture_rule(
    CloudTrailRegion,
    severity=Severity.HIGH,
    controls=(
        *("cis_aws_5_0:3.1", "cis_aws_7_0:4.1", "fsbp:CloudTrail.1", "nist_800_53_r5:AC-6(9)"),
        *("nist_800_53_r5:AU-2", "nist_800_53_r5:AU-3", "nist_800_53_r5:AU-12"),
        *("nist_800_53_r5:AU-14(1)", "nist_800_53_r5:CA-7", "soc_2:CC2.1", "soc_2:CC7.2"),
        "soc_2:A1.2",
    ),
    reads=((CloudTrailRegion, "trails"), (Trail, "is_logging"), (Trail, "selections")),
    parameters=Tolerance,
    examples=(
        Example("a trail records everything", region(WHOLE), PASSED, others=[WHOLE]),
        Example(
            "two trails record reading and writing",
            region(WRITING, READING),
            PASSED,
            others=[WRITING, READING],
        ),
        Example(
            "KMS is left out on purpose",
            region(trail(WITHOUT_KMS)),
            PASSED,
            others=[trail(WITHOUT_KMS)],
            parameters=Tolerance(tolerated_exclusions=frozenset({"kms.amazonaws.com"})),
        ),
        Example("no trail covers the region", region(), FAILED),
        Example("the trail is stopped", region(STOPPED), FAILED, others=[STOPPED]),
        Example("reading is not recorded", region(WRITING), FAILED, others=[WRITING]),
        Example("KMS is left out", region(trail(WITHOUT_KMS)), FAILED, others=[trail(WITHOUT_KMS)]),
        Example("a trail covers another region only", region(), FAILED, others=[ELSEWHERE]),
        Example("the only trail cannot be looked at", region(HIDDEN), UNKNOWN, others=[HIDDEN]),
        Example("the trail was not read", region(WHOLE), UNKNOWN),
    ),
)
def rule(region: CloudTrailRegion, context: Context[Tolerance]) -> Judgement:
    arns = known(region.trails)
    trails = [one for one in context.inventory.readable(Trail) if one.arn in arns]
    recording = recording_of(trails)
    tolerated = context.parameters.tolerated_exclusions
    gaps = unrecorded_management_events(recording.selections, tolerated)
    if not gaps:
        return passed("All management events are recorded.", trails=recording.trails)
    if recording.unread is not None:
        return unknown(recording.unread)
    for arn in sorted(arns):
        context.inventory.find(Trail, arn)
    if not recording.trails:
        return failed("No trail that logs covers the region.", trails=arns)
    return failed(f"Not recorded: {', '.join(gaps)}.", trails=recording.trails, not_recorded=gaps)
