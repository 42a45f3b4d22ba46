"""The findings of the example report, and the rules that they are by."""

from collections.abc import Iterable, Mapping
from typing import TypedDict, Unpack

from pydantic import JsonValue

from vedette.findings.finding import (
    Finding,
    FindingKind,
    ResourceReference,
    Suppressed,
    finding_id,
    parse_control,
)
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.reporting.audit_report import ReportedRule

ACCOUNT = "111122223333"
DENIED = "s3:GetBucketPolicy: AccessDenied"


def rule(title: str, severity: Severity, service: str, *controls: str) -> ReportedRule:
    return ReportedRule(
        title=title,
        why="whoever finds it needs no password; attackers look for exactly this all day.",
        fix="switch the setting on for every resource that is named here.\n"
        f"    aws {service} put-setting --name NAME \\\n        --enabled\n"
        "Then run the audit again.",
        note="applications that rely on the old setting stop working.",
        severity=severity,
        service=service,
        controls=tuple(parse_control(one) for one in controls),
    )


RULES: Mapping[str, ReportedRule] = {
    "iam/root_user_has_no_access_key": rule(
        "Root user has no access key", Severity.CRITICAL, "iam", "cis_aws_7_0:1.3", "fsbp:IAM.4"
    ),
    "vpc/security_group_closes_ssh_to_the_world": rule(
        "Security group does not open SSH to the world", Severity.HIGH, "vpc", "cis_aws_7_0:6.3"
    ),
    "s3/bucket_blocks_public_access": rule(
        "S3 bucket blocks public access", Severity.HIGH, "s3", "cis_aws_7_0:3.1.4", "fsbp:S3.8"
    ),
    "s3/bucket_policy_requires_tls": rule(
        "S3 bucket policy requires TLS", Severity.MEDIUM, "s3", "cis_aws_7_0:3.1.1"
    ),
    "rds/instance_is_encrypted": rule("RDS instance is encrypted", Severity.MEDIUM, "rds"),
    "kms/key_rotates": rule("KMS key rotates every year", Severity.LOW, "kms", "cis_aws_7_0:4.6"),
    "sns/topic_is_encrypted": rule("SNS topic is encrypted", Severity.INFORMATIONAL, "sns"),
    "efs/filesystem_is_encrypted": rule("EFS file system is encrypted", Severity.MEDIUM, "efs"),
}


class Extras(TypedDict, total=False):
    """What a finding may have besides the defaults."""

    verdict: Verdict
    region: str
    tags: dict[str, str] | None
    evidence: dict[str, JsonValue]
    suppressed: Suppressed


def finding(rule_id: str, name: str, reason: str, **extras: Unpack[Extras]) -> Finding:
    described = RULES[rule_id]
    region = extras.get("region", "eu-west-1")
    return Finding(
        id=finding_id(FindingKind.POSTURE, rule_id, ACCOUNT, region, name),
        rule=rule_id,
        title=described.title,
        verdict=extras.get("verdict", Verdict.FAILED),
        severity=described.severity,
        account=ACCOUNT,
        region=region,
        resource=ResourceReference(
            type=f"AWS::{described.service.upper()}::Example",
            id=name,
            arn=f"arn:aws:{described.service}:{region}:{ACCOUNT}:{name}",
            tags=extras.get("tags"),
        ),
        reason=reason,
        controls=described.controls,
        evidence=extras.get("evidence", {}),
        suppressed=extras.get("suppressed"),
    )


def failed() -> Iterable[Finding]:
    yield finding(
        "iam/root_user_has_no_access_key",
        "root",
        "The root user has 1 active access key, last used 3 days ago.",
        region="global",
        evidence={"active_keys": 1, "last_used": "2026-07-05T11:02:00Z"},
    )
    for number in range(1, 4):
        yield finding(
            "vpc/security_group_closes_ssh_to_the_world",
            f"sg-0a1b2c3d4e5f6070{number}",
            "Port 22 is open to 0.0.0.0/0 and ::/0.",
            region=("eu-west-1", "eu-west-1", "us-east-1")[number - 1],
            tags={"Name": f"bastion-{number}", "team": "platform"},
            evidence={"open": [{"protocol": "tcp", "from": 0, "to": 1024, "cidr": "0.0.0.0/0"}]},
        )
    for number in range(1, 17):
        yield finding(
            "s3/bucket_blocks_public_access",
            f"acme-{('web', 'logs', 'invoices-of-all-customers')[number % 3]}-{number:02}",
            "Neither the bucket nor the account blocks public ACLs and public policies.",
            tags={"environment": "production"},
            evidence={"bucket": {"block_public_acls": False, "block_public_policy": False}},
        )
    for name in ("orders", "customers"):
        yield finding("rds/instance_is_encrypted", name, "Storage encryption is off.", tags={})
    yield finding("kms/key_rotates", "9d2f6c1e-5d0b-4a39-9d2f-6c1e5d0b4a39", "Rotation is off.")
    yield finding("sns/topic_is_encrypted", "alarms", "No KMS key is set.", region="us-east-1")


def unknown() -> Iterable[Finding]:
    for number in range(1, 8):
        yield finding(
            "s3/bucket_policy_requires_tls",
            f"acme-vault-{number}",
            DENIED,
            verdict=Verdict.UNKNOWN,
        )
    yield finding(
        "efs/filesystem_is_encrypted",
        "*",
        "elasticfilesystem:DescribeFileSystems: AccessDeniedException",
        verdict=Verdict.UNKNOWN,
        region="us-east-1",
    )


def passed() -> Iterable[Finding]:
    for name in ("acme-backup", "acme-audit"):
        yield finding(
            "s3/bucket_blocks_public_access",
            name,
            "All four settings are on.",
            verdict=Verdict.PASSED,
        )
