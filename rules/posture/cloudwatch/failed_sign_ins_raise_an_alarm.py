"""Failed console sign-ins raise an alarm.

Why: somebody who guesses passwords fails before they succeed; the alarm comes while they still
fail.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name FailedSignIns \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=FailedSignIns,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name FailedSignIns --namespace Security \
        --metric-name FailedSignIns --statistic Sum --period 300 --evaluation-periods 1 \
        --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold \
        --treat-missing-data notBreaching --alarm-actions TOPIC_ARN
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
from vedette.resources.monitored_events import failed_sign_ins
from vedette.resources.monitoring import MONITORING_FACTS, sample_trail, watch_over

EVENTS = failed_sign_ins()
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
FAILURE = '$.errorMessage = "Failed authentication"'
BY_OUTCOME = "$.eventSource = signin.amazonaws.com && $.responseElements.ConsoleLogin = Failure"


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:4.6", "cis_aws_7_0:5.6", "soc_2:PI1.3"),
    reads=MONITORING_FACTS,
    examples=(
        Example(
            "the message is asked for",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ $.eventName = ConsoleLogin && {FAILURE} }}")],
        ),
        Example(
            "the outcome is asked for",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ {BY_OUTCOME} }}")],
        ),
        Example(
            "root's sign-ins are left out",
            ACCOUNT,
            FAILED,
            others=[sample_trail(f"{{ {FAILURE} && $.userIdentity.type = IAMUser }}")],
        ),
        Example(
            "successful ones are taken",
            ACCOUNT,
            FAILED,
            others=[sample_trail("{ $.eventName = ConsoleLogin && $.errorMessage NOT EXISTS }")],
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
