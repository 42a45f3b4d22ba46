"""Statements of resource policies: who may, and who may not whatever else is allowed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aws_cdk import aws_iam as iam

EVENTBRIDGE: Final = "events.amazonaws.com"
Conditions = Mapping[str, Mapping[str, Any]]


def allow_service(
    service: str, action: str, resource: str, conditions: Conditions
) -> iam.PolicyStatement:
    """Let an AWS service do something, on the conditions that say for whom it acts."""
    return iam.PolicyStatement(
        actions=[action],
        resources=[resource],
        principals=[iam.ServicePrincipal(service)],
        conditions=conditions,
    )


def deny_everyone(
    sid: str, action: str, resource: str, conditions: Conditions
) -> iam.PolicyStatement:
    """Refuse everyone for whom the conditions hold, administrators among them."""
    return iam.PolicyStatement(
        sid=sid,
        effect=iam.Effect.DENY,
        actions=[action],
        resources=[resource],
        principals=[iam.AnyPrincipal()],
        conditions=conditions,
    )


def deny_others(
    sid: str, action: str, resource: str, principals: Sequence[str]
) -> iam.PolicyStatement:
    """Refuse everyone but the roles of these ARNs."""
    others = {"ArnNotEquals": {"aws:PrincipalArn": list(principals)}}
    return deny_everyone(sid, action, resource, others)


def from_rules(rules: Sequence[str], account: str) -> Conditions:
    """Hold for EventBridge when it acts for these rules of this account.

    Source: EventBridge User Guide, resource-based policies: SQS permissions.
    """
    return {
        "ArnEquals": {"aws:SourceArn": list(rules)},
        "StringEquals": {"aws:SourceAccount": account},
    }


def not_from_rules(rules: Sequence[str]) -> Conditions:
    """Hold for whoever does not act for one of these rules: no caller can set the source itself."""
    return {"ArnNotEquals": {"aws:SourceArn": list(rules)}}
