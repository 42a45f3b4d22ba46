"""CloudTrail trail signs its log files.

Why: an intruder who reaches the bucket edits or deletes the log of what they did; signed hourly
digests show that a file was changed or is missing.
Fix: switch log file validation on.

    aws cloudtrail update-trail --name TRAIL --enable-log-file-validation

Note: check the digests now and then with `aws cloudtrail validate-logs`.
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
from vedette.resources.cloudtrail import Trail


def trail(is_on: bool | Fact[bool]) -> Trail:
    return Trail.sample(validates_log_files=is_on)


@posture_rule(
    Trail,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:3.2", "cis_aws_7_0:4.2", "fsbp:CloudTrail.4", "nist_800_53_r5:AU-9"),
        *("nist_800_53_r5:SI-4", "nist_800_53_r5:SI-7(1)", "nist_800_53_r5:SI-7(3)"),
        *("nist_800_53_r5:SI-7(7)", "soc_2:CC7.3", "soc_2:PI1.3"),
    ),
    reads=((Trail, "validates_log_files"),),
    applies=lambda trail: trail.is_own,
    examples=(
        Example("validation is on", trail(True), PASSED),
        Example("validation is off", trail(False), FAILED),
        Example("access is denied", trail(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(trail: Trail, context: Context[NoParameters]) -> Judgement:
    if known(trail.validates_log_files):
        return passed("Log file validation is on.")
    return failed("Log file validation is off.")
