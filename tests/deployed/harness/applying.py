"""Does what moto leaves undone of a template: properties that it drops and types that are held."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.iam.policies import statements_of
from tests.deployed.harness.stack import ACCOUNT, Resource, Stack

# Types of which nothing happens here. What they say is held by assertions on the template.
NOT_RUN: Final[Mapping[str, str]] = {
    "AWS::ApiGatewayV2::Api": "its routes are served by the harness",
    "AWS::ApiGatewayV2::Integration": "read by the harness when a route is called",
    "AWS::ApiGatewayV2::Route": "read by the harness when a route is called",
    "AWS::ApiGatewayV2::Stage": "throttling and access logs are asserted on the template",
    "AWS::CloudWatch::Alarm": "no metric is kept here: alarms are asserted on the template",
}


def apply(endpoint: Endpoint, stack: Stack) -> None:
    """Apply it all; safe to do again after an update."""
    endpoint.authorizer.clear_policies()
    for resource in stack.resources:
        doing = _APPLIED.get(resource.type)
        if doing is not None:
            doing(endpoint, stack, resource)


def _queue_policy(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    document = resource.properties["PolicyDocument"]
    client = endpoint.client("sqs", stack.region)
    for url in resource.properties["Queues"]:
        client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(document)})
        name = url.rpartition("/")[2]
        arn = f"arn:aws:sqs:{stack.region}:{ACCOUNT}:{name}"
        endpoint.authorizer.protect(arn, statements_of(document))


def _topic_policy(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    document = resource.properties["PolicyDocument"]
    client = endpoint.client("sns", stack.region)
    for arn in resource.properties["Topics"]:
        client.set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(document)
        )
        endpoint.authorizer.protect(arn, statements_of(document))


def _bucket_policy(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    document = resource.properties["PolicyDocument"]
    bucket = resource.properties["Bucket"]
    # moto would enforce it with half of the rules: the authorizer does so with all of ours.
    endpoint.authorizer.protect(f"arn:aws:s3:::{bucket}", statements_of(document))


def _bus_policy(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    name = resource.properties["EventBusName"]
    arn = f"arn:aws:events:{stack.region}:{ACCOUNT}:event-bus/{name}"
    endpoint.authorizer.protect(arn, [resource.properties["Statement"]])


def _subscription(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    asked = resource.properties
    policy = {"FilterPolicy": json.dumps(asked["FilterPolicy"])} if "FilterPolicy" in asked else {}
    endpoint.client("sns", stack.region).subscribe(
        TopicArn=asked["TopicArn"],
        Protocol=asked["Protocol"],
        Endpoint=asked["Endpoint"],
        Attributes=policy,
    )


def _role(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    """Moto keeps policies of a template in a shape that its API cannot give out."""
    for one in resource.properties.get("Policies", []):
        endpoint.client("iam", stack.region).put_role_policy(
            RoleName=resource.physical_id,
            PolicyName=one["PolicyName"],
            PolicyDocument=json.dumps(one["PolicyDocument"]),
        )


def _table(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    expiry = resource.properties.get("TimeToLiveSpecification")
    client = endpoint.client("dynamodb", stack.region)
    described = client.describe_time_to_live(TableName=resource.physical_id)
    if expiry and described["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
        client.update_time_to_live(TableName=resource.physical_id, TimeToLiveSpecification=expiry)


def _group(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    client = endpoint.client("scheduler", stack.region)
    names = {one["Name"] for one in client.list_schedule_groups()["ScheduleGroups"]}
    if resource.physical_id not in names:
        client.create_schedule_group(Name=resource.physical_id)


def _schedule(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    client = endpoint.client("scheduler", stack.region)
    names = {one["Name"] for one in client.list_schedules()["Schedules"]}
    send = client.update_schedule if resource.physical_id in names else client.create_schedule
    asked = {"Name": resource.physical_id, **resource.properties}
    window = dict(asked["FlexibleTimeWindow"])
    send(**{**asked, "FlexibleTimeWindow": window})


def _parameter(endpoint: Endpoint, stack: Stack, resource: Resource) -> None:
    asked = {"Name": resource.physical_id, **resource.properties}
    wanted = {name: asked[name] for name in ("Name", "Value", "Type")}
    endpoint.client("ssm", stack.region).put_parameter(**wanted, Overwrite=True)


_APPLIED: Final[Mapping[str, Callable[[Endpoint, Stack, Resource], Any]]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::Events::EventBusPolicy": _bus_policy,
    "AWS::IAM::Role": _role,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SNS::TopicPolicy": _topic_policy,
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::SSM::Parameter": _parameter,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Scheduler::ScheduleGroup": _group,
}
