"""Findings of cdk-nag that we accept, each with its reason, beside what they are about."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str, *findings: str) -> None:
    """Accept a rule of the AwsSolutions pack for a construct, or only some of its findings."""
    ids = [f"AwsSolutions-{rule}[{one}]" for one in findings] or [f"AwsSolutions-{rule}"]
    for one in ids:
        Validations.of(construct).acknowledge(Acknowledgment(id=one, reason=reason))
