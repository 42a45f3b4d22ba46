"""How topics, queues and secrets are found by listing and by ARN."""

from typing import Any

from tests.aws.collecting import REGION, US, collect, found, pages
from tests.fakes.clients import FakeClients, raising, refused
from vedette.resources.facts import known, why_unreadable
from vedette.resources.secretsmanager import Secret
from vedette.resources.sns import SnsTopic
from vedette.resources.sqs import QueueEncryption, SqsQueue

TOPIC = f"arn:aws:sns:{REGION}:{US}:news"
QUEUE = f"arn:aws:sqs:{REGION}:{US}:work"
URL = f"https://sqs.{REGION}.amazonaws.com/{US}/work"
SECRET = f"arn:aws:secretsmanager:{REGION}:{US}:secret:db-AbCdEf"
ANYONE = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'


def test_topics_are_read_to_the_last_page() -> None:
    more = f"{TOPIC}.fifo"
    source = FakeClients(
        answers={"get_topic_attributes": lambda **_: {"Attributes": {"Policy": ANYONE}}},
        pages={"list_topics": pages("Topics", [{"TopicArn": TOPIC}], [{"TopicArn": more}])},
    )

    topics = found(collect(source, SnsTopic, "policy", "kms_key"), SnsTopic)

    assert sorted(topics) == ["news", "news.fifo"]
    assert known(topics["news"].kms_key) is None
    assert len(known(topics["news"].policy).statements) == 1


def test_a_topic_by_its_arn_is_not_searched_for_and_may_be_gone() -> None:
    source = FakeClients(answers={"get_topic_attributes": raising(refused("NotFound"))})

    collected = collect(source, SnsTopic, "policy", only=TOPIC)

    assert not collected.resources
    assert sum(one.gone for one in collected.coverage) == 1


def queue_with(attributes: dict[str, str]) -> SqsQueue:
    source = FakeClients(
        answers={"get_queue_attributes": lambda **_: {"Attributes": attributes}},
        pages={"list_queues": pages("QueueUrls", [URL])},
    )
    return found(collect(source, SqsQueue, "policy", "encryption"), SqsQueue)["work"]


def test_a_queue_tells_whose_key_encrypts_it() -> None:
    assert known(queue_with({}).encryption) is QueueEncryption.NONE
    assert known(queue_with({"SqsManagedSseEnabled": "true"}).encryption) is QueueEncryption.SQS
    assert known(queue_with({"KmsMasterKeyId": "alias/a"}).encryption) is QueueEncryption.KMS
    assert known(queue_with({}).policy).statements == ()
    assert queue_with({}).arn == QUEUE


def test_a_policy_that_is_not_one_is_unreadable() -> None:
    queue = queue_with({"Policy": "{"})

    assert "unexpected answer" in (why_unreadable(queue.policy) or "")


def test_a_queue_by_its_arn_that_is_gone_is_no_error() -> None:
    code = "AWS.SimpleQueueService.NonExistentQueue"
    source = FakeClients(answers={"get_queue_url": raising(refused(code))})

    collected = collect(source, SqsQueue, "policy", only=QUEUE)

    assert not collected.resources
    assert all(one.complete for one in collected.coverage)


def secret(**settings: Any) -> dict[str, Any]:
    return {"ARN": SECRET, "Name": "db"} | settings


def test_a_secret_that_never_rotated_does_not_rotate() -> None:
    listed = [secret(Tags=[{"Key": "team", "Value": "a"}], OwningService="rds")]
    source = FakeClients(pages={"list_secrets": pages("SecretList", listed)})

    read = found(collect(source, Secret, "rotates"), Secret)["db-AbCdEf"]

    assert known(read.rotates) is False
    assert known(read.last_rotated) is None
    assert known(read.tags) == {"team": "a"}
    assert read.owning_service == "rds"


def test_a_replica_is_told_from_its_primary() -> None:
    def replica(primary: str) -> bool:
        listed = [secret(PrimaryRegion=primary)]
        source = FakeClients(pages={"list_secrets": pages("SecretList", listed)})
        return found(collect(source, Secret, "rotates"), Secret)["db-AbCdEf"].is_replica

    assert replica("us-east-1")
    assert not replica(REGION)


def test_a_secret_by_its_arn_is_described() -> None:
    source = FakeClients(answers={"describe_secret": lambda **_: secret(RotationEnabled=True)})

    read = found(collect(source, Secret, "rotates", only=SECRET), Secret)["db-AbCdEf"]

    assert known(read.rotates) is True
