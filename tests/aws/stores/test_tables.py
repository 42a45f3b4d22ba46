"""The tables as data: what the infrastructure makes is what the stores use."""

import subprocess
import sys

from tests.aws.stores.made import Counting
from vedette.aws.stores import tables


def test_the_description_needs_nothing_of_aws() -> None:
    program = (
        "import sys, vedette.aws.stores.tables\n"
        "assert not {'boto3', 'botocore', 'pydantic'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": "functions"})  # noqa: S603


def test_dynamodb_takes_the_description(client: Counting) -> None:
    findings = client.describe_table(TableName="findings")["Table"]

    indexes = findings["GlobalSecondaryIndexes"]
    assert {one["IndexName"] for one in indexes} == {
        "open_by_severity",
        "by_resource",
        "by_account_and_rule",
        "unannounced",
    }
    assert {one["Projection"]["ProjectionType"] for one in indexes} == {"KEYS_ONLY"}


def test_only_what_may_be_forgotten_expires() -> None:
    assert tables.FINDINGS.expiry is None
    assert tables.STATE.expiry == "expires"
