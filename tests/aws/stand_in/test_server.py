import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import moto.settings
import pytest
from botocore.exceptions import ClientError

from vedette.aws.stand_in.server import AlreadyRunningError, NotRunningError, StandIn

LOOPBACK = "127.0.0.1"
FUNCTIONS = Path(__file__).parents[3] / "functions"
STARTED_TWICE = """
import socket
import threading
import moto.settings
from vedette.aws.stand_in.server import StandIn

chosen = moto.settings.ec2_load_default_amis
for _ in range(2):
    try:
        with StandIn() as stand_in:
            port = int(stand_in.endpoint_url.rpartition(":")[2])
            stand_in.client("s3").create_bucket(Bucket="kept-for-a-moment")
            raise InterruptedError
    except InterruptedError:
        pass
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the port is still open"
    with StandIn() as stand_in:
        assert stand_in.client("s3").list_buckets()["Buckets"] == [], "state outlived its block"
assert moto.settings.ec2_load_default_amis is chosen
assert [one for one in threading.enumerate() if "serve_forever" in one.name] == []
print("clean")
"""


@pytest.fixture
def threads_that_switch_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_it_listens_on_this_machine_alone(stand_in: StandIn) -> None:
    assert stand_in.endpoint_url.startswith(f"http://{LOOPBACK}:")


def test_a_second_one_in_the_process_is_refused(stand_in: StandIn) -> None:
    with pytest.raises(AlreadyRunningError), StandIn():
        pass

    assert stand_in.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_it_has_no_address_before_it_runs() -> None:
    idle = StandIn()

    with pytest.raises(NotRunningError):
        _ = idle.endpoint_url
    with pytest.raises(NotRunningError):
        idle.client("sts")


def test_a_reset_empties_every_account_and_lifts_the_faults(stand_in: StandIn) -> None:
    queues = stand_in.client("sqs")
    queues.create_queue(QueueName="letters")
    analyzers = stand_in.client("accessanalyzer")
    analyzers.create_analyzer(analyzerName="mine", type="ACCOUNT")
    stand_in.faults.deny("sqs:ListQueues")

    stand_in.reset()

    assert stand_in.recorder.total == 0
    assert "QueueUrls" not in queues.list_queues()
    assert analyzers.list_analyzers()["analyzers"] == []


def test_an_account_owns_no_images_and_snapshots_at_first(stand_in: StandIn) -> None:
    ec2 = stand_in.client("ec2")

    assert ec2.describe_images(Owners=["self"])["Images"] == []
    assert ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"] == []
    assert moto.settings.ec2_load_default_amis() is False


@pytest.mark.usefixtures("threads_that_switch_often")
def test_concurrent_writes_are_not_lost(stand_in: StandIn) -> None:
    """A lost update is what moto alone gives when threads switch often."""
    dynamodb = stand_in.client("dynamodb")
    dynamodb.create_table(
        TableName="counters",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def add(_: int) -> None:
        dynamodb.update_item(
            TableName="counters",
            Key={"id": {"S": "one"}},
            UpdateExpression="ADD hits :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(120)))

    found = dynamodb.get_item(TableName="counters", Key={"id": {"S": "one"}})["Item"]
    assert found["hits"] == {"N": "120"}


def test_an_operation_that_nobody_answers_says_so(stand_in: StandIn) -> None:
    with pytest.raises(ClientError) as refused:
        stand_in.client("ec2").get_ebs_default_kms_key_id()

    assert refused.value.response["Error"]["Code"] == "NotImplemented"
    assert "get_ebs_default_kms_key_id" in str(refused.value)


def test_an_s3_control_client_reaches_an_address_without_a_name(stand_in: StandIn) -> None:
    control = stand_in.client("s3control")

    assert control.list_access_points(AccountId="123456789012")["AccessPointList"] == []


def test_a_path_outside_of_aws_gets_an_answer_too(stand_in: StandIn) -> None:
    with urllib.request.urlopen(f"{stand_in.endpoint_url}/moto-api/data.json") as answer:  # noqa: S310
        assert answer.status == 200


def test_stopping_frees_the_port_and_leaves_nothing_behind() -> None:
    """A process of its own, since the tests of this one share a stand-in that runs on."""
    ran = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-X", "dev", "-W", "error", "-c", STARTED_TWICE],
        env={"PYTHONPATH": str(FUNCTIONS), "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (ran.stdout, ran.stderr, ran.returncode) == ("clean\n", "", 0)
