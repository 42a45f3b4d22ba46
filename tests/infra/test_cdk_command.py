"""The CDK's command deploys and removes the hub, against a stand-in for AWS."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from infra.functions import SHAPES
from tests.infra.conftest import Synthesis
from vedette.operations.deployment import CDK

REGION = "us-east-1"
ACCOUNT = "123456789012"
NOBODY = {
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_REGION": REGION,
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("localhost", 0))
        return int(server.getsockname()[1])


def environment() -> dict[str, str]:
    return {**os.environ, **NOBODY}  # noqa: TID251 - programs need PATH and HOME


@pytest.fixture
def aws() -> Iterator[str]:
    """Start a stand-in in a process of its own: it warns of what it does not know."""
    port = free_port()
    program = str(Path(sys.executable).with_name("moto_server"))
    # moto finds a bucket in a path of an address at `localhost` alone.
    server = subprocess.Popen(  # noqa: S603
        [program, "-H", "localhost", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    try:
        _wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the stand-in does not start")


def cdk(address: str, *arguments: str) -> None:
    npx = shutil.which("npx")
    assert npx
    done = subprocess.run(  # noqa: S603
        [npx, "--yes", CDK, "--no-notices", *arguments],
        env=environment() | {"AWS_ENDPOINT_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("npx") is None, reason="npx is not installed")
def test_the_hub_is_deployed_and_removed(aws: str, plain: Synthesis) -> None:
    app = ("--app", str(plain.folder))
    session = boto3.Session("nobody", "nothing", region_name=REGION)
    stacks = session.client("cloudformation", endpoint_url=aws)
    functions = session.client("lambda", endpoint_url=aws)

    cdk(aws, "bootstrap", f"aws://{ACCOUNT}/{REGION}", *app)
    cdk(aws, "deploy", "--all", "--require-approval", "never", *app)

    deployed = {one["StackName"]: one for one in stacks.describe_stacks()["Stacks"]}
    made = {one["Handler"].split(".")[2]: one for one in functions.list_functions()["Functions"]}
    told = made["detect"]["Environment"]["Variables"]
    # The member's stack is a StackSet's to deploy.
    assert set(deployed) == {"CDKToolkit", "Vedette"}
    assert deployed["Vedette"]["StackStatus"] == "CREATE_COMPLETE"
    assert set(made) == set(SHAPES)
    assert told["VEDETTE_ACCOUNTS"] == f'["{ACCOUNT}"]'
    assert told["VEDETTE_CANARY_ROLE"].startswith(f"arn:aws:iam::{ACCOUNT}:role/")
    assert all(one["CodeSize"] > 0 for one in made.values())

    cdk(aws, "destroy", "--all", "--force", *app)

    left = {one["StackName"] for one in stacks.describe_stacks()["Stacks"]}
    assert left == {"CDKToolkit"}
