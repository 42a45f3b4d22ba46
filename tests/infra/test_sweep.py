"""The sweep's machine, running: moto's interpreter, a list in S3, and a function that may fail."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction

from infra.sweep import machine_definition
from tests.infra.machines import runnable

REGION = "us-east-1"
UNITS = [
    {"account": "111122223333", "region": name, "global": name == "global"}
    for name in ("global", "eu-west-1", "us-east-1")
]


class Swept:
    """Stands for the function: notes what it was given, breaks or fails to read in some regions."""

    def __init__(self, *, breaking: str = "", unreadable: str = "") -> None:
        self.breaking = breaking
        self.unreadable = unreadable
        self.events: list[Any] = []

    def invoke(self, told: dict[str, Any]) -> tuple[str, bool, str]:
        self.events.append(told)
        regions = [one["region"] for one in told["Items"]]
        if self.breaking in regions:
            return json.dumps({"errorType": "Broken", "errorMessage": "it broke"}), True, ""
        return json.dumps({"failed": self.unreadable in regions, "units": []}), False, ""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Swept], None]]:
    def invoke_by(swept: Swept) -> None:
        monkeypatch.setattr(
            LambdaFunction, "_invoke_lambda", lambda _, event=None: swept.invoke(event)
        )

    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield invoke_by


def run(units: list[dict[str, Any]]) -> str:
    """Run a sweep of units to its end, and return how it ended."""
    machines = boto3.client("stepfunctions", region_name=REGION)
    bucket = boto3.client("s3", region_name=REGION)
    bucket.create_bucket(Bucket="lists")
    bucket.put_object(Bucket="lists", Key="s1.json", Body=json.dumps(units).encode())
    definition = machine_definition(partition="aws", function=_function(), bucket="lists")
    machine = machines.create_state_machine(
        name="sweep",
        definition=json.dumps(runnable(definition)),
        roleArn="arn:aws:iam::123456789012:role/sweep",
    )["stateMachineArn"]
    execution = machines.start_execution(
        stateMachineArn=machine, name="s1", input=json.dumps({"sweep": "s1", "key": "s1.json"})
    )["executionArn"]
    for _ in range(200):
        status = str(machines.describe_execution(executionArn=execution)["status"])
        if status != "RUNNING":
            return status
        time.sleep(0.05)
    raise TimeoutError("the sweep does not end")


def _function() -> str:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("empty.py", "")
    role = boto3.client("iam").create_role(RoleName="sweep", AssumeRolePolicyDocument="{}")
    created = boto3.client("lambda", region_name=REGION).create_function(
        FunctionName="sweep",
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="empty.handler",
        Code={"ZipFile": code.getvalue()},
    )
    return created["FunctionArn"]


def test_every_unit_reaches_the_function_with_the_sweep_s_id(
    aws: Callable[[Swept], None],
) -> None:
    swept = Swept()
    aws(swept)

    assert run(UNITS) == "SUCCEEDED"
    assert {one["sweep"] for one in swept.events} == {"s1"}
    told = [unit for one in swept.events for unit in one["Items"]]
    assert sorted(told, key=json.dumps) == sorted(UNITS, key=json.dumps)


@pytest.mark.parametrize(
    "swept", [Swept(breaking="global"), Swept(unreadable="global")], ids=["breaks", "cannot read"]
)
def test_a_batch_that_fails_stops_no_other_and_is_not_overlooked(
    aws: Callable[[Swept], None], swept: Swept
) -> None:
    aws(swept)

    assert run(UNITS) == "FAILED"
    told = {unit["region"] for one in swept.events for unit in one["Items"]}
    assert told == {"global", "eu-west-1", "us-east-1"}


def test_a_sweep_of_nothing_succeeds(aws: Callable[[Swept], None]) -> None:
    swept = Swept()
    aws(swept)

    assert run([]) == "SUCCEEDED"
    assert swept.events == []
