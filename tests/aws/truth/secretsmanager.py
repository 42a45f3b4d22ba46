"""Secrets with and without rotation and policies."""

import json

from tests.aws.named import world_by_name
from tests.aws.truth.world import ACCOUNT, Aws

NAMES = ("rotating", "static", "open", "prod/shared")


def put_policy(aws: Aws, name: str, principal: object) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("secretsmanager").put_resource_policy(SecretId=name, ResourcePolicy=policy)


def create_secrets(aws: Aws) -> dict[str, str]:
    client = aws("secretsmanager")
    arns = {name: client.create_secret(Name=name, SecretString="hunter2")["ARN"] for name in NAMES}
    client.rotate_secret(
        SecretId="rotating",
        RotationRules={"AutomaticallyAfterDays": 30},
        RotateImmediately=False,
    )
    put_policy(aws, "open", "*")
    put_policy(aws, "prod/shared", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    return {name: arn.partition(":secret:")[2] for name, arn in arns.items()}


WORLDS = (
    world_by_name(
        "secrets",
        create_secrets,
        {
            "secretsmanager/secret_rotates_automatically": {
                "rotating": "PASSED",
                "static": "FAILED",
            },
            "secretsmanager/secret_policy_is_not_public": {
                "static": "PASSED",
                "prod/shared": "PASSED",
                "open": "FAILED",
            },
        },
    ),
)
