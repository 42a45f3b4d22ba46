"""Topics with and without a key, and with policies of every sort."""

import json
from typing import Any

from tests.aws.truth.world import ACCOUNT, Aws, World


def set_policy(sns: Any, arn: str, principal: Any, **more: Any) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sns:Publish",
        "Resource": arn,
    } | more
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


def seed(aws: Aws) -> None:
    sns = aws("sns")
    sns.create_topic(Name="plain")
    sns.create_topic(Name="encrypted", Attributes={"KmsMasterKeyId": "alias/events"})
    open_topic = sns.create_topic(Name="open")["TopicArn"]
    set_policy(sns, open_topic, "*")
    own_topic = sns.create_topic(Name="own")["TopicArn"]
    set_policy(sns, own_topic, "*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})
    elsewhere = aws("sns", "us-east-1")
    set_policy(elsewhere, elsewhere.create_topic(Name="open-elsewhere")["TopicArn"], {"AWS": "*"})


WORLDS = (
    World(
        name="topics",
        seed=seed,
        verdicts={
            "sns/topic_is_encrypted_with_kms": {"encrypted": "PASSED", "plain": "FAILED"},
            "sns/topic_policy_is_not_public": {
                "plain": "PASSED",
                "own": "PASSED",
                "open": "FAILED",
                "open-elsewhere": "FAILED",
            },
        },
    ),
)
