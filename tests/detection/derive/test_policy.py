import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection.derive.records import OTHER, OWN, PARTNER, call, derived
from vedette.detection.derive.settings import NO_SETTINGS, DerivationSettings

EVERYONE, FOREIGN, NAMES = (
    "policy.opens_to_everyone",
    "policy.opens_to_foreign_account",
    "policy.foreign_accounts",
)


def policy(principal: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"} | more
    return {"Version": "2012-10-17", "Statement": [statement]}


def text(principal: Any, **more: Any) -> str:
    return json.dumps(policy(principal, **more))


ANYONE = policy("*")
STRANGER = {"AWS": f"arn:aws:iam::{OTHER}:root"}


@pytest.mark.parametrize(
    "record",
    [
        call("PutBucketPolicy", {"bucketName": "b", "bucketPolicy": ANYONE}, source="s3"),
        call("SetQueueAttributes", {"attributes": {"Policy": text("*")}}, source="sqs"),
        call("SetTopicAttributes", {"attributeName": "Policy", "attributeValue": text("*")}),
        call("PutKeyPolicy", {"keyId": "k", "policy": text("*")}, source="kms"),
        call("UpdateAssumeRolePolicy", {"policyDocument": text("*", Action="sts:AssumeRole")}),
        call("CreateRole", {"assumeRolePolicyDocument": quote(text("*"))}),
        call("SetRepositoryPolicy", {"policyText": f"\n {text({'AWS': '*'})}"}, source="ecr"),
        call("PutResourcePolicy", {"resourcePolicy": text("*")}, source="secretsmanager"),
        call("AddPermission20150331v2", {"principal": "*", "action": "lambda:Invoke"}),
        call("AddLayerVersionPermission20181031", {"principal": "*"}, source="lambda"),
        call("AddPermission", {"label": "x", "aWSAccountIds": ["*"]}, source="sqs"),
        call("PutPermission", {"principal": "*", "eventBusName": "default"}, source="events"),
    ],
    ids=lambda record: record["eventName"],
)
def test_a_call_that_lets_in_anybody_is_seen_in_every_service(record: dict[str, Any]) -> None:
    assert derived(record, EVERYONE) is True
    assert derived(record | {"errorCode": "AccessDenied"}, EVERYONE) is True


@pytest.mark.parametrize(
    "record",
    [
        call("PutBucketPolicy", {"bucketPolicy": policy(STRANGER)}, source="s3"),
        call("AddPermission20150331v2", {"principal": OTHER}, source="lambda"),
        call("AddPermission20150331v2", {"principal": STRANGER["AWS"]}, source="lambda"),
        call("AddPermission", {"aWSAccountId": [OTHER], "actionName": ["Publish"]}, source="sns"),
        call("CreateGrant", {"granteePrincipal": STRANGER["AWS"]}, source="kms"),
        call("CreateRole", {"assumeRolePolicyDocument": text(STRANGER)}),
        call(
            "AddPermission20150331v2",
            {"principal": "s3.amazonaws.com", "sourceAccount": OTHER},
            source="lambda",
        ),
    ],
    ids=lambda record: record["eventName"],
)
def test_a_call_that_lets_in_a_foreign_account_names_it(record: dict[str, Any]) -> None:
    assert derived(record, EVERYONE, FOREIGN, NAMES) == [False, True, [OTHER]]


@pytest.mark.parametrize(
    "record",
    [
        call("PutBucketPolicy", {"bucketPolicy": policy({"AWS": OWN})}, source="s3"),
        call("PutBucketPolicy", {"bucketPolicy": policy({"AWS": PARTNER})}, source="s3"),
        call("PutBucketPolicy", {"bucketPolicy": policy({"AWS": "127311923021"})}, source="s3"),
        call("PutBucketPolicy", {"bucketPolicy": policy("*", Effect="Deny")}, source="s3"),
        call(
            "PutBucketPolicy",
            {
                "bucketPolicy": policy(
                    "*", Condition={"StringEquals": {"aws:PrincipalAccount": PARTNER}}
                )
            },
            source="s3",
        ),
        call("CreateRole", {"assumeRolePolicyDocument": text({"Service": "ec2.amazonaws.com"})}),
        call("CreateGrant", {"granteePrincipal": f"arn:aws:iam::{OWN}:role/a"}, source="kms"),
        call(
            "AddPermission20150331v2",
            {"principal": "sns.amazonaws.com", "sourceArn": f"arn:aws:sns:eu-west-1:{OWN}:t"},
            source="lambda",
        ),
    ],
)
def test_letting_in_whom_we_know_opens_nothing(record: dict[str, Any]) -> None:
    settings = DerivationSettings(trusted_accounts=frozenset({PARTNER}))

    assert derived(record, EVERYONE, FOREIGN, settings=settings) == [False, False]


def test_a_layer_shared_with_an_organization_names_it() -> None:
    parameters = {"principal": "*", "organizationId": "o-abcdefghij"}
    record = call("AddLayerVersionPermission20181031", parameters, source="lambda")

    assert derived(record, EVERYONE, NAMES) == [False, ["o-abcdefghij"]]


@pytest.mark.parametrize(
    "record",
    [
        call("ListUsers"),
        call("CreateUser", {"userName": "Statement"}),
        call("PutBucketPolicy", {"bucketPolicy": {}, "policy": ""}, source="s3"),
        call("SetQueueAttributes", {"attributes": {"Policy": ""}}, source="sqs"),
        call("ModifyVpcEndpoint", {"policyDocument": text("*")}, source="ec2"),
        call("ValidatePolicy", {"policyDocument": text("*")}, readOnly=True),
        call("AddPermission", {"label": "x"}, source="sqs"),
    ],
)
def test_a_call_that_sets_no_policy_has_none_of_the_fields(record: dict[str, Any]) -> None:
    assert derived(record, EVERYONE, FOREIGN, "policy.unreadable") == [None, None, None]


def test_a_policy_that_cannot_be_judged_is_told_and_never_taken_for_harmless() -> None:
    record = call("PutBucketPolicy", {"bucketPolicy": policy("*", Surprise=1)}, source="s3")

    unreadable, everyone = derived(record, "policy.unreadable", EVERYONE)
    assert "unknown element 'Surprise'" in unreadable
    assert everyone is False


def test_a_policy_hidden_among_many_parameters_is_told() -> None:
    padding: dict[str, Any] = {f"p{number}": "x" for number in range(600)}

    record = call("PutBucketPolicy", {"bucketPolicy": ANYONE} | padding, source="s3")

    assert "too many parameters" in derived(record, "policy.unreadable")


IDENTITY = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize("name", ["PutUserPolicy", "CreatePolicy", "CreatePolicyVersion"])
def test_an_identity_policy_that_allows_everything_is_seen(name: str) -> None:
    whole = json.dumps({"Version": "2012-10-17", "Statement": IDENTITY})
    less = json.dumps({"Version": "2012-10-17", "Statement": IDENTITY | {"Action": "s3:Get*"}})
    fields = ("policy.grants_administrator", EVERYONE)

    assert derived(call(name, {"policyDocument": whole}), *fields) == [True, False]
    assert derived(call(name, {"policyDocument": less}), *fields) == [False, False]


def test_ways_to_more_privileges_are_named() -> None:
    document = json.dumps({"Statement": IDENTITY | {"Action": "iam:CreatePolicyVersion"}})
    record = call("PutUserPolicy", {"policyDocument": document})

    paths = derived(record, "policy.escalation_paths")
    assert "create_policy_version" in paths


def test_a_key_policy_that_allows_all_of_kms_makes_no_administrator() -> None:
    record = call("PutKeyPolicy", {"policy": text({"AWS": OWN}, Action="*")}, source="kms")

    assert derived(record, "policy.grants_administrator") is False


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Statement", "Principal", "Effect", "principal", "policy", "AWS"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.sampled_from(["PutBucketPolicy", "AddPermission", "CreateGrant"]), anything)
def test_wrong_types_never_raise(name: str, parameters: Any) -> None:
    assert derived(call(name, parameters), EVERYONE, settings=NO_SETTINGS) in (True, False, None)
