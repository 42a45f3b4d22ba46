"""Short ways to write policies in the tests."""

from typing import Any

from vedette.resources.policy.document import PolicyDocument, Statement
from vedette.resources.policy.exposure import Exposure, find_exposure
from vedette.resources.policy.parsing import parse_policy

OWNER = "111122223333"
PARTNER = "444455556666"
STRANGER = "999988887777"
BUCKET = "arn:aws:s3:::ledger"
OBJECTS = f"{BUCKET}/*"


def policy(*statements: dict[str, Any]) -> PolicyDocument:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any = "s3:GetObject", resource: Any = OBJECTS, **elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **elements}


def deny(
    action: Any = "s3:*", resource: Any = (BUCKET, OBJECTS), **elements: Any
) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": list(resource), **elements}


def public(action: Any = "s3:GetObject", **elements: Any) -> dict[str, Any]:
    return allow(action, Principal="*", **elements)


def exposure(*statements: dict[str, Any]) -> Exposure:
    return find_exposure(policy(*statements), owner=OWNER, trusted_accounts={PARTNER})


def statement(written: dict[str, Any]) -> Statement:
    return policy(written).statements[0]
