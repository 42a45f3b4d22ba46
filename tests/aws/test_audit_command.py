"""`vedette audit` against a stand-in over HTTP, as a user runs it."""

import json

import pytest

from tests.aws.buckets import RULE, audit, create_buckets, failed, s3_audit
from tests.aws.command import vedette
from tests.aws.truth.world import ACCOUNT, REGION
from vedette.aws.stand_in.server import StandIn
from vedette.operations.permissions import audit_operations


@pytest.fixture
def aws(stand_in: StandIn) -> StandIn:
    create_buckets(stand_in)
    return stand_in


def test_what_fails_is_listed_and_what_passed_is_counted(aws: StandIn) -> None:
    ran = s3_audit(aws)

    assert ran.code == 0
    assert failed(ran.json) == ["open"]
    assert ran.json["summary"]["verdicts"] == {"PASSED": 1, "FAILED": 1, "UNKNOWN": 0}
    assert ran.json["account"] == ACCOUNT


def test_what_passed_is_listed_when_asked_for(aws: StandIn) -> None:
    findings = s3_audit(aws, "--include-passed").json["findings"]

    assert {one["resource"]["id"]: one["verdict"] for one in findings} == {
        "open": "FAILED",
        "closed": "PASSED",
    }


def test_results_go_to_stdout_and_nothing_else_does(aws: StandIn) -> None:
    ran = s3_audit(aws)

    assert json.loads(ran.stdout)
    assert ran.stderr == ""


@pytest.mark.parametrize(("threshold", "code"), [("high", 1), ("critical", 0)])
def test_the_threshold_decides_the_exit_code(aws: StandIn, threshold: str, code: int) -> None:
    assert s3_audit(aws, "--fail-on", threshold).code == code


def test_a_denied_read_is_unknown_in_the_report_and_in_the_exit_code(aws: StandIn) -> None:
    aws.faults.deny("s3:GetPublicAccessBlock", containing="open")

    ran = s3_audit(aws)

    assert ran.code == 3
    (finding,) = ran.json["findings"]
    assert (finding["resource"]["id"], finding["verdict"]) == ("open", "UNKNOWN")
    assert finding["reason"] == "s3:GetPublicAccessBlock was denied (AccessDenied)"
    assert sum(one["denied"] for one in ran.json["coverage"]) == 1


def test_the_threshold_goes_before_incompleteness(aws: StandIn) -> None:
    aws.faults.deny("s3:GetPublicAccessBlock", containing="closed")

    assert s3_audit(aws, "--fail-on", "low").code == 1


def test_throttling_is_waited_out(aws: StandIn) -> None:
    fault = aws.faults.throttle("s3:GetPublicAccessBlock", times=2)

    ran = s3_audit(aws, AWS_MAX_ATTEMPTS="5")

    assert fault.hits == 2
    assert ran.code == 0
    assert ran.json["summary"]["verdicts"]["UNKNOWN"] == 0


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_service_is_unknown_after_all_attempts(aws: StandIn, status: int) -> None:
    aws.faults.fail("s3:GetPublicAccessBlock", status=status)

    ran = s3_audit(aws)

    assert ran.code == 3
    assert ran.json["summary"]["verdicts"] == {"PASSED": 0, "FAILED": 0, "UNKNOWN": 2}


def test_a_dropped_connection_is_unknown_and_no_crash(aws: StandIn) -> None:
    aws.faults.drop("s3:GetPublicAccessBlock")

    ran = s3_audit(aws)

    assert ran.code == 3
    assert "is unreachable" in ran.json["findings"][0]["reason"]


def test_a_bucket_deleted_while_it_is_read_is_gone_and_no_error(aws: StandIn) -> None:
    aws.faults.gone("s3:GetPublicAccessBlock", containing="open")

    ran = s3_audit(aws)

    assert ran.code == 0
    assert ran.json["findings"] == []
    assert sum(one["gone"] for one in ran.json["coverage"]) == 1


def test_credentials_that_expire_at_the_start_are_told(aws: StandIn) -> None:
    aws.faults.expire("*")

    ran = s3_audit(aws)

    assert ran.code == 2
    assert "have expired. Sign in again" in ran.stderr


