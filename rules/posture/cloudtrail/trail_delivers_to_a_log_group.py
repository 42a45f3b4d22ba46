"""CloudTrail trail delivers to CloudWatch Logs.

Why: files in a bucket come late and nobody looks at them; metric filters and alarms work on a log
group, minutes after the event.
Fix: name a log group and a role that may write to it.

    aws cloudtrail update-trail --name TRAIL --cloud-watch-logs-log-group-arn LOG_GROUP_ARN \
        --cloud-watch-logs-role-arn ROLE_ARN
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

LOG_GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"


def trail(log_group: str | Fact[str | None] | None) -> Trail:
    return Trail.sample(log_group=log_group)


@posture_rule(
    Trail,
    severity=Severity.LOW,
    controls=(
        *("fsbp:CloudTrail.5", "nist_800_53_r5:AU-2", "nist_800_53_r5:AU-3"),
        *("nist_800_53_r5:AU-6(1)", "nist_800_53_r5:AU-12", "nist_800_53_r5:CA-7"),
        *("nist_800_53_r5:SI-4(5)", "soc_2:CC7.2", "soc_2:CC7.3", "soc_2:A1.2"),
    ),
    reads=((Trail, "log_group"),),
    applies=lambda trail: trail.is_own,
    examples=(
        Example("a log group is named", trail(LOG_GROUP), PASSED),
        Example("no log group is named", trail(None), FAILED),
        Example("access is denied", trail(Fact.unreadable("AccessDenied")), UNKNOWN),
    ),
)
def rule(trail: Trail, context: Context[NoParameters]) -> Judgement:
    log_group = known(trail.log_group)
    if log_group is None:
        return failed("The trail delivers to no log group.")
    return passed("The trail delivers to a log group.", log_group=log_group)
