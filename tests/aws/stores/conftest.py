"""A DynamoDB with the tables of the stores, empty for each test."""

import sys
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from tests.aws.stores.locked_dynamodb import one_at_a_time
from tests.aws.stores.made import Counting, make_table
from vedette.aws.stores import tables


@pytest.fixture
def client() -> Iterator[Counting]:
    with mock_aws(), one_at_a_time():
        dynamodb = boto3.client(
            "dynamodb",
            region_name="eu-west-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
            config=Config(max_pool_connections=40),
        )
        make_table(dynamodb, "findings", tables.FINDINGS)
        make_table(dynamodb, "state", tables.STATE)
        yield Counting(dynamodb)


@pytest.fixture
def hostile_threads() -> Iterator[None]:
    """Switch between threads as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
