"""Events of other services, as EventBridge delivers them."""

from collections.abc import Mapping
from typing import Any

ACCOUNT = "111122223333"
FINDING = "1ab92989eaf0e742df4a014d5bbc9a00"
DETECTOR = "f2b0b6b7e0a1"
ARN = f"arn:aws:guardduty:eu-west-1:{ACCOUNT}:detector/{DETECTOR}/finding/{FINDING}"
INSTANCE = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-0abc"


def signal(
    source: str, kind: str, detail: Mapping[str, Any], number: int = 0, **members: Any
) -> dict[str, Any]:
    """Return the envelope of an event; `number` counts the minutes since the first."""
    return {
        "version": "0",
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": f"2026-11-20T10:{number:02d}:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": dict(detail),
    } | members


def guardduty(number: int = 0, *, archived: bool = False, **members: Any) -> dict[str, Any]:
    """Return a finding of GuardDuty."""
    detail = {
        "schemaVersion": "2.0",
        "accountId": ACCOUNT,
        "region": "eu-west-1",
        "partition": "aws",
        "id": FINDING,
        "arn": ARN,
        "type": "UnauthorizedAccess:EC2/SSHBruteForce",
        "resource": {"resourceType": "Instance", "instanceDetails": {"instanceId": "i-0abc"}},
        "service": {
            "archived": archived,
            "action": {
                "actionType": "NETWORK_CONNECTION",
                "networkConnectionAction": {"remoteIpDetails": {"ipAddressV4": "198.51.100.9"}},
            },
            "additionalInfo": {"value": "{}", "type": "default"},
            "count": 5,
        },
        "severity": 8,
        "title": "203.0.113.7 is performing SSH brute force attacks against i-0abc.",
        "description": "An instance is the target of a brute force attack.",
    }
    return signal("aws.guardduty", "GuardDuty Finding", detail | members, number)


def asff(number: int = 0, **members: Any) -> dict[str, Any]:
    """Return the same finding of GuardDuty as Security Hub relays it."""
    finding = {
        "SchemaVersion": "2018-10-08",
        "Id": ARN,
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/guardduty",
        "GeneratorId": f"arn:aws:guardduty:eu-west-1:{ACCOUNT}:detector/{DETECTOR}",
        "AwsAccountId": ACCOUNT,
        "Region": "eu-west-1",
        "Types": ["TTPs/UnauthorizedAccess:EC2-SSHBruteForce"],
        "Severity": {"Label": "HIGH", "Normalized": 80},
        "Title": "203.0.113.7 is performing SSH brute force attacks against i-0abc.",
        "Description": "An instance is the target of a brute force attack.",
        "Resources": [{"Type": "AwsEc2Instance", "Id": INSTANCE, "Partition": "aws"}],
        "RecordState": "ACTIVE",
        "Workflow": {"Status": "NEW"},
        "WorkflowState": "NEW",
        "UpdatedAt": "2026-11-20T09:00:00Z",
    }
    detail = {"findings": [finding | members]}
    return signal("aws.securityhub", "Security Hub Findings - Imported", detail, number)


def control(number: int, status: str) -> dict[str, Any]:
    """Return a finding of a control of Security Hub itself."""
    return asff(
        number,
        Id=f"arn:aws:securityhub:eu-west-1:{ACCOUNT}:security-control/S3.8/finding/1",
        ProductArn="arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        GeneratorId="security-control/S3.8",
        Types=["Software and Configuration Checks/Industry and Regulatory Standards"],
        Resources=[{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::salaries"}],
        Compliance={"Status": status, "SecurityControlId": "S3.8"},
        Severity={"Normalized": 70},
    )


def inspector(number: int = 0, **members: Any) -> dict[str, Any]:
    """Return a finding of Inspector, whose times are no ISO 8601."""
    detail = {
        "findingArn": f"arn:aws:inspector2:eu-west-1:{ACCOUNT}:finding/abc",
        "awsAccountId": ACCOUNT,
        "type": "PACKAGE_VULNERABILITY",
        "title": "CVE-2026-0001 - openssl",
        "description": "A flaw.",
        "severity": "CRITICAL",
        "status": "ACTIVE",
        "firstObservedAt": "Nov 20, 2026, 9:46:15 AM",
        "updatedAt": "Nov 20, 2026, 9:46:15 AM",
        "resources": [{"id": "i-0abc", "type": "AWS_EC2_INSTANCE", "region": "eu-west-1"}],
        "packageVulnerabilityDetails": {"vulnerabilityId": "CVE-2026-0001"},
    }
    return signal("aws.inspector2", "Inspector2 Finding", detail | members, number)


def macie(number: int = 0, **members: Any) -> dict[str, Any]:
    """Return a finding of Macie."""
    detail = {
        "id": "64b917aa-3843-014c-91d8-937ffexample",
        "accountId": ACCOUNT,
        "region": "eu-west-1",
        "type": "Policy:IAMUser/S3BucketPublic",
        "title": "Block public access is off for the bucket",
        "description": "Anybody can reach the bucket.",
        "severity": {"score": 3, "description": "High"},
        "resourcesAffected": {"s3Bucket": {"arn": "arn:aws:s3:::salaries", "name": "salaries"}},
        "sample": False,
        "archived": False,
    }
    return signal("aws.macie", "Macie Finding", detail | members, number)


def access(number: int = 0, **members: Any) -> dict[str, Any]:
    """Return a finding of IAM Access Analyzer."""
    detail = {
        "id": "finding-1",
        "status": "ACTIVE",
        "resourceType": "AWS::S3::Bucket",
        "resource": "arn:aws:s3:::salaries",
        "accountId": ACCOUNT,
        "region": "eu-west-1",
        "principal": {"AWS": "*"},
        "action": ["s3:GetObject"],
        "isPublic": True,
    }
    kind = members.pop("kind", "Access Analyzer Finding")
    return signal("aws.access-analyzer", kind, detail | members, number)


def health(number: int = 0, **members: Any) -> dict[str, Any]:
    """Return an event of AWS Health: keys that stand in public."""
    detail = {
        "eventArn": "arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/1",
        "service": "RISK",
        "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED",
        "eventTypeCategory": "issue",
        "startTime": "Fri, 20 Nov 2026 09:00:00 GMT",
        "statusCode": "open",
        "eventRegion": "us-east-1",
        "eventDescription": [{"language": "en_US", "latestDescription": "A key is public."}],
        "affectedEntities": [{"entityValue": "AKIAIOSFODNN7EXAMPLE"}],
    }
    kind = members.pop("kind", "AWS Health Event")
    return signal("aws.health", kind, detail | members, number)
