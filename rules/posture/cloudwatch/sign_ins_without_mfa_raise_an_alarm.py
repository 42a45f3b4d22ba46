"""Console sign-ins without MFA raise an alarm.

Why: a password alone can be guessed, phished or bought; a sign-in without a second factor is one
that a thief can make too.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") &&
        ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name SignInsWithoutMfa \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=SignInsWithoutMfa,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name SignInsWithoutMfa --namespace Security \
        --metric-name SignInsWithoutMfa --statistic Sum --period 300 --evaluation-periods 1 \
        --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold \
        --treat-missing-data notBreaching --alarm-actions TOPIC_ARN

Note: users of an identity provider give their second factor there, so only IAM users are asked
for.
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
)
from vedette.resources.cloudwatch import CloudWatchAccount
from vedette.resources.monitored_events import sign_ins_without_mfa
from vedette.resources.monitoring import MONITORING_FACTS, sample_trail, watch_over

EVENTS = sign_ins_without_mfa()
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
SIGN_IN = "$.eventName = ConsoleLogin"
BY_USERS = f"{SIGN_IN} && $.userIdentity.type = IAMUser && $.additionalEventData.MFAUsed != Yes"


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:4.2", "cis_aws_7_0:5.2"),
    reads=MONITORING_FACTS,
    examples=(
        Example(
            "sign-ins of users are taken",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ {BY_USERS} }}")],
        ),
        Example(
            "all without MFA are taken",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ {SIGN_IN} && $.additionalEventData.MFAUsed = No }}")],
        ),
        Example(
            "those with MFA are taken",
            ACCOUNT,
            FAILED,
            others=[sample_trail(f"{{ {SIGN_IN} && $.additionalEventData.MFAUsed = Yes }}")],
        ),
        Example(
            "failed ones are taken",
            ACCOUNT,
            FAILED,
            others=[sample_trail(f"{{ {SIGN_IN} && $.responseElements.ConsoleLogin = Failure }}")],
        ),
        Example("nothing listens", ACCOUNT, FAILED, others=[sample_trail()]),
        Example(
            "the filters are denied",
            ACCOUNT,
            UNKNOWN,
            others=[sample_trail(metric_filters=Fact.unreadable("AccessDenied"))],
        ),
    ),
)
def rule(account: CloudWatchAccount, context: Context[NoParameters]) -> Judgement:
    watch = watch_over(EVENTS, account.id, context.inventory)
    if watch.missing:
        return failed(watch.reason, not_watched=watch.missing, watched_by=watch.by)
    return passed(watch.reason, watched_by=watch.by)
