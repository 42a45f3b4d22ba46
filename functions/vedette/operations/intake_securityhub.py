"""Findings that Security Hub relays, in ASFF and in OCSF, or that its own controls make.

What GuardDuty, Inspector and Macie found is told by them as well: it gets the same key here, so
both make one finding.

Sources: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)"; OCSF schema, "Finding".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vedette.detection.event.record import text_at
from vedette.findings.finding import ResourceReference
from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.operations.envelopes import Envelope
from vedette.operations.intake_signals import (
    Signal,
    first,
    last_part,
    objects,
    reference,
    required,
    severity_named,
    severity_of_score,
)

MOST_FINDINGS: Final = 100
_OURS: Final = "vedette"
_AWS: Final = "aws"
_KEYED_BY_LAST_PART: Final = frozenset({"guardduty", "inspector", "macie"})
_SETTLED: Final = frozenset({"RESOLVED", "SUPPRESSED"})
# Types in ASFF that are not made of their CloudFormation type by dropping the colons.
# Source: AWS Security Hub User Guide, "Resources ASFF object".
_TYPES: Final[Mapping[str, str]] = {
    "AwsApiGatewayRestApi": "AWS::ApiGateway::RestApi",
    "AwsAutoScalingAutoScalingGroup": "AWS::AutoScaling::AutoScalingGroup",
    "AwsCloudFrontDistribution": "AWS::CloudFront::Distribution",
    "AwsCloudTrailTrail": "AWS::CloudTrail::Trail",
    "AwsDynamoDbTable": "AWS::DynamoDB::Table",
    "AwsEc2Instance": "AWS::EC2::Instance",
    "AwsEc2SecurityGroup": "AWS::EC2::SecurityGroup",
    "AwsEc2Subnet": "AWS::EC2::Subnet",
    "AwsEc2Volume": "AWS::EC2::Volume",
    "AwsEc2Vpc": "AWS::EC2::VPC",
    "AwsEcrContainerImage": "AWS::ECR::Repository",
    "AwsEcsCluster": "AWS::ECS::Cluster",
    "AwsEksCluster": "AWS::EKS::Cluster",
    "AwsIamRole": "AWS::IAM::Role",
    "AwsIamUser": "AWS::IAM::User",
    "AwsKmsKey": "AWS::KMS::Key",
    "AwsLambdaFunction": "AWS::Lambda::Function",
    "AwsRdsDbCluster": "AWS::RDS::DBCluster",
    "AwsRdsDbInstance": "AWS::RDS::DBInstance",
    "AwsS3Bucket": "AWS::S3::Bucket",
    "AwsSecretsManagerSecret": "AWS::SecretsManager::Secret",
    "AwsSnsTopic": "AWS::SNS::Topic",
    "AwsSqsQueue": "AWS::SQS::Queue",
}
_VERDICTS: Final = {
    "PASSED": Verdict.PASSED,
    "WARNING": Verdict.UNKNOWN,
    "NOT_AVAILABLE": Verdict.UNKNOWN,
}
# Source: OCSF schema, attribute `severity_id` (6 is fatal).
_OCSF_SEVERITIES: Final = {
    1: Severity.INFORMATIONAL,
    2: Severity.LOW,
    3: Severity.MEDIUM,
    4: Severity.HIGH,
    5: Severity.CRITICAL,
    6: Severity.CRITICAL,
}
# Source: OCSF schema, attribute `status_id` of findings: suppressed, resolved, archived.
_OCSF_SETTLED: Final = frozenset({3, 4, 5})


def asff_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield the findings of an event in ASFF. Raises UnreadableSignalError."""
    for finding in objects(envelope.detail.get("findings"), MOST_FINDINGS):
        if not (text_at(finding, "GeneratorId") or "").startswith(f"{_OURS}/"):
            yield _asff_signal(finding, envelope)


