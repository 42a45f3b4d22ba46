"""Queues with every sort of encryption and policy."""

import json
from typing import Any

from tests.aws.truth.world import ACCOUNT, REGION, Aws, World


def create(aws: Aws, name: str, *statements: dict[str, Any], **attributes: str) -> None:
    if statements:
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        attributes["Policy"] = json.dumps(policy)
    aws("sqs").create_queue(QueueName=name, Attributes=attributes)


def allow(principal: Any, **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sqs:SendMessage",
        "Resource": "*",
    } | more


def seed(aws: Aws) -> None:
    from_topic = {"ArnEquals": {"aws:SourceArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:news"}}
    create(aws, "plain", SqsManagedSseEnabled="false")
    create(aws, "by-sqs", SqsManagedSseEnabled="true")
    create(aws, "by-kms", KmsMasterKeyId="alias/aws/sqs")
    create(aws, "subscribed", allow("*", Condition=from_topic))
    create(aws, "open", allow("*"))
    create(aws, "open-by-aws", allow({"AWS": "*"}, Action="sqs:*"))


WORLDS = (
    World(
        name="queues",
        seed=seed,
        verdicts={
            "sqs/queue_is_encrypted": {
                "by-sqs": "PASSED",
                "by-kms": "PASSED",
                "plain": "FAILED",
            },
            "sqs/queue_policy_is_not_public": {
                "plain": "PASSED",
                "subscribed": "PASSED",
                "open": "FAILED",
                "open-by-aws": "FAILED",
            },
        },
    ),
)
