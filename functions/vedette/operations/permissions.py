"""The AWS permissions that Vedette needs, gathered from what the code declares."""

import json
from collections.abc import Iterable
from typing import Any

from vedette.aws.calls import iam_actions
from vedette.aws.collect.catalogue import collectors
from vedette.aws.regions import DESCRIBE_REGIONS

POLICY_VERSION = "2012-10-17"
ALWAYS_CALLED = frozenset({"sts:GetCallerIdentity", DESCRIBE_REGIONS})


def audit_operations() -> frozenset[str]:
    """Return every API operation that an audit may call, as `<boto3 client>:<Operation>`."""
    return ALWAYS_CALLED.union(*(one.operations() for one in collectors()))


def audit_policy() -> dict[str, Any]:
    """Return the least-privilege, read-only IAM policy document for an audit."""
    return _policy("VedetteAuditReads", iam_actions(audit_operations()))


def policy_text(policy: dict[str, Any]) -> str:
    """Return a policy document as text."""
    return json.dumps(policy, indent=2)


def _policy(sid: str, actions: Iterable[str]) -> dict[str, Any]:
    # Listings and account-wide reads know no narrower resource than "*".
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": POLICY_VERSION, "Statement": [statement]}
