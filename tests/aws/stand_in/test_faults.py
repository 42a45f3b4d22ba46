import time
from collections.abc import Callable
from typing import Any

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.aws.stand_in.operations import send
from vedette.aws.stand_in.faults import (
    RESOURCE_CONTROL_POLICY,
    SERVICE_CONTROL_POLICY,
    Fault,
    Faults,
)
from vedette.aws.stand_in.server import StandIn

REGION = "eu-west-1"
Error = tuple[str, int]


def error_of(call: Callable[[], Any]) -> Error:
    with pytest.raises(ClientError) as refused:
        call()
    response: Any = refused.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def error_of_operation(stand_in: StandIn, name: str) -> Error:
    service, _, operation = name.partition(":")
    return error_of(lambda: send(stand_in.client(service, REGION), operation))


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [
        ("s3:GetBucketPolicy", "AccessDenied", 403),
        ("s3:HeadBucket", "403", 403),
        ("s3control:ListAccessPoints", "AccessDenied", 403),
        ("ec2:DescribeVolumes", "UnauthorizedOperation", 403),
        ("iam:GetAccountSummary", "AccessDenied", 403),
        ("rds:DescribeDBInstances", "AccessDenied", 403),
        ("sns:ListTopics", "AuthorizationError", 403),
        ("sqs:ListQueues", "AccessDenied", 403),
        ("cloudwatch:DescribeAlarms", "AccessDenied", 403),
        ("kms:ListKeys", "AccessDeniedException", 400),
        ("dynamodb:ListTables", "AccessDeniedException", 400),
        ("lambda:ListFunctions", "AccessDeniedException", 403),
        ("guardduty:ListDetectors", "AccessDeniedException", 403),
    ],
)
def test_a_denied_call_gets_the_refusal_of_its_service(
    stand_in: StandIn, operation: str, code: str, status: int
) -> None:
    stand_in.faults.deny(operation)

    assert error_of_operation(stand_in, operation) == (code, status)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("s3:GetBucketAcl", "SlowDown"),
        ("ec2:DescribeVolumes", "RequestLimitExceeded"),
        ("iam:GetAccountSummary", "Throttling"),
        ("sqs:ListQueues", "RequestThrottled"),
        ("lambda:ListFunctions", "TooManyRequestsException"),
        ("organizations:DescribeOrganization", "TooManyRequestsException"),
        ("resourcegroupstaggingapi:GetResources", "ThrottledException"),
        ("config:DescribeConfigurationRecorders", "ThrottlingException"),
    ],
)
def test_a_throttled_call_gets_the_code_of_its_service(
    stand_in: StandIn, operation: str, code: str
) -> None:
    stand_in.faults.throttle(operation)

    assert error_of_operation(stand_in, operation)[0] == code


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("s3:ListBuckets", "ExpiredToken"),
        ("ec2:DescribeVolumes", "RequestExpired"),
        ("sts:GetCallerIdentity", "ExpiredToken"),
        ("kms:ListKeys", "ExpiredTokenException"),
        ("securityhub:DescribeHub", "ExpiredTokenException"),
    ],
)
def test_expired_credentials_are_told_as_each_service_tells_them(
    stand_in: StandIn, operation: str, code: str
) -> None:
    stand_in.faults.expire()

    assert error_of_operation(stand_in, operation)[0] == code


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("s3:GetBucketPolicy", "NoSuchBucket"),
        ("ec2:DescribeSnapshotAttribute", "InvalidSnapshot.NotFound"),
        ("kms:DescribeKey", "NotFoundException"),
        ("sqs:GetQueueAttributes", "AWS.SimpleQueueService.NonExistentQueue"),
        ("sns:GetTopicAttributes", "NotFound"),
        ("dynamodb:DescribeContinuousBackups", "TableNotFoundException"),
        ("dynamodb:DescribeTable", "ResourceNotFoundException"),
        ("rds:DescribeDBSnapshotAttributes", "DBSnapshotNotFound"),
        ("efs:DescribeFileSystemPolicy", "FileSystemNotFound"),
        ("lambda:GetPolicy", "ResourceNotFoundException"),
        ("iam:ListEntitiesForPolicy", "NoSuchEntity"),
    ],
)
def test_a_resource_that_is_gone_is_missed_as_its_service_misses_it(
    stand_in: StandIn, operation: str, code: str
) -> None:
    stand_in.faults.gone(operation)

    assert error_of_operation(stand_in, operation)[0] == code


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("ec2:DescribeVolumes", "AuthFailure"),
        ("sqs:ListQueues", "UnrecognizedClientException"),
        ("rds:DescribeDBInstances", "InvalidClientTokenId"),
        ("lambda:ListFunctions", "UnrecognizedClientException"),
    ],
)
def test_a_region_that_is_switched_off_does_not_know_the_caller(
    stand_in: StandIn, operation: str, code: str
) -> None:
    stand_in.faults.switch_off(REGION)

    assert error_of_operation(stand_in, operation)[0] == code
    assert stand_in.client("sqs", "us-east-1").list_queues()["ResponseMetadata"]


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_service_answers_the_chosen_status(stand_in: StandIn, status: int) -> None:
    stand_in.faults.fail("kms:ListKeys", status=status)

    assert error_of_operation(stand_in, "kms:ListKeys") == ("InternalServerError", status)


def test_any_other_code_can_be_chosen(stand_in: StandIn) -> None:
    stand_in.faults.refuse("cloudtrail:DescribeTrails", "OptInRequired", status=403)

    assert error_of_operation(stand_in, "cloudtrail:DescribeTrails") == ("OptInRequired", 403)


