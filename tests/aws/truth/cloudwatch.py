"""Monitoring: each rule's own advice, followed, makes it pass."""

import re

from tests.aws.truth.cloudtrail import create_bucket, create_log_group
from tests.aws.truth.world import ACCOUNT, REGION, Aws, World
from vedette.posture.catalogue import CataloguedRule, load_posture_rules

RULES = [rule for rule in load_posture_rules() if rule.service == "cloudwatch"]
PATTERN = re.compile(r"^    (\{.*?\})$", re.MULTILINE | re.DOTALL)
LOG_GROUP = "trail"


def advised_pattern(rule: CataloguedRule) -> str:
    """Return the filter pattern that the rule's documentation advises."""
    (pattern,) = PATTERN.findall(rule.text.fix)
    return " ".join(pattern.split())


def name_of(rule: CataloguedRule) -> str:
    return rule.id.partition("/")[2]


def seed_filters(aws: Aws) -> None:
    create_bucket(aws, "trail-archive")
    aws("cloudtrail").create_trail(
        Name="main",
        S3BucketName="trail-archive",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=create_log_group(aws, LOG_GROUP),
        CloudWatchLogsRoleArn=f"arn:aws:iam::{ACCOUNT}:role/trail",
    )
    aws("cloudtrail").start_logging(Name="main")
    for rule in RULES:
        metric = {
            "metricNamespace": "Security",
            "metricName": name_of(rule),
            "metricValue": "1",
        }
        aws("logs").put_metric_filter(
            logGroupName=LOG_GROUP,
            filterName=name_of(rule),
            filterPattern=advised_pattern(rule),
            metricTransformations=[metric],
        )


def seed_alarms(aws: Aws, topic: str) -> None:
    for rule in RULES:
        aws("cloudwatch").put_metric_alarm(
            AlarmName=name_of(rule),
            Namespace="Security",
            MetricName=name_of(rule),
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[topic],
        )


def seed_watched(aws: Aws) -> None:
    seed_filters(aws)
    topic = aws("sns").create_topic(Name="security")["TopicArn"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:security"
    aws("sqs").create_queue(QueueName="security")
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    seed_alarms(aws, topic)


def seed_nobody_told(aws: Aws) -> None:
    """The alarms notify a topic whose only subscription was never confirmed."""
    seed_filters(aws)
    topic = aws("sns").create_topic(Name="security")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="security@example.com")
    seed_alarms(aws, topic)


def everywhere(verdict: str) -> dict[str, dict[str, str]]:
    return {rule.id: {ACCOUNT: verdict} for rule in RULES}


WORLDS = (
    World(name="watched", seed=seed_watched, verdicts=everywhere("PASSED")),
    World(name="filters without alarms", seed=seed_filters, verdicts=everywhere("FAILED")),
    World(name="nobody is told", seed=seed_nobody_told, verdicts=everywhere("FAILED")),
    World(name="no trail", seed=lambda _aws: None, verdicts=everywhere("FAILED")),
)
