"""GuardDuty's findings.

Source: Amazon GuardDuty User Guide, "Processing GuardDuty findings with Amazon EventBridge".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vedette.detection.event.record import text_at
from vedette.findings.finding import ResourceReference
from vedette.findings.verdict import Verdict
from vedette.operations.envelopes import Envelope
from vedette.operations.intake_signals import (
    Signal,
    first,
    reference,
    required,
    severity_of_score,
)

SERVICE: Final = "guardduty"
_ACTIONS: Final = (
    "awsApiCallAction",
    "networkConnectionAction",
    "kubernetesApiCallAction",
    "rdsLoginAttemptAction",
)
# By member of `resource`: the type, and the members that hold ARN and id.
_DETAILS: Final[Mapping[str, tuple[str, str | None, str]]] = {
    "instanceDetails": ("AWS::EC2::Instance", None, "instanceId"),
    "eksClusterDetails": ("AWS::EKS::Cluster", "arn", "name"),
    "ecsClusterDetails": ("AWS::ECS::Cluster", "arn", "name"),
    "rdsDbInstanceDetails": ("AWS::RDS::DBInstance", "dbInstanceArn", "dbInstanceIdentifier"),
    "lambdaDetails": ("AWS::Lambda::Function", "functionArn", "functionName"),
}
_ROLES: Final = frozenset({"AssumedRole", "Role"})


def guardduty_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield the finding of an event. Raises UnreadableSignalError."""
    detail = envelope.detail
    service = detail.get("service")
    told: Mapping[str, Any] = service if isinstance(service, dict) else {}
    extra = told.get("additionalInfo")
    yield Signal(
        service=SERVICE,
        key=required(detail, "id"),
        kind=required(detail, "type"),
        title=text_at(detail, "title") or "",
        description=text_at(detail, "description") or "",
        severity=severity_of_score(detail.get("severity")),
        account=text_at(detail, "accountId") or envelope.account,
        region=text_at(detail, "region") or envelope.region,
        verdict=Verdict.PASSED if told.get("archived") is True else Verdict.FAILED,
        resource=_resource(detail),
        principal=_principal(detail),
        source_ip=_source_ip(told.get("action")),
        is_sample=isinstance(extra, dict) and extra.get("sample") is True,
        evidence={
            "id": text_at(detail, "id"),
            "arn": text_at(detail, "arn"),
            "access_key": text_at(detail, "resource", "accessKeyDetails", "accessKeyId"),
            "action": text_at(told, "action", "actionType"),
            "api": text_at(told, "action", "awsApiCallAction", "api"),
            "first_seen": text_at(told, "eventFirstSeen"),
        },
    )


def _resource(detail: Mapping[str, Any]) -> ResourceReference | None:
    told = detail.get("resource")
    resource: Mapping[str, Any] = told if isinstance(told, dict) else {}
    bucket = first(resource.get("s3BucketDetails"))
    if name := text_at(bucket, "name"):
        return reference("AWS::S3::Bucket", text_at(bucket, "arn"), name)
    for member, (kind, arn, identity) in _DETAILS.items():
        if name := text_at(resource, member, identity):
            known = text_at(resource, member, arn) if arn else _instance_arn(detail, name)
            return reference(kind, known, name)
    user = text_at(resource, "accessKeyDetails", "userName")
    if user is None:
        return None
    kind = "Role" if text_at(resource, "accessKeyDetails", "userType") in _ROLES else "User"
    return reference(f"AWS::IAM::{kind}", _principal(detail), user)


def _instance_arn(detail: Mapping[str, Any], instance: str) -> str:
    partition = text_at(detail, "partition") or "aws"
    place = f"{text_at(detail, 'region') or ''}:{text_at(detail, 'accountId') or ''}"
    return f"arn:{partition}:ec2:{place}:instance/{instance}"


def _principal(detail: Mapping[str, Any]) -> str | None:
    key = ("resource", "accessKeyDetails")
    kind, name = text_at(detail, *key, "userType"), text_at(detail, *key, "userName")
    account = text_at(detail, "accountId")
    if name is None or account is None:
        return None
    partition = text_at(detail, "partition") or "aws"
    if kind == "Root":
        return f"arn:{partition}:iam::{account}:root"
    return f"arn:{partition}:iam::{account}:{'role' if kind in _ROLES else 'user'}/{name}"


def _source_ip(action: object) -> str | None:
    if not isinstance(action, dict):
        return None
    told = [action.get(name) for name in _ACTIONS]
    probe = action.get("portProbeAction")
    if isinstance(probe, dict):
        told.append(first(probe.get("portProbeDetails")))
    found = (text_at(one, "remoteIpDetails", "ipAddressV4") for one in told)
    return next((one for one in found if one), None)