@pytest.mark.parametrize("policy", [SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY])
def test_a_denial_names_the_organisations_policy(stand_in: StandIn, policy: str) -> None:
    stand_in.faults.deny("ec2:DescribeVolumes", by=policy)

    with pytest.raises(ClientError, match=f"explicit deny in a {policy}"):
        stand_in.client("ec2", REGION).describe_volumes()


def test_a_denial_by_default_says_that_nothing_allows_the_call(stand_in: StandIn) -> None:
    stand_in.faults.deny("ec2:DescribeVolumes")

    with pytest.raises(ClientError, match="no identity-based policy allows the ec2:DescribeVolu"):
        stand_in.client("ec2", REGION).describe_volumes()


def test_only_calls_that_contain_the_text_fail(stand_in: StandIn) -> None:
    s3 = stand_in.client("s3")
    for name in ("open-bucket", "secret-bucket"):
        s3.create_bucket(Bucket=name)
    stand_in.faults.deny("s3:GetBucketAcl", containing="secret-bucket")

    assert s3.get_bucket_acl(Bucket="open-bucket")["Grants"]
    assert error_of(lambda: s3.get_bucket_acl(Bucket="secret-bucket")) == ("AccessDenied", 403)


def test_the_text_may_stand_in_the_body(stand_in: StandIn) -> None:
    kms = stand_in.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    stand_in.faults.deny("kms:DescribeKey", containing=key)

    assert error_of(lambda: kms.describe_key(KeyId=key))[0] == "AccessDeniedException"
    assert kms.describe_key(KeyId=other)["KeyMetadata"]["KeyId"] == other


def test_only_the_named_region_fails(stand_in: StandIn) -> None:
    stand_in.faults.deny("ec2:Describe*", region=REGION)

    assert error_of(stand_in.client("ec2", REGION).describe_vpcs)[0] == "UnauthorizedOperation"
    assert stand_in.client("ec2", "us-east-1").describe_vpcs()["Vpcs"]


def test_the_first_calls_fail_and_later_ones_succeed(stand_in: StandIn) -> None:
    kms = stand_in.client("kms", REGION)
    fault = stand_in.faults.refuse("kms:ListKeys", "NotYet", times=2)

    codes = [error_of(kms.list_keys)[0], error_of(kms.list_keys)[0]]

    assert codes == ["NotYet", "NotYet"]
    assert kms.list_keys()["Keys"] == []
    assert (fault.seen, fault.hits) == (3, 2)


def test_only_the_nth_call_fails(stand_in: StandIn) -> None:
    kms = stand_in.client("kms", REGION)
    stand_in.faults.refuse("kms:ListKeys", "Second", after=1, times=1)

    assert kms.list_keys()["Keys"] == []
    assert error_of(kms.list_keys)[0] == "Second"
    assert kms.list_keys()["Keys"] == []


def test_throttling_that_ends_is_survived_by_the_clients_own_retries(stand_in: StandIn) -> None:
    fault = stand_in.faults.throttle("sqs:ListQueues", times=1)

    assert "QueueUrls" not in stand_in.client("sqs", REGION).list_queues()
    assert fault.hits == 1


def test_the_fault_set_last_decides(stand_in: StandIn) -> None:
    stand_in.faults.deny("kms:*")
    stand_in.faults.refuse("kms:ListKeys", "Later")

    assert error_of_operation(stand_in, "kms:ListKeys")[0] == "Later"
    assert error_of_operation(stand_in, "kms:DescribeKey")[0] == "AccessDeniedException"


def test_lifting_the_faults_lets_calls_through(stand_in: StandIn) -> None:
    stand_in.faults.deny("*")
    stand_in.faults.clear()

    assert stand_in.client("kms", REGION).list_keys()["Keys"] == []


def test_a_dropped_connection_gives_no_answer(stand_in: StandIn) -> None:
    fault = stand_in.faults.drop("kms:ListKeys")

    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        stand_in.client("kms", REGION).list_keys()
    assert fault.hits == 2, "the client tries twice"


def test_a_connection_dropped_once_is_survived(stand_in: StandIn) -> None:
    stand_in.faults.drop("kms:ListKeys", times=1)

    assert stand_in.client("kms", REGION).list_keys()["Keys"] == []


def test_a_slow_answer_is_right_but_late(stand_in: StandIn) -> None:
    stand_in.faults.slow("kms:ListKeys", seconds=0.2)

    began = time.monotonic()
    keys = stand_in.client("kms", REGION).list_keys()["Keys"]

    assert keys == []
    assert time.monotonic() - began >= 0.2


def test_a_client_gives_up_on_an_answer_that_is_too_slow(stand_in: StandIn) -> None:
    stand_in.faults.slow("kms:ListKeys", seconds=0.5)
    impatient = boto3.Session("AKIAIOSFODNN7EXAMPLE", "any").client(
        "kms",
        region_name=REGION,
        endpoint_url=stand_in.endpoint_url,
        config=Config(read_timeout=0.1, retries={"total_max_attempts": 1}),
    )

    with pytest.raises(botocore.exceptions.ReadTimeoutError):
        impatient.list_keys()


def test_stopping_lets_held_calls_go() -> None:
    faults = Faults()
    held: Fault = faults.slow("kms:ListKeys", seconds=60)
    faults.stop()

    began = time.monotonic()
    held.failure(None)  # type: ignore[arg-type]

    assert time.monotonic() - began < 5
