"""Changes to AWS Config raise an alarm.

Why: stopping the recorder, or sending its history elsewhere, is how somebody hides what comes
next.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) ||
        ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) ||
        ($.eventName = PutConfigurationRecorder)) }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name ConfigChanges \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=ConfigChanges,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name ConfigChanges --namespace Security \
        --metric-name ConfigChanges --statistic Sum --period 300 --evaluation-periods 1 \
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
from vedette.resources.monitored_events import api_calls
from vedette.resources.monitoring import MONITORING_FACTS, any_call, sample_trail, watch_over

NAMES = (
    "StopConfigurationRecorder",
    "DeleteDeliveryChannel",
    "PutDeliveryChannel",
    "PutConfigurationRecorder",
)
EVENTS = api_calls("config.amazonaws.com", *NAMES)
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
FIRST, REST = any_call(NAMES[0]), any_call(*NAMES[1:])


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:4.9", "cis_aws_7_0:5.9", "soc_2:CC5.2"),
    reads=MONITORING_FACTS,
    examples=(
        Example("one filter takes all", ACCOUNT, PASSED, others=[sample_trail(any_call(*NAMES))]),
        Example("two filters take all", ACCOUNT, PASSED, others=[sample_trail(FIRST, REST)]),
        Example("one call is left out", ACCOUNT, FAILED, others=[sample_trail(REST)]),
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
