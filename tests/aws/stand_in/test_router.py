from http import HTTPStatus
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws.stand_in.operations import OPERATIONS, send
from vedette.aws.stand_in.recorder import Request
from vedette.aws.stand_in.router import name_call
from vedette.aws.stand_in.server import StandIn

CREDENTIAL = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261121/{}/{}/aws4_request, Signed"


def environ(method: str, uri: str, service: str, **extra: Any) -> dict[str, Any]:
    path, _, query = uri.partition("?")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": uri,
        "HTTP_HOST": "127.0.0.1:5000",
        "HTTP_AUTHORIZATION": CREDENTIAL.format("eu-west-1", service),
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        **extra,
    }


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_every_operation_that_is_read_is_named(
    stand_in: StandIn, service: str, operation: str
) -> None:
    stand_in.faults.refuse("*", "NotToday", status=HTTPStatus.NOT_FOUND)

    with pytest.raises(ClientError):
        send(stand_in.client(service, "eu-west-1"), operation)

    assert stand_in.recorder.counts == {Request(service, operation, "eu-west-1"): 1}


@pytest.mark.parametrize(
    ("method", "uri", "operation"),
    [
        ("GET", "/bucket?list-type=2", "ListObjectsV2"),
        ("GET", "/bucket", "ListObjects"),
        ("GET", "/bucket/a/key%2Fwith/slashes", "GetObject"),
        ("GET", "/bucket/key?acl", "GetObjectAcl"),
        ("PUT", "/bucket?policy", "PutBucketPolicy"),
        ("DELETE", "/bucket?policy", "DeleteBucketPolicy"),
        ("HEAD", "/bucket/key", "HeadObject"),
        ("GET", "/policy", "ListObjects"),
    ],
)
def test_the_method_path_and_query_string_tell_s3_operations_apart(
    method: str, uri: str, operation: str
) -> None:
    call = name_call(environ(method, uri, "s3"))

    assert call.name == f"s3:{operation}"
    assert call.protocol == "rest-xml"
    assert call.labels["Bucket"] == ("policy" if uri == "/policy" else "bucket")


def test_a_path_that_names_no_operation_is_named_by_itself() -> None:
    call = name_call(environ("GET", "/no/such/thing", "guardduty"))

    assert call.name == "guardduty:GET /no/such/thing"


def test_a_service_that_botocore_does_not_know_is_named_by_its_signature() -> None:
    assert name_call(environ("GET", "/", "nonesuch")).service == "nonesuch"


def test_a_request_without_a_signature_is_unsigned() -> None:
    unsigned = environ("GET", "/", "s3", HTTP_AUTHORIZATION="")

    assert name_call(unsigned).service == "unsigned"


def test_the_account_is_that_of_the_access_key(stand_in: StandIn) -> None:
    organizations = stand_in.client("organizations", "us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(AccountName="other", Email="other@example.com")
    account = made["CreateAccountStatus"]["AccountId"]
    role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    sts = stand_in.client("sts", "us-east-1")
    assumed = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]

    signed = environ("GET", "/", "s3")
    signed["HTTP_AUTHORIZATION"] = signed["HTTP_AUTHORIZATION"].replace(
        "AKIAIOSFODNN7EXAMPLE", assumed["AccessKeyId"]
    )

    assert name_call(signed).account == account
    assert name_call(environ("GET", "/", "s3")).account == "123456789012"
