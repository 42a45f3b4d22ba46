"""Use of the root user raises an alarm.

Why: the root user can do everything and cannot be restrained; in daily work nobody needs it, so
each use is an emergency or an attack.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS &&
        $.eventType != "AwsServiceEvent" }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name RootUsage \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=RootUsage,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name RootUsage --namespace Security \
        --metric-name RootUsage --statistic Sum --period 300 --evaluation-periods 1 \
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
from vedette.resources.monitored_events import root_usage
from vedette.resources.monitoring import MONITORING_FACTS, sample_trail, watch_over

EVENTS = root_usage()
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
BY_ROOT = '$.userIdentity.type = "Root"'
NOT_BY_A_SERVICE = "$.userIdentity.invokedBy NOT EXISTS && $.eventType != AwsServiceEvent"


@posture_rule(
    CloudWatchAccount,
    severity=Severity.HIGH,
    controls=("cis_aws_5_0:4.3", "cis_aws_7_0:5.3", "soc_2:PI1.3"),
    reads=MONITORING_FACTS,
    examples=(
        Example(
            "what services do is left out",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ {BY_ROOT} && {NOT_BY_A_SERVICE} }}")],
        ),
        Example(
            "all that root does is taken",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ {BY_ROOT} }}")],
        ),
        Example(
            "sign-ins are left out",
            ACCOUNT,
            FAILED,
            others=[sample_trail(f"{{ {BY_ROOT} && $.eventType = AwsApiCall }}")],
        ),
        Example(
            "what services do is taken",
            ACCOUNT,
            FAILED,
            others=[sample_trail(f"{{ {BY_ROOT} && $.userIdentity.invokedBy = * }}")],
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
