"""A deployment, running: the synthesized stack in the stand-in, moved by the test's own hand."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import boto3
from moto.backends import get_backend

from tests.deployed.harness.applying import apply
from tests.deployed.harness.buses import Buses
from tests.deployed.harness.clock import Clock
from tests.deployed.harness.endpoint import Endpoint
from tests.deployed.harness.held import held_types
from tests.deployed.harness.http_api import HttpApi
from tests.deployed.harness.memory import (
    buckets,
    drop_buckets,
    empty_queues,
    empty_tables,
)
from tests.deployed.harness.pollers import Poller, QueuePoller, StreamPoller
from tests.deployed.harness.regions import switch_on_only
from tests.deployed.harness.runtime.functions import FUNCTION, Functions
from tests.deployed.harness.schedules import Schedules
from tests.deployed.harness.stack import ACCOUNT, Resource, Stack
from tests.deployed.harness.steps.machines import Machines

MAPPING: Final = "AWS::Lambda::EventSourceMapping"
TABLE: Final = "AWS::DynamoDB::Table"
# An account in which all regions are on would be swept for minutes.
SECOND_REGION: Final = "eu-west-1"
ADMINISTRATOR: Final = "mallory"
EVERYTHING: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}
LONGEST_LOG: Final = 3_000
# A loop that never comes to rest would be a fault of ours or of the deployment.
MOST_ROUNDS: Final = 500


class RestlessError(Exception):
    """Work goes on without end."""


class Deployment:
    """One stack with everything that moves in it."""

    def __init__(self, endpoint: Endpoint, stack: Stack, folder: Path) -> None:
        """`stack` is created already; `folder` is for unpacked code and logs."""
        self.endpoint = endpoint
        self.stack = stack
        self.clock = Clock(folder / "clock")
        self.clock.keep_sessions_valid(endpoint)
        switch_on_only(endpoint, (stack.region, SECOND_REGION))
        self.buses = Buses(endpoint)
        self.functions = Functions(endpoint, stack, folder, self.clock)
        self.schedules = Schedules(endpoint, stack, self.functions)
        self.machines = Machines(endpoint, stack, self.functions)
        self.api = HttpApi(endpoint, stack, self.functions)
        apply(endpoint, stack)
        self._keep_moto_from_invoking()
        self._buckets = buckets()
        self._administrator: boto3.Session | None = None
        self.pollers = [self._poller(one) for one in stack.of_type(MAPPING)]

    def client(self, service: str) -> Any:
        """Return a client of the test's own, which may do all."""
        return self.endpoint.client(service, self.stack.region)

    def client_of(self, role: str, service: str) -> Any:
        """Return a client with the credentials of a role."""
        assumed = self.client("sts").assume_role(RoleArn=role, RoleSessionName="harness")
        found = assumed["Credentials"]
        make: Any = boto3.Session(
            found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]
        ).client
        return make(service, region_name=self.stack.region, endpoint_url=self.endpoint.endpoint_url)

    def client_of_administrator(self, service: str) -> Any:
        """Return a client of a user of the account whom IAM allows everything."""
        if self._administrator is None:
            iam = self.client("iam")
            iam.create_user(UserName=ADMINISTRATOR)
            policy = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
            iam.put_user_policy(UserName=ADMINISTRATOR, PolicyName="All", PolicyDocument=policy)
            key = iam.create_access_key(UserName=ADMINISTRATOR)["AccessKey"]
            self._administrator = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"])
        make: Any = self._administrator.client
        return make(service, region_name=self.stack.region, endpoint_url=self.endpoint.endpoint_url)

    def settle(self) -> int:
        """Let everything run until nothing moves; return how many batches were worked off.

        What failed stays hidden in its queue until `wait` lets its time pass.
        """
        for done in range(MOST_ROUNDS):
            moved = [*(one.pump() for one in self.pollers), self.machines.pump()]
            if not any(moved):
                return done
        raise RestlessError("the deployment does not come to rest")

    def wait(self, seconds: float) -> None:
        """Let time pass in queues and functions, without waiting."""
        self.clock.let_pass(self.stack.region, seconds=seconds)

    def empty(self) -> None:
        """Empty tables and queues, drop buckets, lift all trouble; no function remembers."""
        self.functions.close()
        self.clock.reset()
        self.endpoint.faults.clear()
        self.endpoint.troubles.clear()
        empty_tables(self.stack.region, [one.physical_id for one in self.stack.of_type(TABLE)])
        empty_queues(self.stack.region)
        drop_buckets(buckets() - self._buckets)
        self.machines.executions.clear()
        for poller in self.pollers:
            if isinstance(poller, StreamPoller):
                poller.start_over()
        self.buses.counts.clear()
        self.endpoint.authorizer.refused.clear()
        self.functions.forget_logs()

    def depth(self, queue: Resource) -> int:
        """Return how many messages are in a queue, hidden ones too."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = self.client("sqs").get_queue_attributes(
            QueueUrl=queue.physical_id, AttributeNames=list(names)
        )["Attributes"]
        return sum(int(found[one]) for one in names)

    def items(self, part: str) -> list[dict[str, Any]]:
        """Return everything in a table, as DynamoDB writes it."""
        table = self.stack.find(TABLE, part)
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=table.physical_id)
        return [one for page in pages for one in page["Items"]]

    def listen(self, topic: str) -> "Inbox":
        """Subscribe a queue of the test's own to a topic, by ARN."""
        return Inbox(self, topic)

    def told(self) -> str:
        """Return what the functions wrote, what was refused, and what came of events."""
        logs = [
            f"{one.properties['Handler']}:\n{self.functions.log_of(one)[-LONGEST_LOG:]}"
            for one in self.stack.of_type(FUNCTION)
        ]
        refused = [f"refused: {one}" for one in self.endpoint.authorizer.refused]
        return "\n".join((*logs, *refused, f"events: {dict(self.buses.counts)}"))

    def close(self) -> None:
        """End all processes."""
        self.functions.close()

    def _poller(self, mapping: Resource) -> Poller:
        asked = mapping.properties
        function = self.functions.by_arn(asked["FunctionName"])
        role = self.functions.role_of(function)

        def invoke(event: Any) -> Any:
            return self.functions.invoke(function, event)

        source = asked["EventSourceArn"]
        if source.split(":")[2] == "sqs":
            return QueuePoller(
                name=mapping.logical_id,
                client=self.client_of(role, "sqs"),
                url=self._url(source),
                arn=source,
                region=self.stack.region,
                batch=int(asked["BatchSize"]),
                invoke=invoke,
            )
        return StreamPoller(
            name=mapping.logical_id,
            mapping=asked,
            client=self.client_of(role, "dynamodbstreams"),
            note=self._sender(role),
            invoke=invoke,
        )

    def _sender(self, role: str) -> Callable[[str, Any], None]:
        client = self.client_of(role, "sqs")

        def send(queue: str, message: Any) -> None:
            client.send_message(QueueUrl=self._url(queue), MessageBody=json.dumps(message))

        return send

    def _url(self, arn: str) -> str:
        name = arn.rpartition(":")[2]
        return str(self.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])

    def _keep_moto_from_invoking(self) -> None:
        """Moto would invoke functions itself, under its lock, one message at a time."""
        region = self.stack.region
        for queue in get_backend("sqs")[ACCOUNT][region].queues.values():
            queue.lambda_event_source_mappings.clear()
        for table in get_backend("dynamodb")[ACCOUNT][region].tables.values():
            table.lambda_event_source_mappings.clear()


class Inbox:
    """What a topic sends to whoever subscribes."""

    def __init__(self, deployment: Deployment, topic: str) -> None:
        self._sqs = deployment.client("sqs")
        name = f"inbox-{topic.rpartition(':')[2]}"[:80]
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = f"arn:aws:sqs:{deployment.stack.region}:{ACCOUNT}:{name}"
        deployment.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def take(self) -> list[dict[str, Any]]:
        """Return and forget the notifications that came since the last time."""
        found: list[dict[str, Any]] = []
        while True:
            messages = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
                "Messages", []
            )
            if not messages:
                return found
            for one in messages:
                found.append(json.loads(one["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=one["ReceiptHandle"])


@contextmanager
def deployed(folder: Path, name: str, *, region: str, scratch: Path) -> Iterator[Deployment]:
    """Run a synthesized stack while the block runs."""
    with held_types(), Endpoint() as endpoint:
        stack = Stack(endpoint, folder, name, region)
        stack.create()
        deployment = Deployment(endpoint, stack, scratch)
        try:
            yield deployment
        finally:
            deployment.close()
