"""Who watches the account: trails, alarms, recorders and detectors, in Dublin at least."""

from typing import Any

from vedette.aws.demo.account import DUBLIN, VIRGINIA, Account
from vedette.aws.demo.buckets import BOOKWORM, CONFIG_LOGS, TRAIL_LOGS
from vedette.aws.demo.messages import ALARMS
from vedette.aws.demo.roles import RECORDER_ROLE, TRAIL_ROLE

TRAIL, BOOKWORM_TRAIL = "hlb-trail", "bookworm-trail"
LOG_GROUP = "hlb-trail"
NAMESPACE = "HarbourLaneBooks"
WATCHED = {
    "root-user-acts": '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS)'
    ' && ($.eventType != "AwsServiceEvent") }',
    "sign-in-without-mfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed !='
    ' "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin ='
    ' "Success") }',
    "trail-changes": "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName"
    " = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
    "bucket-policy-changes": "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl)"
    " || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName ="
    " PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName ="
    " DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName ="
    " DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }",
}


def watch_account(account: Account, key: str) -> None:
    """Create trails and alarms, and switch Config, GuardDuty, Security Hub … on in Dublin."""
    _trails(account, key)
    _alarms(account)
    _record_configuration(account)
    account.client("guardduty").create_detector(Enable=True)
    account.client("securityhub").enable_security_hub()
    account.client("accessanalyzer").create_analyzer(
        analyzerName="hlb-external-access", type="ACCOUNT"
    )
    _contacts(account)


def _trails(account: Account, key: str) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName=LOG_GROUP, tags={"team": "operations"})
    trails = account.client("cloudtrail")
    trails.create_trail(
        Name=TRAIL,
        S3BucketName=TRAIL_LOGS,
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        EnableLogFileValidation=False,
        KmsKeyId=key,
        CloudWatchLogsLogGroupArn=f"{account.arn('logs', f'log-group:{LOG_GROUP}')}:*",
        CloudWatchLogsRoleArn=account.iam_arn(f"role/{TRAIL_ROLE}"),
    )
    trails.start_logging(Name=TRAIL)
    _bookworm_trail(account.client("cloudtrail", VIRGINIA))


def _bookworm_trail(trails: Any) -> None:
    trails.create_trail(
        Name=BOOKWORM_TRAIL,
        S3BucketName=BOOKWORM,
        IsMultiRegionTrail=False,
        EnableLogFileValidation=True,
    )
    trails.start_logging(Name=BOOKWORM_TRAIL)


def _alarms(account: Account) -> None:
    topic = account.arn("sns", ALARMS)
    sns = account.client("sns")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="tom.okafor@harbourlane.example")
    sns.confirm_subscription(TopicArn=topic, Token="from-the-mail")  # noqa: S106 - no secret
    logs, cloudwatch = account.client("logs"), account.client("cloudwatch")
    for name, pattern in WATCHED.items():
        metric = {"metricName": name, "metricNamespace": NAMESPACE, "metricValue": "1"}
        logs.put_metric_filter(
            logGroupName=LOG_GROUP,
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[metric],
        )
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            MetricName=name,
            Namespace=NAMESPACE,
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[topic],
        )


def _record_configuration(account: Account) -> None:
    config = account.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": account.iam_arn(f"role/{RECORDER_ROLE}"),
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": CONFIG_LOGS})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def _contacts(account: Account) -> None:
    """Tell AWS whom to write to; the contact for security was never filled in."""
    account.client("account", DUBLIN).put_contact_information(
        ContactInformation={
            "FullName": "Margaret Hale",
            "CompanyName": "Harbour Lane Books",
            "AddressLine1": "7 Harbour Lane",
            "City": "Galway",
            "PostalCode": "H91 0000",
            "CountryCode": "IE",
            "PhoneNumber": "+353 91 555 0100",
        }
    )
