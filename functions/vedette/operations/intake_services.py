"""Findings of Inspector, Macie, IAM Access Analyzer and AWS Health.

Sources: the pages on EventBridge events in the user guides of Amazon Inspector, Amazon Macie, IAM
and AWS Health.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from vedette.detection.event.record import text_at
from vedette.findings.finding import ResourceReference
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.operations.envelopes import Envelope
from vedette.operations.intake_signals import (
    Signal,
    UnreadableSignalError,
    first,
    last_part,
    objects,
    reference,
    required,
    severity_named,
)

MOST_ENTITIES: Final = 100
ABUSE: Final = "AWS Health Abuse Event"
EXPOSED: Final = "AWS_RISK_CREDENTIALS_EXPOSED"
_OPEN: Final = frozenset({"ACTIVE", "OPEN"})
# Of Health's services those that tell of risk and abuse; others tell of AWS's own operation.
_SECURITY: Final = frozenset({"RISK", "ABUSE", "SECURITY"})
_INSPECTED: Final[Mapping[str, str]] = {
    "AWS_EC2_INSTANCE": "AWS::EC2::Instance",
    "AWS_ECR_CONTAINER_IMAGE": "AWS::ECR::Repository",
    "AWS_ECR_REPOSITORY": "AWS::ECR::Repository",
    "AWS_LAMBDA_FUNCTION": "AWS::Lambda::Function",
}


def inspector_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield the finding of an event. Raises UnreadableSignalError."""
    detail = envelope.detail
    resource = first(detail.get("resources"))
    kind, identity = text_at(resource, "type"), text_at(resource, "id")
    yield Signal(
        service="inspector",
        key=last_part(required(detail, "findingArn")),
        kind=text_at(detail, "type") or "finding",
        title=text_at(detail, "title") or "",
        description=text_at(detail, "description") or "",
        # What nobody has rated yet may be bad.
        severity=severity_named(text_at(detail, "severity"), Severity.MEDIUM),
        account=text_at(detail, "awsAccountId") or envelope.account,
        region=envelope.region,
        verdict=_standing(text_at(detail, "status")),
        resource=reference(_INSPECTED.get(kind or "", kind or "resource"), identity),
        evidence={
            "arn": text_at(detail, "findingArn"),
            "vulnerability": text_at(detail, "packageVulnerabilityDetails", "vulnerabilityId"),
            "exploit": text_at(detail, "exploitAvailable"),
            "fix": text_at(detail, "fixAvailable"),
        },
    )


def macie_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield the finding of an event. Raises UnreadableSignalError."""
    detail = envelope.detail
    bucket = ("resourcesAffected", "s3Bucket")
    yield Signal(
        service="macie",
        key=required(detail, "id"),
        kind=required(detail, "type"),
        title=text_at(detail, "title") or "",
        description=text_at(detail, "description") or "",
        severity=severity_named(text_at(detail, "severity", "description")),
        account=text_at(detail, "accountId") or envelope.account,
        region=text_at(detail, "region") or envelope.region,
        verdict=Verdict.PASSED if detail.get("archived") is True else Verdict.FAILED,
        resource=reference(
            "AWS::S3::Bucket", text_at(detail, *bucket, "arn"), text_at(detail, *bucket, "name")
        ),
        is_sample=detail.get("sample") is True,
        evidence={
            "id": text_at(detail, "id"),
            "object": text_at(detail, "resourcesAffected", "s3Object", "key"),
            "category": text_at(detail, "category"),
        },
    )


def access_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield the finding of an event: access from outside, or access that nobody uses."""
    detail = envelope.detail
    identity = text_at(detail, "id") or text_at(detail, "findingId")
    if identity is None:
        raise UnreadableSignalError("no id")
    public, unused = detail.get("isPublic") is True, "Unused" in envelope.kind
    arn = required(detail, "resource")
    external = "public" if public else "open to somebody outside"
    said = "Somebody's access is not used" if unused else f"A resource is {external}"
    serious = Severity.HIGH if public else Severity.LOW if unused else Severity.MEDIUM
    yield Signal(
        service="access-analyzer",
        key=identity,
        kind=text_at(detail, "findingType") or ("unused" if unused else "external"),
        title=said,
        description=f"{said}: {arn}.",
        severity=serious,
        account=text_at(detail, "accountId") or envelope.account,
        region=text_at(detail, "region") or envelope.region,
        verdict=_standing(text_at(detail, "status")),
        gone=detail.get("isDeleted") is True,
        resource=reference(text_at(detail, "resourceType") or "resource", arn),
        evidence={
            "id": identity,
            "principal": detail.get("principal"),
            "action": detail.get("action"),
            "condition": detail.get("condition"),
        },
    )


def health_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield one finding for each thing affected; nothing of what is no matter of security."""
    detail = envelope.detail
    service, code = text_at(detail, "service") or "", required(detail, "eventTypeCode")
    if envelope.kind != ABUSE and service not in _SECURITY:
        return
    entities = objects(detail.get("affectedEntities"), MOST_ENTITIES) or [{}]
    for entity in entities:
        yield _health_signal(envelope, code, text_at(entity, "entityValue"))


def _health_signal(envelope: Envelope, code: str, entity: str | None) -> Signal:
    detail = envelope.detail
    exposed = code == EXPOSED
    closed = text_at(detail, "statusCode") == "closed"
    event = text_at(detail, "eventArn") or envelope.id
    return Signal(
        service="health",
        key=f"{event}#{entity or ''}",
        kind=code,
        title="Credentials are exposed" if exposed else f"AWS tells of {code}",
        description=text_at(first(detail.get("eventDescription")), "latestDescription") or "",
        severity=Severity.CRITICAL if exposed else Severity.HIGH,
        account=text_at(detail, "affectedAccount") or envelope.account,
        region=text_at(detail, "eventRegion") or envelope.region,
        verdict=Verdict.PASSED if closed else Verdict.FAILED,
        resource=_affected(entity, exposed=exposed),
        evidence={
            "event": event,
            "affected": entity,
            "category": text_at(detail, "eventTypeCategory"),
        },
    )


def _affected(entity: str | None, *, exposed: bool) -> ResourceReference | None:
    if entity is None:
        return None
    return reference("AWS::IAM::AccessKey" if exposed else "resource", entity, entity)


def _standing(status: str | None) -> Verdict:
    """What is archived, closed or suppressed has been settled in the service itself."""
    return Verdict.FAILED if (status or "ACTIVE").upper() in _OPEN else Verdict.PASSED