def test_credentials_that_expire_on_the_way_are_renewed(aws: StandIn) -> None:
    fault = aws.faults.expire("s3:GetPublicAccessBlock", times=1)

    ran = s3_audit(aws)

    assert fault.hits == 1
    assert ran.code == 0


def test_credentials_that_stay_expired_leave_unknown(aws: StandIn) -> None:
    aws.faults.expire("s3:GetPublicAccessBlock")

    ran = s3_audit(aws)

    assert ran.code == 3
    assert "credentials have expired" in ran.json["findings"][0]["reason"]


def test_a_region_that_is_off_is_noted_and_is_no_error(aws: StandIn) -> None:
    ran = audit(aws, "--rule", "ec2/*", "--region", "me-central-1")

    assert ran.code == 0, ran.json["coverage"]
    assert ran.json["regions"] == [REGION]
    assert [(one["kind"], one["region"]) for one in ran.json["notes"]] == [
        ("region_off", "me-central-1")
    ]


def test_a_region_that_the_organisation_forbids_is_noted_once(aws: StandIn) -> None:
    for operation in audit_operations():
        aws.faults.deny(operation, by="service control policy", region="us-west-2")

    ran = audit(aws, "--service", "sqs", "--service", "sns", "--region", "us-west-2")

    assert ran.code == 0
    assert [(one["kind"], one["region"]) for one in ran.json["notes"]] == [
        ("region_off_by_organisation", "us-west-2")
    ]


def test_a_region_that_does_not_exist_is_told(aws: StandIn) -> None:
    ran = s3_audit(aws, "--region", "eu-nowhere-1")

    assert ran.code == 2
    assert "eu-nowhere-1" in ran.stderr


def test_without_permission_to_list_regions_the_user_is_asked_to_name_them(aws: StandIn) -> None:
    aws.faults.deny("ec2:DescribeRegions")

    ran = vedette("audit", "--endpoint-url", aws.endpoint_url, "--rule", RULE)

    assert ran.code == 2
    assert "--region" in ran.stderr
    assert s3_audit(aws).code == 0


@pytest.mark.parametrize("bystanders", [0, 60])
def test_one_bucket_takes_few_requests_whatever_the_account_holds(
    aws: StandIn, bystanders: int
) -> None:
    s3 = aws.client("s3", "us-east-1")
    for number in range(bystanders):
        s3.create_bucket(Bucket=f"bystander-{number}")
    aws.recorder.clear()

    ran = audit(aws, "--resource", "arn:aws:s3:::open")

    assert {one["resource"]["id"] for one in ran.json["findings"]} == {"open"}
    assert aws.recorder.total <= 15


def test_a_bucket_that_does_not_exist_is_told(aws: StandIn) -> None:
    ran = audit(aws, "--resource", "arn:aws:s3:::nowhere")

    assert ran.code == 2
    assert "there is no AWS::S3::Bucket called nowhere" in ran.stderr


def test_a_resource_of_another_account_is_refused(aws: StandIn) -> None:
    ran = audit(aws, "--resource", "arn:aws:kms:eu-west-1:999999999999:key/1")

    assert ran.code == 2
    assert f"is not in account {ACCOUNT}" in ran.stderr


def test_a_role_is_assumed(aws: StandIn) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName="auditor", AssumeRolePolicyDocument="{}")
    aws.recorder.clear()

    ran = s3_audit(
        aws, "--role-arn", f"arn:aws:iam::{ACCOUNT}:role/auditor", "--external-id", "shared"
    )

    assert ran.code == 0, ran.stderr
    assert aws.recorder.by_operation()["sts:AssumeRole"] == 1


def test_a_role_that_cannot_be_assumed_is_told(aws: StandIn) -> None:
    aws.faults.deny("sts:AssumeRole")

    ran = s3_audit(aws, "--role-arn", f"arn:aws:iam::{ACCOUNT}:role/auditor")

    assert ran.code == 2
    assert "cannot be assumed" in ran.stderr
