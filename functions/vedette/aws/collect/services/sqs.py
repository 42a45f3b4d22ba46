"""Reads SQS queues."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, FactReader
from vedette.aws.collect.policies import read_policy
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.sqs import QueueEncryption, SqsQueue

# The second is the code of the older query protocol, which botocore still passes on.
GONE = ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
ATTRIBUTES = ["KmsMasterKeyId", "Policy", "SqsManagedSseEnabled"]


def find_queues(reader: Reader, only: frozenset[str] | None) -> Iterator[SqsQueue]:
    """Yield the queues of a region."""
    for url in _urls(reader, only):
        name = url.rpartition("/")[2]
        arn = reader.arn("sqs", name)
        yield SqsQueue(arn=arn, id=name, account=reader.account, region=reader.region, url=url)


def _urls(reader: Reader, only: frozenset[str] | None) -> Iterator[str]:
    if only is None:
        yield from reader.pages("sqs:ListQueues", "QueueUrls", MaxResults=1000)
        return
    for name in sorted(only):
        if reader.arn("sqs", name) in reader.scope.only:
            answer = reader.optional("sqs:GetQueueUrl", *GONE, QueueName=name)
            yield from [answer["QueueUrl"]] if answer else []


def _attributes(reader: Reader, queue: SqsQueue) -> dict[str, Any]:
    """Source: GetQueueAttributes leaves out attributes that are not set."""
    answer = reader.call("sqs:GetQueueAttributes", QueueUrl=queue.url, AttributeNames=ATTRIBUTES)
    stored = answer.get("Attributes", {})
    return {"policy": read_policy(stored.get("Policy")), "encryption": _encryption(stored)}


def _encryption(stored: dict[str, str]) -> QueueEncryption:
    if stored.get("KmsMasterKeyId"):
        return QueueEncryption.KMS
    by_sqs = stored.get("SqsManagedSseEnabled") == "true"
    return QueueEncryption.SQS if by_sqs else QueueEncryption.NONE


QUEUES = Collector(
    kind=SqsQueue,
    calls=("sqs:ListQueues", "sqs:GetQueueUrl"),
    find=find_queues,
    details=(
        FactReader(
            facts=("policy", "encryption"), calls=("sqs:GetQueueAttributes",), read=_attributes
        ),
        TAGS,
    ),
    arn_service="sqs",
    gone=frozenset(GONE),
)
COLLECTORS = (QUEUES,)
