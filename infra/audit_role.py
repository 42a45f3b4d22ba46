"""The role as which the hub reads an account: read-only, for the hub's roles alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.acknowledged import acknowledge
from infra.bus import ROLE_PATH

# Known across accounts: the hub names it before it has ever seen the account.
AUDIT_ROLE: Final = "vedette-audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Who may read an account: roles of the hub's account, by ARN, that know the external id."""

    hub: str
    auditors: Sequence[str]
    external_id: str


class AuditRole(Construct):
    """The trust names the hub's account, its roles by ARN, and the external id.

    The roles stand in a condition, not as principals: a principal that is deleted and made again
    would be another one, and the trust would be broken until it is written again.
    """

    def __init__(
        self, scope: Construct, name: str, *, trust: Trust, policy: Mapping[str, Any]
    ) -> None:
        """`policy` is the document of the calls that an audit makes."""
        super().__init__(scope, name)
        stack = Stack.of(self)
        root = f"arn:{stack.partition}:iam::{trust.hub}:root"
        conditions = {
            "ArnEquals": {"aws:PrincipalArn": trust.auditors},
            "StringEquals": {"sts:ExternalId": trust.external_id},
        }
        self.role = iam.CfnRole(
            self,
            "Role",
            role_name=AUDIT_ROLE,
            path=ROLE_PATH,
            description="Vedette: reads settings, neither data nor secrets",
            max_session_duration=3600,
            assume_role_policy_document={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": root},
                        "Action": "sts:AssumeRole",
                        "Condition": conditions,
                    }
                ],
            },
            policies=[iam.CfnRole.PolicyProperty(policy_name="AuditReads", policy_document=policy)],
        )
        acknowledge(
            self.role,
            "IAM5",
            "An audit lists and reads all resources; every action is named, and none writes.",
            "Resource::*",
        )


def audit_role_arn(stack: Stack, account: str) -> str:
    """Return the ARN of an account's audit role."""
    return f"arn:{stack.partition}:iam::{account}:role{ROLE_PATH}{AUDIT_ROLE}"
