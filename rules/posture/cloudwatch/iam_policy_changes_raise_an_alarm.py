"""Changes to IAM policies raise an alarm.

Why: a changed policy is the shortest way to more privileges, and to a back door that outlives a
password change.
Fix: on the log group of a trail for all regions, count the events with this filter, and notify
people through an alarm on the metric.

    { ($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) ||
        ($.eventName = DeleteUserPolicy) || ($.eventName = PutGroupPolicy) ||
        ($.eventName = PutRolePolicy) || ($.eventName = PutUserPolicy) ||
        ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) ||
        ($.eventName = CreatePolicyVersion) || ($.eventName = DeletePolicyVersion) ||
        ($.eventName = AttachRolePolicy) || ($.eventName = DetachRolePolicy) ||
        ($.eventName = AttachUserPolicy) || ($.eventName = DetachUserPolicy) ||
        ($.eventName = AttachGroupPolicy) || ($.eventName = DetachGroupPolicy) }

    aws logs put-metric-filter --log-group-name LOG_GROUP --filter-name IamPolicyChanges \
        --filter-pattern "$PATTERN" --metric-transformations \
        metricNamespace=Security,metricName=IamPolicyChanges,metricValue=1
    aws cloudwatch put-metric-alarm --alarm-name IamPolicyChanges --namespace Security \
        --metric-name IamPolicyChanges --statistic Sum --period 300 --evaluation-periods 1 \
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
    "DeleteGroupPolicy",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "AttachUserPolicy",
    "DetachUserPolicy",
    "AttachGroupPolicy",
    "DetachGroupPolicy",
)
EVENTS = api_calls("iam.amazonaws.com", *NAMES)
ACCOUNT = CloudWatchAccount.sample(id="111122223333")
FIRST, REST = any_call(NAMES[0]), any_call(*NAMES[1:])


@posture_rule(
    CloudWatchAccount,
    severity=Severity.MEDIUM,
    controls=("cis_aws_5_0:4.4", "cis_aws_7_0:5.4", "soc_2:CC5.2", "soc_2:PI1.3"),
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
