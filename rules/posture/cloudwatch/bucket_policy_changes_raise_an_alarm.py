"""Changes to S3 bucket policies raise an alarm.

Why: a changed policy or ACL makes a bucket public or gives it to another account; a changed
lifecycle deletes it quietly.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) ||
        ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) ||
        ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) ||
        ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) ||
        ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name BucketPolicyChanges \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=BucketPolicyChanges,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name BucketPolicyChanges --namespace Security \
        --metric-name BucketPolicyChanges --statistic Sum --period 300 --evaluation-periods 1 \
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
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)
EVENTS = api_calls("s3.amazonaws.com", *NAMES)
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
FIRST, REST = any_call(NAMES[0]), any_call(*NAMES[1:])


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:4.8", "cis_aws_7_0:5.8", "soc_2:CC5.2"),
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
