"""Who may send, publish, put, invoke and read: the queues, topics, bus, key, buckets, API."""

import json
from typing import Any

import pytest

from tests.infra.conftest import Synthesis
from tests.infra.plans import MEMBERS, ORGANISATION
from tests.infra.templates import Statement, allowances, denials, listed

QUEUE, QUEUE_POLICY = "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"
TOPIC, TOPIC_POLICY = "AWS::SNS::Topic", "AWS::SNS::TopicPolicy"
SEND, PUBLISH, PUT = "sqs:SendMessage", "sns:Publish", "events:PutEvents"
ACCOUNT = {"Ref": "AWS::AccountId"}
EVERYONE = {"AWS": "*"}
FED = {
    "DetectEventsQueue": ("RoutingDetectAny1", "RoutingDetectWrites1"),
    "ChangeEventsQueue": ("RoutingChange1",),
    "SignalEventsQueue": ("RoutingSignal1",),
    "BusUndelivered": (
        "RoutingDetectAny1",
        "RoutingDetectWrites1",
        "RoutingChange1",
        "RoutingSignal1",
    ),
    "ForwarderUndelivered": (
        "ForwarderDetectAny1",
        "ForwarderDetectWrites1",
        "ForwarderChange1",
        "ForwarderSignal1",
    ),
}


def queue_policy(synthesis: Synthesis, part: str) -> list[Statement]:
    queue = synthesis.hub.logical(QUEUE, part)
    return synthesis.hub.policy_of(QUEUE_POLICY, "Queues", f'"{queue}"')


def role_arn(synthesis: Synthesis, part: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [synthesis.hub.logical("AWS::IAM::Role", part), "Arn"]}


@pytest.mark.parametrize("queue", FED)
def test_only_our_rules_send_events_into_a_queue(everything: Synthesis, queue: str) -> None:
    policy = queue_policy(everything, queue)
    rules = sorted(everything.hub.logical("AWS::Events::Rule", one) for one in FED[queue])

    (allowed,) = allowances(policy, SEND)
    (denied,) = denials(policy, SEND)

    sources = allowed["Condition"]["ArnEquals"]["aws:SourceArn"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert sorted(one["Fn::GetAtt"][0] for one in sources) == rules
    assert denied["Principal"] == EVERYONE
    assert denied["Condition"] == {"ArnNotEquals": {"aws:SourceArn": sources}}


@pytest.mark.parametrize("queue", ["Detect", "Change", "Signal"])
def test_no_principal_can_put_a_message_among_the_dead_letters(
    plain: Synthesis, queue: str
) -> None:
    policy = queue_policy(plain, f"{queue}EventsDeadLetters")

    (denied,) = denials(policy, SEND)

    assert allowances(policy, SEND) == []
    assert denied["Principal"] == EVERYONE
    assert denied["Condition"] == {"Null": {"aws:PrincipalArn": "false"}}


@pytest.mark.parametrize(
    ("queue", "role"), [("Untold", "FunctionsDispatchRole"), ("SchedulesFailures", "SchedulesRole")]
)
def test_failures_are_reported_by_the_role_that_failed_alone(
    plain: Synthesis, queue: str, role: str
) -> None:
    (denied,) = denials(queue_policy(plain, queue), SEND)

    assert denied["Principal"] == EVERYONE
    assert denied["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": [role_arn(plain, role)]}}


def test_every_queue_and_topic_refuses_what_is_not_encrypted_on_its_way(plain: Synthesis) -> None:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    for kind, policy, key, action in (
        (QUEUE, QUEUE_POLICY, "Queues", "sqs:*"),
        (TOPIC, TOPIC_POLICY, "Topics", PUBLISH),
    ):
        logical = list(plain.hub.of_type(kind))
        assert logical
        for one in logical:
            refused = denials(plain.hub.policy_of(policy, key, f'"{one}"'), action)
            assert insecure in [each["Condition"] for each in refused]


@pytest.mark.parametrize(
    ("topic", "roles"),
    [
        ("TopicsAlerts", ["FunctionsDispatchRole", "FunctionsReconcileRole"]),
        ("TopicsChat", ["FunctionsDispatchRole", "FunctionsReconcileRole"]),
        ("TopicsEscalation", ["FunctionsReconcileRole"]),
    ],
)
def test_only_who_dispatches_or_reconciles_publishes_alerts(
    plain: Synthesis, topic: str, roles: list[str]
) -> None:
    logical = plain.hub.logical(TOPIC, topic)
    policy = plain.hub.policy_of(TOPIC_POLICY, "Topics", f'"{logical}"')

    refused = [one for one in denials(policy, PUBLISH) if "ArnNotEquals" in one["Condition"]]

    assert [one["Condition"] for one in refused] == [
        {"ArnNotEquals": {"aws:PrincipalArn": [role_arn(plain, one) for one in roles]}}
    ]
    assert refused[0]["Principal"] in (EVERYONE, "*")
    assert [one for one in policy if one["Effect"] == "Allow"] == []


def test_only_alarms_of_this_account_publish_about_vedette_itself(plain: Synthesis) -> None:
    logical = plain.hub.logical(TOPIC, "TopicsHealth")
    policy = plain.hub.policy_of(TOPIC_POLICY, "Topics", f'"{logical}"')

    (allowed,) = allowances(policy, PUBLISH)
    refused = [one["Condition"] for one in denials(policy, PUBLISH)]

    alarms = allowed["Condition"]["ArnLike"]["aws:SourceArn"]
    assert "alarm:*" in json.dumps(alarms)
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert {"ArnNotLike": {"aws:SourceArn": alarms}} in refused


