"""Calls that are refused raise an alarm.

Why: somebody who tries what stolen credentials can do collects refusals; so does a program that
has lost a permission.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name UnauthorizedCalls \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=UnauthorizedCalls,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name UnauthorizedCalls --namespace Security \
        --metric-name UnauthorizedCalls --statistic Sum --period 300 --evaluation-periods 1 \
        --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold \
        --treat-missing-data notBreaching --alarm-actions TOPIC_ARN

Note: calls that are refused every day, such as those of an inventory tool, may be left out by a
further condition.
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
from vedette.resources.monitored_events import unauthorized_calls
from vedette.resources.monitoring import MONITORING_FACTS, sample_trail, watch_over

EVENTS = unauthorized_calls()
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
REFUSED = '($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")'
WITHOUT_NOISE = f"({REFUSED}) && $.eventName != HeadBucket && $.sourceIPAddress != 10.*"
ONE_CODE_ONLY = '($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied")'


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:4.1", "cis_aws_7_0:5.1", "soc_2:PI1.3"),
    reads=MONITORING_FACTS,
    examples=(
        Example(
            "both kinds of codes are taken",
            ACCOUNT,
            PASSED,
            others=[sample_trail(f"{{ {REFUSED} }}")],
        ),
        Example(
            "noise is left out", ACCOUNT, PASSED, others=[sample_trail(f"{{ {WITHOUT_NOISE} }}")]
        ),
        Example(
            "AccessDeniedException is left out",
            ACCOUNT,
            FAILED,
            others=[sample_trail(f"{{ {ONE_CODE_ONLY} }}")],
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
