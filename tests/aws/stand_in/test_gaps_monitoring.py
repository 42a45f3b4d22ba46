"""CloudTrail, SNS, Config, GuardDuty and Security Hub."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from vedette.aws.stand_in.server import StandIn

REGION = "eu-west-1"
TOKEN = "any"  # noqa: S105 - the stand-in sends none
FOUNDATIONAL = "standards/aws-foundational-security-best-practices/v/1.0.0"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"
ROLE = "arn:aws:iam::123456789012:role/trail"


def create_trail(stand_in: StandIn, **settings: Any) -> Any:
    stand_in.client("s3").create_bucket(Bucket="trail-logs")
    cloudtrail = stand_in.client("cloudtrail", REGION)
    cloudtrail.create_trail(Name="main", S3BucketName="trail-logs", **settings)
    return cloudtrail


def test_a_new_trail_logs_management_events(stand_in: StandIn) -> None:
    """Source: CloudTrail API Reference, PutEventSelectors: the default for new trails."""
    cloudtrail = create_trail(stand_in)

    (selector,) = cloudtrail.get_event_selectors(TrailName="main")["EventSelectors"]
    (trail,) = cloudtrail.describe_trails()["trailList"]

    assert (selector["ReadWriteType"], selector["IncludeManagementEvents"]) == ("All", True)
    assert selector["DataResources"] == []
    assert trail["HasCustomEventSelectors"] is False


@pytest.mark.parametrize("region", [REGION, "us-east-1"])
def test_selectors_that_were_put_replace_the_default(stand_in: StandIn, region: str) -> None:
    cloudtrail = create_trail(stand_in, IsMultiRegionTrail=True)
    data = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]
    chosen = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": data}
    cloudtrail.put_event_selectors(TrailName="main", EventSelectors=[chosen])

    (selector,) = cloudtrail.get_event_selectors(TrailName="main")["EventSelectors"]
    (trail,) = stand_in.client("cloudtrail", region).describe_trails()["trailList"]

    assert selector["DataResources"] == data
    assert trail["HasCustomEventSelectors"] is True


def test_advanced_selectors_stand_alone(stand_in: StandIn) -> None:
    cloudtrail = create_trail(stand_in)
    advanced = {
        "Name": "objects",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}],
    }
    cloudtrail.put_event_selectors(TrailName="main", AdvancedEventSelectors=[advanced])

    told = cloudtrail.get_event_selectors(TrailName="main")

    assert told["AdvancedEventSelectors"] == [advanced]
    assert not told.get("EventSelectors")


def test_a_trail_names_its_key_by_arn(stand_in: StandIn) -> None:
    """Source: CloudTrail API Reference, Trail, KmsKeyId."""
    key = stand_in.client("kms", REGION).create_key()["KeyMetadata"]
    cloudtrail = create_trail(stand_in, KmsKeyId=key["KeyId"])

    (trail,) = cloudtrail.describe_trails()["trailList"]

    assert trail["KmsKeyId"] == key["Arn"]


def test_a_logging_trail_with_a_log_group_has_delivered_to_it(stand_in: StandIn) -> None:
    """Source: CloudTrail API Reference, GetTrailStatus, LatestCloudWatchLogsDeliveryTime."""
    cloudtrail = create_trail(stand_in, CloudWatchLogsLogGroupArn=GROUP, CloudWatchLogsRoleArn=ROLE)
    assert "LatestCloudWatchLogsDeliveryTime" not in cloudtrail.get_trail_status(Name="main")

    cloudtrail.start_logging(Name="main")

    delivered = cloudtrail.get_trail_status(Name="main")["LatestCloudWatchLogsDeliveryTime"]
    assert datetime.now(UTC) - delivered < timedelta(minutes=1)


def test_a_trail_without_a_log_group_delivers_nowhere(stand_in: StandIn) -> None:
    cloudtrail = create_trail(stand_in)
    cloudtrail.start_logging(Name="main")

    assert "LatestCloudWatchLogsDeliveryTime" not in cloudtrail.get_trail_status(Name="main")


@pytest.mark.parametrize(
    ("protocol", "endpoint", "pending"),
    [
        ("email", "ann@example.com", True),
        ("https", "https://example.com/hook", True),
        ("lambda", "arn:aws:lambda:eu-west-1:123456789012:function:greeter", False),
        ("sqs", "arn:aws:sqs:eu-west-1:123456789012:letters", False),
    ],
)
def test_a_subscription_by_mail_or_http_waits_for_confirmation(
    stand_in: StandIn, protocol: str, endpoint: str, pending: bool
) -> None:
    """Source: SNS API Reference, Subscribe and GetTopicAttributes."""
    sns = stand_in.client("sns", REGION)
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    made = sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)

    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]

    assert (made["SubscriptionArn"] == "pending confirmation") is pending
    assert (listed["SubscriptionArn"] == "PendingConfirmation") is pending
    assert attributes["SubscriptionsPending"] == str(int(pending))
    assert attributes["SubscriptionsConfirmed"] == str(int(not pending))


def test_a_subscription_can_be_confirmed(stand_in: StandIn) -> None:
    """Source: SNS API Reference, ConfirmSubscription. Any token will do here."""
    sns = stand_in.client("sns", REGION)
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ann@example.com")

    confirmed = sns.confirm_subscription(TopicArn=topic, Token=TOKEN)["SubscriptionArn"]

    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == confirmed
    assert confirmed.startswith(f"{topic}:")


def test_a_config_recorder_can_be_made_to_fail(stand_in: StandIn) -> None:
    config = stand_in.client("config", REGION)
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": "arn:aws:iam::123456789012:role/c"}
    )
    stand_in.gaps.set_recorder_status(REGION, "Failure")

    told = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]

    assert [(one["name"], one["lastStatus"]) for one in told] == [("default", "Failure")]


def features(stand_in: StandIn, detector: str) -> dict[str, str]:
    told = stand_in.client("guardduty", REGION).get_detector(DetectorId=detector)
    return {one["Name"]: one["Status"] for one in told["Features"]}


def test_a_new_detector_watches_what_guardduty_watches_by_default(stand_in: StandIn) -> None:
    """Source: GuardDuty User Guide, "Foundational data sources" and "Protection plans"."""
    guardduty = stand_in.client("guardduty", REGION)
    detector = guardduty.create_detector(Enable=True)["DetectorId"]

    told = features(stand_in, detector)
    sources = guardduty.get_detector(DetectorId=detector)["DataSources"]

    assert told["CLOUD_TRAIL"] == told["DNS_LOGS"] == told["FLOW_LOGS"] == "ENABLED"
    assert told["S3_DATA_EVENTS"] == told["RDS_LOGIN_EVENTS"] == "ENABLED"
    assert told["RUNTIME_MONITORING"] == "DISABLED"
    assert sources["CloudTrail"] == sources["S3Logs"] == {"Status": "ENABLED"}


def test_protection_plans_can_be_switched_off(stand_in: StandIn) -> None:
    guardduty = stand_in.client("guardduty", REGION)
    off = [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]
    detector = guardduty.create_detector(Enable=True, Features=off)["DetectorId"]

    told = features(stand_in, detector)

    assert (told["S3_DATA_EVENTS"], told["RDS_LOGIN_EVENTS"]) == ("DISABLED", "ENABLED")


def test_security_hub_that_is_off_knows_no_standards(stand_in: StandIn) -> None:
    """Source: Security Hub API Reference, InvalidAccessException."""
    hub = stand_in.client("securityhub", REGION)

    for operation in (hub.get_enabled_standards, hub.list_enabled_products_for_import):
        with pytest.raises(ClientError, match="InvalidAccessException"):
            operation()


def test_enabling_security_hub_enables_the_default_standards(stand_in: StandIn) -> None:
    """Source: Security Hub API Reference, EnableSecurityHub, EnableDefaultStandards."""
    hub = stand_in.client("securityhub", REGION)
    hub.enable_security_hub()

    standards = hub.get_enabled_standards()["StandardsSubscriptions"]

    assert [one["StandardsStatus"] for one in standards] == ["READY", "READY"]
    assert standards[0]["StandardsArn"] == f"arn:aws:securityhub:{REGION}::{FOUNDATIONAL}"
    wanted = standards[0]["StandardsSubscriptionArn"]
    (only,) = hub.get_enabled_standards(StandardsSubscriptionArns=[wanted])[
        "StandardsSubscriptions"
    ]
    assert only == standards[0]


def test_standards_can_be_enabled_and_disabled(stand_in: StandIn) -> None:
    hub = stand_in.client("securityhub", REGION)
    hub.enable_security_hub(EnableDefaultStandards=False)
    assert hub.get_enabled_standards()["StandardsSubscriptions"] == []

    standard = f"arn:aws:securityhub:{REGION}::{FOUNDATIONAL}"
    (enabled,) = hub.batch_enable_standards(
        StandardsSubscriptionRequests=[{"StandardsArn": standard}]
    )["StandardsSubscriptions"]

    assert hub.get_enabled_standards()["StandardsSubscriptions"] == [enabled]
    hub.batch_disable_standards(StandardsSubscriptionArns=[enabled["StandardsSubscriptionArn"]])
    assert hub.get_enabled_standards()["StandardsSubscriptions"] == []


def test_products_can_be_integrated(stand_in: StandIn) -> None:
    """Source: Security Hub API Reference, EnableImportFindingsForProduct."""
    hub = stand_in.client("securityhub", REGION)
    hub.enable_security_hub()
    made = hub.enable_import_findings_for_product(
        ProductArn=f"arn:aws:securityhub:{REGION}::product/aws/guardduty"
    )["ProductSubscriptionArn"]

    listed = hub.list_enabled_products_for_import()["ProductSubscriptions"]

    prefix = f"arn:aws:securityhub:{REGION}:123456789012:product-subscription"
    assert made == f"{prefix}/aws/guardduty"
    assert listed == [f"{prefix}/aws/securityhub", made]
