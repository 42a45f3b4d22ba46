"""AWS Config: recorders in both regions, in one, stopped."""

from typing import Any

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World

OTHER_REGION = "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/config"
EVERYTHING = {"allSupported": True, "includeGlobalResourceTypes": False}
EVERYTHING_AND_IAM = {"allSupported": True, "includeGlobalResourceTypes": True}
SOME = {"allSupported": False, "resourceTypes": ["AWS::EC2::VPC"]}
REGION_RULE = "config/region_records_resource_changes"
ACCOUNT_RULE = "config/account_records_global_resources"


def seed_recorder(aws: Aws, region: str, group: dict[str, Any], *, running: bool = True) -> None:
    aws("s3", OTHER_REGION).create_bucket(Bucket=f"config-{region}")
    config = aws("config", region)
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": ROLE, "recordingGroup": group}
    )
    config.put_delivery_channel(
        DeliveryChannel={"name": "default", "s3BucketName": f"config-{region}"}
    )
    if running:
        config.start_configuration_recorder(ConfigurationRecorderName="default")


def seed_both(aws: Aws) -> None:
    seed_recorder(aws, REGION, EVERYTHING)
    seed_recorder(aws, OTHER_REGION, EVERYTHING_AND_IAM)


def seed_stopped(aws: Aws) -> None:
    seed_recorder(aws, REGION, EVERYTHING)
    seed_recorder(aws, OTHER_REGION, EVERYTHING_AND_IAM, running=False)


def seed_some(aws: Aws) -> None:
    seed_recorder(aws, REGION, SOME)
    seed_recorder(aws, OTHER_REGION, SOME)


WORLDS = (
    World(
        name="both regions",
        seed=seed_both,
        verdicts={REGION_RULE: {ACCOUNT: "PASSED"}, ACCOUNT_RULE: {ACCOUNT: "PASSED"}},
    ),
    World(
        name="the recorder of IAM is stopped",
        seed=seed_stopped,
        verdicts={ACCOUNT_RULE: {ACCOUNT: "FAILED"}},
    ),
    World(
        name="some types only",
        seed=seed_some,
        verdicts={ACCOUNT_RULE: {ACCOUNT: "FAILED"}},
    ),
    World(
        name="no recorder",
        seed=lambda _aws: None,
        verdicts={REGION_RULE: {ACCOUNT: "FAILED"}, ACCOUNT_RULE: {ACCOUNT: "FAILED"}},
    ),
)
