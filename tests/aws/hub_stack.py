"""A hub in the stand-in: its resources under the logical ids that the infrastructure gives them."""

import json
from collections.abc import Mapping
from typing import Any, Final

from vedette.aws.stand_in.server import StandIn

REGION: Final = "eu-west-1"
ACCOUNT: Final = "123456789012"
MEMBER: Final = "111122223333"
READS_TOO: Final = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
RULES: Final = {"DetectAny1": READS_TOO, "Change1": "ENABLED", "Signal1": "ENABLED"}
QUEUES: Final = (
    *("DetectEventsQueue", "DetectEventsDeadLetters", "ChangeEventsQueue"),
    *("ChangeEventsDeadLetters", "SignalEventsQueue", "SignalEventsDeadLetters"),
    *("BusUndeliveredQueue", "ForwarderUndeliveredQueue", "UntoldQueue", "SchedulesFailuresQueue"),
)
READ_BY: Final = {"Detect": "Detect", "Reevaluate": "Change", "Intake": "Signal"}
TOPICS: Final = ("Alerts", "Chat", "Escalation", "Health")
Template = dict[str, Any]


class HubStack:
    """The hub's stack, and what a test does with its resources."""

    def __init__(
        self, stand_in: StandIn, accounts: tuple[str, ...] = (ACCOUNT,), *, fed: bool = True
    ) -> None:
        """Without `fed`, no queue feeds a function: what is sent into queues stays there."""
        self.stand_in = stand_in
        stand_in.client("iam").create_role(
            RoleName="functions", AssumeRolePolicyDocument=json.dumps({"Statement": []})
        )
        self.stacks = stand_in.client("cloudformation", REGION)
        body = json.dumps(template(accounts, fed=fed))
        self.stacks.create_stack(StackName="Vedette", TemplateBody=body)

    def client(self, service: str) -> Any:
        return self.stand_in.client(service, REGION)

    def physical(self, logical: str) -> str:
        """Return the name of the resource whose logical id is this."""
        listed = self.stacks.list_stack_resources(StackName="Vedette")["StackResourceSummaries"]
        (found,) = (one for one in listed if one["LogicalResourceId"] == logical)
        return str(found["PhysicalResourceId"])

    def send(self, queue: str, *bodies: str, notes: Mapping[str, str] | None = None) -> None:
        attributes = {
            name: {"DataType": "String", "StringValue": value}
            for name, value in (notes or {}).items()
        }
        for body in bodies:
            self.client("sqs").send_message(
                QueueUrl=self.physical(queue), MessageBody=body, MessageAttributes=attributes
            )

    def depth(self, queue: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.client("sqs").get_queue_attributes(
            QueueUrl=self.physical(queue), AttributeNames=names
        )["Attributes"]
        return sum(int(told[one]) for one in names)

    def mark(self, name: str, at: str, detail: str = "") -> None:
        self.client("dynamodb").put_item(
            TableName=self.physical("TablesState"),
            Item={"pk": {"S": f"M#{name}"}, "at": {"S": at}, "detail": {"S": detail}},
        )

    def starve(self, function: str) -> None:
        """Take from a function the queue that feeds it."""
        functions = self.client("lambda")
        (mapping,) = functions.list_event_source_mappings(
            FunctionName=self.physical(f"Functions{function}Function")
        )["EventSourceMappings"]
        functions.delete_event_source_mapping(UUID=mapping["UUID"])

    def watch(self) -> None:
        """Make a trail of all management events in all regions."""
        self.client("s3").create_bucket(
            Bucket="trail", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        trails = self.client("cloudtrail")
        trails.create_trail(Name="all", S3BucketName="trail", IsMultiRegionTrail=True)
        trails.start_logging(Name="all")

    def listen(self) -> None:
        """Subscribe somebody to every topic, confirmed."""
        for topic in TOPICS:
            queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{topic}"
            arn = self.physical(f"Topics{topic}Topic")
            self.client("sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue)


def template(accounts: tuple[str, ...], *, fed: bool) -> Template:
    resources: Template = {name: _queue() for name in QUEUES}
    resources["Bus"] = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "vedette"}}
    for name, state in RULES.items():
        resources[f"Routing{name}"] = _rule(state, "DetectEventsQueue", "vedette")
        resources[f"Forwarder{name}"] = _rule(state, "DetectEventsQueue", None)
    for name in (*READ_BY, "Dispatch"):
        resources[f"Functions{name}Function"] = _function(accounts)
        if fed:
            resources[f"Functions{name}Events"] = _mapping(name, READ_BY.get(name, "Signal"))
    resources |= {f"Topics{one}Topic": {"Type": "AWS::SNS::Topic"} for one in TOPICS}
    resources["TablesState"] = {
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": "Retain",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        },
    }
    outputs = {"Version": {"Value": "1.2.3"}, "WatchedRegions": {"Value": REGION}}
    return {"Resources": resources, "Outputs": outputs}


def _queue() -> Template:
    return {"Type": "AWS::SQS::Queue"}


def _rule(state: str, queue: str, bus: str | None) -> Template:
    target = {"Id": "Target", "Arn": {"Fn::GetAtt": [queue, "Arn"]}}
    properties = {"EventPattern": {"source": ["aws.s3"]}, "State": state, "Targets": [target]}
    if bus is None:
        return {"Type": "AWS::Events::Rule", "Properties": properties}
    on = {**properties, "EventBusName": bus}
    return {"Type": "AWS::Events::Rule", "DependsOn": "Bus", "Properties": on}


def _function(accounts: tuple[str, ...]) -> Template:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": "pass"},
            "Handler": "index.handler",
            "Runtime": "python3.13",
            "Role": f"arn:aws:iam::{ACCOUNT}:role/functions",
            "Environment": {"Variables": {"VEDETTE_ACCOUNTS": json.dumps(accounts)}},
        },
    }


def _mapping(function: str, queue: str) -> Template:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": f"Functions{function}Function"},
            "EventSourceArn": {"Fn::GetAtt": [f"{queue}EventsQueue", "Arn"]},
        },
    }
