"""A sweep is written as a list and started once, whatever is repeated."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from vedette.aws.sweep_machine import Ended, MachineError, SweepMachine

ROLE = "arn:aws:iam::123456789012:role/machine"
UNITS = [{"account": "123456789012", "region": "global", "global": True}]


class Machine:
    """A state machine in moto, and what starts it."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3")
        self.s3.create_bucket(
            Bucket="lists", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        self.stepfunctions = boto3.client("stepfunctions")
        definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
        self.arn = self.stepfunctions.create_state_machine(
            name="sweeps", definition=json.dumps(definition), roleArn=ROLE
        )["stateMachineArn"]

    def sweeps(self, bucket: str = "lists") -> SweepMachine:
        return SweepMachine(self.s3, self.stepfunctions, bucket=bucket, machine=self.arn)

    def executions(self) -> list[Any]:
        listed = self.stepfunctions.list_executions(stateMachineArn=self.arn)
        return list(listed["executions"])


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield Machine()


def test_a_sweep_is_started_over_the_list_that_is_written(machine: Machine) -> None:
    execution = machine.sweeps().start("first", UNITS)

    told = machine.stepfunctions.describe_execution(executionArn=execution)
    assert told["name"] == "first"
    given = json.loads(told["input"])
    assert given["sweep"] == "first"
    stored = machine.s3.get_object(Bucket="lists", Key=given["key"])["Body"].read()
    assert json.loads(stored) == UNITS


def test_a_sweep_that_is_started_twice_runs_once(machine: Machine) -> None:
    first = machine.sweeps().start("first", UNITS)

    assert machine.sweeps().start("first", UNITS) == first
    assert len(machine.executions()) == 1


def test_what_became_of_a_sweep_is_told(machine: Machine) -> None:
    execution = machine.sweeps().start("first", UNITS)
    assert machine.sweeps().ended(execution) is Ended.RUNNING

    machine.stepfunctions.stop_execution(executionArn=execution)
    assert machine.sweeps().ended(execution) is Ended.FAILED


def test_a_sweep_that_aws_has_forgotten_is_told_as_such(machine: Machine) -> None:
    execution = machine.sweeps().start("first", UNITS)

    assert machine.sweeps().ended(f"{execution}-other") is Ended.FORGOTTEN


def test_a_list_that_cannot_be_written_starts_nothing(machine: Machine) -> None:
    with pytest.raises(MachineError, match="did not start"):
        machine.sweeps(bucket="absent").start("first", UNITS)
    assert not machine.executions()
