"""What happens in an account as CloudTrail tells of it, and what people hear from Vedette."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from boto3.dynamodb.types import TypeDeserializer

from tests.deployed.harness.deployment import Deployment
from tests.deployed.harness.runtime.runtime_api import Outcome
from tests.deployed.harness.stack import ACCOUNT, Resource
from vedette.detection.patterns.envelope import envelope_of

STRANGER: Final = "203.0.113.7"
Envelope = dict[str, Any]


def user(name: str = "mallory", account: str = ACCOUNT) -> dict[str, Any]:
    """Return CloudTrail's description of an IAM user."""
    return {
        "type": "IAMUser",
        "principalId": f"AIDA{name.upper():X<16}",
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "userName": name,
    }


class World:
    """The account that is watched, and the ears of those who watch it."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._alerts = deployment.listen(deployment.stack.outputs["AlertTopic"])
        self.alerts()

    def event(
        self,
        service: str,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        later: timedelta = timedelta(0),
        **fields: Any,
    ) -> Envelope:
        """Return the event of a successful call, in EventBridge's envelope; `fields` differ."""
        at = datetime.fromtimestamp(self.deployment.clock.now(), UTC) + later
        record = {
            "eventVersion": "1.09",
            "userIdentity": user(),
            "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "awsRegion": self.deployment.stack.region,
            "sourceIPAddress": STRANGER,
            "userAgent": "aws-cli/2.17",
            "requestParameters": dict(parameters or {}),
            "responseElements": None,
            "requestID": str(uuid.uuid4()),
            "eventID": str(uuid.uuid4()),
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
            **fields,
        }
        return envelope_of(record)

    def denied(self, name: str = "ListUsers", **fields: Any) -> Envelope:
        """Return the event of a call that only reads, and was denied."""
        said = {"errorCode": "AccessDenied", "errorMessage": "not authorized", "readOnly": True}
        return self.event("iam", name, **{**said, **fields})

    def happen(self, *events: Envelope) -> None:
        """Let AWS put events on the account's default bus."""
        for one in events:
            self.deployment.buses.emit(one)

    def settle(self) -> None:
        """Let the deployment work off what it has."""
        self.deployment.settle()

    def run(self, handler: str) -> Outcome:
        """Let a schedule fire and the deployment settle."""
        outcome = self.deployment.schedules.fire(handler)
        self.settle()
        return outcome

    def alerts(self) -> list[dict[str, Any]]:
        """Return the messages for machines that came since the last time."""
        return [json.loads(one["Message"]) for one in self._alerts.take()]

    def findings(self, rule: str | None = None) -> list[dict[str, Any]]:
        """Return the findings as they stand (of a rule), as they are written in the table."""
        items = (_plain(one) for one in self.deployment.items("Findings"))
        states = [one for one in items if one["sk"] == "STATE"]
        return [one for one in states if rule is None or one["rule"] == rule]

    def dead_letters(self, queue: str) -> int:
        """Return how many messages lie in the queue of what could not be handled."""
        return self.deployment.depth(self.queue(queue, "DeadLetters"))

    def queue(self, name: str, kind: str = "Queue") -> Resource:
        """Return a queue of events (`Detect`, `Change`, `Signal`), or its `DeadLetters`."""
        return self.deployment.stack.find("AWS::SQS::Queue", f"{name}Events{kind}")

    def retry(self) -> None:
        """Let the time pass that failed messages stay hidden, and work them off."""
        longest = max(
            int(one.properties.get("VisibilityTimeout", 30))
            for one in self.deployment.stack.of_type("AWS::SQS::Queue")
        )
        self.deployment.wait(longest + 1)
        self.settle()

    def count(self, handler: str, metric: str) -> int:
        """Return how much a function counted of a metric."""
        return sum(int(line[metric]) for line in _json_lines(self.log(handler)) if metric in line)

    def log(self, handler: str) -> str:
        """Return everything that a function wrote."""
        functions = self.deployment.functions
        return functions.log_of(functions.named(f".{handler}."))

    def make_bucket(self, name: str, *, public: bool = True) -> None:
        """Create a bucket that anyone may read, or one that nobody else may."""
        s3 = self.deployment.client("s3")
        s3.create_bucket(Bucket=name)
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=_blocked(not public))
        if public:
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps(_open_to_all(name)))

    def close_bucket(self, name: str) -> None:
        """Make a bucket private again."""
        s3 = self.deployment.client("s3")
        s3.delete_bucket_policy(Bucket=name)
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=_blocked(True))


def _blocked(blocked: bool) -> dict[str, bool]:
    kinds = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(kinds, blocked)


def _open_to_all(bucket: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
        ],
    }


def _json_lines(log: str) -> Iterable[dict[str, Any]]:
    return (json.loads(line) for line in log.splitlines() if line.startswith("{"))


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: TypeDeserializer().deserialize(one) for name, one in item.items()}
