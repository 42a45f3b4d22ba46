"""The handlers of events, people and the canary: what they import, need and write into the log."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.aws.stores.made import make_table
from tests.operations.detecting import batch, envelope, failed
from tests.operations.hunting import ACCOUNT, event
from tests.operations.signalling import guardduty
from vedette.aws.stores import tables
from vedette.configuration.loader import load_configuration
from vedette.operations.deployed_content import deployed_documents

ROOT: Final = Path(__file__).parents[2]
KEPT_OUT: Final = {
    *("yaml", "sigma", "rich", "jinja2", "typer", "moto", "aws_xray_sdk"),
    *("vedette.posture", "vedette.reporting", "vedette.cli", "vedette.aws.collect"),
}
SETTINGS: Final = {
    "VEDETTE_FINDINGS_TABLE": "findings",
    "VEDETTE_STATE_TABLE": "state",
    "VEDETTE_CANARY_BUCKET": "hub-canary",
    "VEDETTE_ACCOUNTS": json.dumps([ACCOUNT]),
}
AWS: Final = {
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
# Runs one handler as Lambda does: events come one a line, answers go one a line.
PROGRAM: Final = """
import importlib, json, sys
module = importlib.import_module("vedette.handlers." + sys.argv[1])
modules = list(sys.modules)
answers = []
for line in sys.stdin:
    answers.append(module.handler(json.loads(line), None))
print("RESULT" + json.dumps({"modules": modules, "answers": answers}))
"""


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the code as it is deployed."""
    root = tmp_path_factory.mktemp("asset")
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "functions" / "vedette", root / "vedette", ignore=left_out)
    for name, content in deployed_documents(load_configuration(None)).items():
        (root / name).write_bytes(content)
    return root


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    dynamodb = boto3.client(
        "dynamodb",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
    )
    make_table(dynamodb, "findings", tables.FINDINGS)
    make_table(dynamodb, "state", tables.STATE)
    yield url
    server.stop()


class Ran:
    """One process of a function."""

    def __init__(self, asset: Path, name: str, events: list[Any], **environment: str) -> None:
        ran = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM, name],
            input="".join(json.dumps(one) + "\n" for one in events),
            capture_output=True,
            check=False,
            text=True,
            cwd=asset,
            env={"PYTHONPATH": str(asset), "PATH": os.defpath} | AWS | environment,
            timeout=120,
        )
        self.code, self.stderr = ran.returncode, ran.stderr
        lines = ran.stdout.splitlines()
        results = [line.removeprefix("RESULT") for line in lines if line.startswith("RESULT")]
        self.log = [json.loads(line) for line in lines if not line.startswith("RESULT")]
        self.result = json.loads(results[0]) if results else {}


@pytest.mark.parametrize("name", ["detect", "intake", "act", "canary"])
def test_a_handler_imports_nothing_that_a_function_must_not(asset: Path, name: str) -> None:
    imported = set(Ran(asset, name, []).result["modules"])

    assert f"vedette.handlers.{name}" in imported
    assert imported & KEPT_OUT == set()


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("detect", "VEDETTE_FINDINGS_TABLE"),
        ("intake", "VEDETTE_ACCOUNTS"),
        ("act", "VEDETTE_FINDINGS_TABLE"),
        ("canary", "VEDETTE_CANARY_BUCKET"),
    ],
)
def test_a_handler_without_its_settings_names_them(asset: Path, name: str, missing: str) -> None:
    ran = Ran(asset, name, [{}])

    assert ran.code != 0
    assert f"DeployedSettingsError: {name.capitalize()}Settings: " in ran.stderr
    assert missing in ran.stderr


def test_deployed_code_without_its_rules_says_so(asset: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(asset, bare)
    (bare / "rules.json").unlink()

    ran = Ran(bare, "detect", [{}], **SETTINGS)

    assert ran.code != 0
    assert "rules.json cannot be read" in ran.stderr


def test_an_attack_is_detected_listed_and_acknowledged(asset: Path, endpoint: str) -> None:
    environment = SETTINGS | {"AWS_ENDPOINT_URL": endpoint}
    stopped = envelope(event(1))
    detected = Ran(asset, "detect", [batch([stopped, "{"]), batch([stopped])], **environment)
    signalled = Ran(asset, "intake", [batch([guardduty()])], **environment)
    iam = {"userArn": f"arn:aws:iam::{ACCOUNT}:user/alice", "accountId": ACCOUNT}
    asked = {"routeKey": "GET /findings", "requestContext": {"authorizer": {"iam": iam}}}

    assert [failed(one) for one in detected.result["answers"]] == [[], []], detected.log
    assert [failed(one) for one in signalled.result["answers"]] == [[]], signalled.log
    listed = Ran(asset, "act", [asked], **environment).result["answers"][0]
    found = json.loads(listed["body"])["findings"]
    rules = {one["rule"] for one in found}
    assert "guardduty/UnauthorizedAccess:EC2/SSHBruteForce" in rules
    (trail,) = (one for one in found if one["rule"].startswith("defense_evasion/"))
    assert trail["events"]["count"] == 1

    act = {
        "routeKey": "POST /findings/{id}/{action}",
        "pathParameters": {"id": trail["id"], "action": "ack"},
    }
    done = Ran(asset, "act", [asked | act], **environment).result["answers"][0]
    assert json.loads(done["body"])["status"] == "acknowledged"


def test_the_log_holds_lines_of_json_and_few_metrics(asset: Path, endpoint: str) -> None:
    ran = Ran(asset, "detect", [batch(["{"])], **SETTINGS, AWS_ENDPOINT_URL=endpoint)

    metrics = [line for line in ran.log if "_aws" in line]
    assert [one["UnreadableEvents"] for one in metrics] == [1]
    (directive,) = metrics[0]["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Vedette", [[]])
    assert {line.get("reason") for line in ran.log} >= {"not JSON"}


def test_the_canary_says_if_what_must_be_denied_is_allowed(asset: Path, endpoint: str) -> None:
    s3 = boto3.client(
        "s3",
        region_name="eu-west-1",
        endpoint_url=endpoint,
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - moto verifies no signature
    )
    s3.create_bucket(
        Bucket="hub-canary", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    s3.put_bucket_tagging(Bucket="hub-canary", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})

    ran = Ran(asset, "canary", [{}], **SETTINGS, AWS_ENDPOINT_URL=endpoint)

    assert ran.code != 0
    assert "CanaryCallError: s3:GetBucketTagging was allowed" in ran.stderr
    assert s3.get_bucket_ownership_controls(Bucket="hub-canary")["OwnershipControls"] == {
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
    }
