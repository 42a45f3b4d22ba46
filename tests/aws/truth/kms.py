"""Keys that rotate or do not, that are leaving, and whose policies admit many or few."""

import json
from typing import Any

from tests.aws.named import world_by_name
from tests.aws.truth.world import ACCOUNT, Aws


def policy(principal: Any, **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


def create_keys(aws: Aws) -> dict[str, str]:
    own_callers = {"StringEquals": {"kms:CallerAccount": ACCOUNT}}
    any_caller = {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    settings: dict[str, dict[str, str]] = {
        "rotating": {},
        "static": {},
        "signing": {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"},
        "leaving": {},
        "own-callers": {"Policy": policy("*", Condition=own_callers)},
        "any-caller": {"Policy": policy({"AWS": "*"}, Condition=any_caller)},
    }
    kms = aws("kms")
    ids = {
        name: kms.create_key(**chosen)["KeyMetadata"]["KeyId"] for name, chosen in settings.items()
    }
    kms.enable_key_rotation(KeyId=ids["rotating"])
    kms.schedule_key_deletion(KeyId=ids["leaving"], PendingWindowInDays=7)
    return ids


WORLDS = (
    world_by_name(
        "keys",
        create_keys,
        {
            "kms/key_rotates_automatically": {"rotating": "PASSED", "static": "FAILED"},
            "kms/key_is_not_scheduled_for_deletion": {
                "rotating": "PASSED",
                "signing": "PASSED",
                "leaving": "FAILED",
            },
            "kms/key_policy_is_not_public": {
                "rotating": "PASSED",
                "signing": "PASSED",
                "own-callers": "PASSED",
                "any-caller": "FAILED",
            },
        },
    ),
)
