"""Snapshots of SQS queues."""

from enum import StrEnum
from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import Resource


class QueueEncryption(StrEnum):
    """Whose key encrypts a queue's messages at rest: a KMS key, a key of SQS, or none."""

    KMS = "kms"
    SQS = "sqs"
    NONE = "none"


class SqsQueue(Resource):
    """One queue; its id is its name. Without a policy its policy has no statements."""

    type: ClassVar[str] = "AWS::SQS::Queue"
    service: ClassVar[str] = "sqs"

    url: str
    policy: Fact[PolicyDocument] = NOT_COLLECTED
    encryption: Fact[QueueEncryption] = NOT_COLLECTED
