"""Changes to route tables raise an alarm.

Why: a changed route sends traffic past the firewall, or to a machine that reads it.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) ||
        ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) ||
        ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) ||
        ($.eventName = DisassociateRouteTable) }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name RouteTableChanges \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=RouteTableChanges,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name RouteTableChanges --namespace Security \
        --metric-name RouteTableChanges --statistic Sum --period 300 --evaluation-periods 1 \
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
    "CreateRoute",
    "CreateRouteTable",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "DeleteRouteTable",
    "DeleteRoute",
    "DisassociateRouteTable",
)
EVENTS = api_calls("ec2.amazonaws.com", *NAMES)
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
FIRST, REST = any_call(NAMES[0]), any_call(*NAMES[1:])


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=(
        *("cis_aws_5_0:4.13", "cis_aws_7_0:5.13", "nist_800_53_r5:AU-6(1)"),
        *("nist_800_53_r5:AU-6(5)", "nist_800_53_r5:CA-7", "nist_800_53_r5:SI-4(12)"),
        *("nist_800_53_r5:SI-5(1)", "soc_2:CC5.2", "soc_2:CC7.2", "soc_2:CC7.3", "soc_2:CC7.4"),
    ),
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
