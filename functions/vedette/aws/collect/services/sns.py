"""Reads SNS topics."""

from collections.abc import Iterator
from typing import Any

from vedette.aws.collect.collector import Collector, FactReader
from vedette.aws.collect.policies import read_policy
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.arn import parse_arn
from vedette.resources.sns import SnsTopic


def find_topics(reader: Reader, only: frozenset[str] | None) -> Iterator[SnsTopic]:
    """Yield the topics of a region; topics named by their ARN need no call."""
    for arn in _arns(reader, only):
        name = parse_arn(arn).resource
        yield SnsTopic(arn=arn, id=name, account=reader.account, region=reader.region)


def _arns(reader: Reader, only: frozenset[str] | None) -> Iterator[str]:
    if only is None:
        yield from (topic["TopicArn"] for topic in reader.pages("sns:ListTopics", "Topics"))
    else:
        named = {reader.arn("sns", name) for name in only}
        yield from sorted(named & reader.scope.only)


def _attributes(reader: Reader, topic: SnsTopic) -> dict[str, Any]:
    """Source: GetTopicAttributes leaves out KmsMasterKeyId where nothing encrypts the topic."""
    stored = reader.call("sns:GetTopicAttributes", TopicArn=topic.arn)["Attributes"]
    return {
        "policy": read_policy(stored["Policy"]),
        "kms_key": stored.get("KmsMasterKeyId") or None,
    }


TOPICS = Collector(
    kind=SnsTopic,
    calls=("sns:ListTopics",),
    find=find_topics,
    details=(
        FactReader(
            facts=("policy", "kms_key"), calls=("sns:GetTopicAttributes",), read=_attributes
        ),
        TAGS,
    ),
    arn_service="sns",
    gone=frozenset({"NotFound", "NotFoundException"}),
)
COLLECTORS = (TOPICS,)
