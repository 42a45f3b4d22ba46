"""Topics and queues."""

import json
from typing import Any

from vedette.aws.demo.account import EVERYBODY, VIRGINIA, Account, allow, document, tags

ALARMS, ORDERS, NEWSLETTER = "hlb-alarms", "hlb-orders", "hlb-newsletter-signups"


def create_topics_and_queues(account: Account, key: str) -> None:
    """Create topics and queues; the key encrypts those of the shop."""
    sns = account.client("sns")
    for name in (ALARMS, ORDERS):
        sns.create_topic(
            Name=name, Attributes={"KmsMasterKeyId": key}, Tags=tags(team="operations")
        )
    sns.create_topic(Name=NEWSLETTER, Tags=tags(team="marketing"))
    _let_everybody_publish(account, sns)
    _queues(account)


def _let_everybody_publish(account: Account, sns: Any) -> None:
    topic = account.arn("sns", NEWSLETTER)
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=document(allow("sns:Publish", topic, Principal=EVERYBODY)),
    )


def _queues(account: Account) -> None:
    sqs = account.client("sqs")
    sqs.create_queue(QueueName="hlb-orders-failed", tags={"team": "shop"})
    failed = {
        "deadLetterTargetArn": account.arn("sqs", "hlb-orders-failed"),
        "maxReceiveCount": 5,
    }
    sqs.create_queue(
        QueueName="hlb-orders",
        Attributes={"SqsManagedSseEnabled": "true", "RedrivePolicy": json.dumps(failed)},
        tags={"team": "shop"},
    )
    returns = "hlb-returns-from-shops"
    everything = allow("sqs:*", account.arn("sqs", returns), Principal=EVERYBODY)
    sqs.create_queue(
        QueueName=returns,
        Attributes={"SqsManagedSseEnabled": "false", "Policy": document(everything)},
        tags={"team": "warehouse"},
    )
    account.client("sqs", VIRGINIA).create_queue(
        QueueName="bookworm-jobs", Attributes={"SqsManagedSseEnabled": "false"}
    )