def bus_statements(synthesis: Synthesis) -> dict[str, Statement]:
    found = synthesis.hub.properties("AWS::Events::EventBusPolicy").values()
    return {one["StatementId"]: one["Statement"] for one in found}


def test_members_put_events_as_roles_of_vedette_and_of_our_organisation(
    everything: Synthesis,
) -> None:
    allowed = bus_statements(everything)["MembersForward"]

    principals = json.dumps(allowed["Principal"])
    assert allowed["Action"] == PUT
    assert all(f"{member}:root" in principals for member in MEMBERS)
    assert principals.count(":root") == len(MEMBERS)
    assert allowed["Condition"]["StringEquals"] == {"aws:PrincipalOrgID": ORGANISATION}
    assert ":role/vedette/*" in json.dumps(allowed["Condition"]["ArnLike"]["aws:PrincipalArn"])


def test_nobody_outside_the_named_accounts_puts_events_on_the_bus(
    plain: Synthesis, everything: Synthesis
) -> None:
    for synthesis, members in ((plain, ()), (everything, MEMBERS)):
        denied = bus_statements(synthesis)["NoOthers"]
        assert (denied["Effect"], denied["Principal"], denied["Action"]) == ("Deny", "*", PUT)
        assert denied["Condition"] == {
            "StringNotEquals": {"aws:PrincipalAccount": [ACCOUNT, *members]}
        }
    assert set(bus_statements(plain)) == {"NoOthers"}


def test_services_use_the_key_for_this_account_alone(everything: Synthesis) -> None:
    key = everything.hub.named("AWS::KMS::Key", "Key")
    services = [
        one for one in key["KeyPolicy"]["Statement"] if "Service" in one.get("Principal", {})
    ]

    assert key["EnableKeyRotation"] is True
    assert sorted(name for one in services for name in listed(one["Principal"]["Service"])) == [
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
        "logs.eu-west-1.amazonaws.com",
    ]
    for one in services:
        condition = json.dumps(one["Condition"])
        assert "aws:SourceAccount" in condition or "kms:EncryptionContext:aws:logs:arn" in condition
        assert "AWS::AccountId" in condition


def test_everything_that_takes_a_key_has_it_if_it_is_wanted(everything: Synthesis) -> None:
    hub = everything.hub
    keys = {
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::SNS::Topic": "KmsMasterKeyId",
        "AWS::Logs::LogGroup": "KmsKeyId",
        "AWS::DynamoDB::Table": "SSESpecification",
    }
    without = {
        logical
        for kind, key in keys.items()
        for logical, one in hub.properties(kind).items()
        if key not in one
    }
    assert {one for one in without if not one.startswith("ForwarderUndelivered")} == set()


def test_no_bucket_is_public_or_takes_plain_http(everything: Synthesis) -> None:
    buckets = everything.hub.properties("AWS::S3::Bucket")
    assert len(buckets) == 3
    for logical, one in buckets.items():
        blocks = one["PublicAccessBlockConfiguration"]
        assert len(blocks) == 4
        assert set(blocks.values()) == {True}
        policy = everything.hub.policy_of("AWS::S3::BucketPolicy", "Bucket", f'"{logical}"')
        assert {"Bool": {"aws:SecureTransport": "false"}} in [
            each["Condition"] for each in denials(policy, "s3:*")
        ]


def test_the_trail_writes_into_its_bucket_for_this_account_alone(everything: Synthesis) -> None:
    bucket = everything.hub.logical("AWS::S3::Bucket", "TrailBucket")
    policy = everything.hub.policy_of("AWS::S3::BucketPolicy", "Bucket", f'"{bucket}"')

    allowed = [one for one in policy if one["Effect"] == "Allow"]

    assert [one["Action"] for one in allowed] == ["s3:GetBucketAcl", "s3:PutObject"]
    for one in allowed:
        assert one["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
        assert one["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
        assert ":trail/*" in json.dumps(one["Condition"]["ArnLike"]["aws:SourceArn"])


def test_every_route_asks_for_signed_requests(plain: Synthesis) -> None:
    routes = plain.hub.properties("AWS::ApiGatewayV2::Route").values()

    assert sorted(one["RouteKey"] for one in routes) == [
        "GET /findings",
        "GET /findings/{id}",
        "POST /findings/{id}/{action}",
    ]
    assert {one["AuthorizationType"] for one in routes} == {"AWS_IAM"}


def test_only_this_api_calls_the_function_and_nobody_else_any(plain: Synthesis) -> None:
    permissions = plain.hub.properties("AWS::Lambda::Permission").values()
    act = plain.hub.logical("AWS::Lambda::Function", "Act")
    (api,) = plain.hub.of_type("AWS::ApiGatewayV2::Api")

    assert len(permissions) == 3
    for one in permissions:
        assert one["FunctionName"] == {"Fn::GetAtt": [act, "Arn"]}
        assert one["Principal"] == "apigateway.amazonaws.com"
        assert one["SourceAccount"] == ACCOUNT
        assert {"Ref": api} in one["SourceArn"]["Fn::Join"][1]


def test_no_resource_policy_allows_everyone(everything: Synthesis) -> None:
    documents = [
        one.get("PolicyDocument") or one.get("KeyPolicy") or {"Statement": [one.get("Statement")]}
        for kind in (
            QUEUE_POLICY,
            TOPIC_POLICY,
            "AWS::S3::BucketPolicy",
            "AWS::KMS::Key",
            "AWS::Events::EventBusPolicy",
        )
        for one in everything.hub.properties(kind).values()
    ]
    allowed = [
        each["Principal"]
        for document in documents
        for each in document["Statement"]
        if each["Effect"] == "Allow"
    ]
    assert len(allowed) > 10
    assert [one for one in allowed if one == "*" or one.get("AWS") == "*"] == []