def _asff_signal(finding: Mapping[str, Any], envelope: Envelope) -> Signal:
    identity, service = required(finding, "Id"), _product(text_at(finding, "ProductArn"))
    return Signal(
        service=service,
        key=last_part(identity) if service in _KEYED_BY_LAST_PART else identity,
        kind=_kind(finding, service),
        title=text_at(finding, "Title") or "",
        description=text_at(finding, "Description") or "",
        severity=_severity(finding),
        account=text_at(finding, "AwsAccountId") or envelope.account,
        region=text_at(finding, "Region") or envelope.region,
        verdict=_verdict(finding),
        resource=_resource(finding),
        is_sample=finding.get("Sample") is True,
        evidence={
            "id": identity,
            "generator": text_at(finding, "GeneratorId"),
            "control": text_at(finding, "Compliance", "SecurityControlId"),
            "remediation": text_at(finding, "Remediation", "Recommendation", "Url"),
            "first_seen": text_at(finding, "FirstObservedAt"),
        },
    )


def _product(arn: str | None) -> str:
    """Return who found it: AWS's services by their name, others by company and product."""
    _, _, path = (arn or "").partition(":product/")
    company, _, product = path.partition("/")
    if company == _AWS and product:
        return product
    return f"securityhub.{company}.{product}" if product else "securityhub"


def _kind(finding: Mapping[str, Any], service: str) -> str:
    kind = _first_text(finding.get("Types")).rpartition("/")[2]
    if service == "guardduty":
        # ASFF has a hyphen where GuardDuty has a slash.
        threat, _, rest = kind.partition(":")
        return f"{threat}:{rest.replace('-', '/', 1)}" if rest else kind
    control = text_at(finding, "Compliance", "SecurityControlId")
    return control or kind or text_at(finding, "GeneratorId") or "finding"


def _first_text(value: object) -> str:
    entries = value if isinstance(value, list) else []
    return next((one for one in entries if isinstance(one, str)), "")


def _severity(finding: Mapping[str, Any]) -> Severity:
    label = text_at(finding, "Severity", "Label")
    if label is not None:
        return severity_named(label)
    severity = finding.get("Severity")
    normalized = severity.get("Normalized") if isinstance(severity, dict) else None
    return severity_of_score(normalized / 10 if isinstance(normalized, int) else None)


def _verdict(finding: Mapping[str, Any]) -> Verdict:
    archived = text_at(finding, "RecordState") == "ARCHIVED"
    if archived or text_at(finding, "Workflow", "Status") in _SETTLED:
        return Verdict.PASSED
    return _VERDICTS.get(text_at(finding, "Compliance", "Status") or "", Verdict.FAILED)


def _resource(finding: Mapping[str, Any]) -> ResourceReference | None:
    resource = first(finding.get("Resources"))
    kind, arn = text_at(resource, "Type"), text_at(resource, "Id")
    # A finding of an account as a whole names no resource but the account.
    if kind is None or arn is None or kind == "AwsAccount":
        return None
    return reference(_TYPES.get(kind, kind), arn)


def ocsf_signals(envelope: Envelope) -> Iterator[Signal]:
    """Yield the findings of an event in OCSF. Raises UnreadableSignalError."""
    for finding in objects(envelope.detail.get("findings"), MOST_FINDINGS):
        if text_at(finding, "metadata", "product", "vendor_name") != _OURS:
            yield _ocsf_signal(finding, envelope)


def _ocsf_signal(finding: Mapping[str, Any], envelope: Envelope) -> Signal:
    identity = required(finding, "finding_info", "uid")
    product = text_at(finding, "metadata", "product", "name") or "securityhub"
    service = product.lower().removeprefix("amazon ").removeprefix("aws ").replace(" ", "")
    resource = first(finding.get("resources"))
    settled = finding.get("status_id") in _OCSF_SETTLED
    severity = finding.get("severity_id")
    return Signal(
        service=service,
        key=last_part(identity) if service in _KEYED_BY_LAST_PART else identity,
        kind=_first_text(finding["finding_info"].get("types")) or "finding",
        title=text_at(finding, "finding_info", "title") or "",
        description=text_at(finding, "finding_info", "desc") or "",
        severity=_OCSF_SEVERITIES.get(severity, Severity.MEDIUM)
        if isinstance(severity, int)
        else Severity.MEDIUM,
        account=text_at(finding, "cloud", "account", "uid") or envelope.account,
        region=text_at(finding, "cloud", "region") or envelope.region,
        verdict=Verdict.PASSED if settled else Verdict.FAILED,
        resource=reference(text_at(resource, "type") or "resource", text_at(resource, "uid")),
        evidence={"id": identity},
    )
