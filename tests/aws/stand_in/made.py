"""Makes resources that several tests need."""

import io
import json
import zipfile
from typing import Any

from vedette.aws.stand_in.server import StandIn

REGION = "eu-west-1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def create_function(stand_in: StandIn, name: str) -> Any:
    iam = stand_in.client("iam")
    if not iam.list_roles()["Roles"]:
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("main.py", "def handler(event, context): ...")
    functions = stand_in.client("lambda", REGION)
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::123456789012:role/worker",
        Handler="main.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    return functions


def create_snapshots(stand_in: StandIn, count: int) -> list[str]:
    ec2 = stand_in.client("ec2", REGION)
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    return [ec2.create_snapshot(VolumeId=volume)["SnapshotId"] for _ in range(count)]
