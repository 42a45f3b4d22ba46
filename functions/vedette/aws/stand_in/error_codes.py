"""The error codes with which each service refuses, throttles, fails and misses a resource.

Sources: the "Common Errors" page and the "Errors" sections of each service's API reference.
"""

from dataclasses import dataclass

from vedette.aws.stand_in.call import Call


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A code with the HTTP status under which it comes."""

    code: str
    status: int


Codes = dict[str, ErrorCode]

# Each table is looked up by operation, then by service, then by protocol.
DENIED: Codes = {
    "cloudwatch": ErrorCode("AccessDenied", 403),
    "ec2": ErrorCode("UnauthorizedOperation", 403),
    "json": ErrorCode("AccessDeniedException", 400),
    "query": ErrorCode("AccessDenied", 403),
    "rest-json": ErrorCode("AccessDeniedException", 403),
    "rest-xml": ErrorCode("AccessDenied", 403),
    "sns": ErrorCode("AuthorizationError", 403),
    "sqs": ErrorCode("AccessDenied", 403),
}
THROTTLED: Codes = {
    "account": ErrorCode("TooManyRequestsException", 429),
    "cloudwatch": ErrorCode("Throttling", 400),
    "ec2": ErrorCode("RequestLimitExceeded", 503),
    "json": ErrorCode("ThrottlingException", 400),
    "lambda": ErrorCode("TooManyRequestsException", 429),
    "organizations": ErrorCode("TooManyRequestsException", 400),
    "query": ErrorCode("Throttling", 400),
    "resourcegroupstaggingapi": ErrorCode("ThrottledException", 429),
    "rest-json": ErrorCode("ThrottlingException", 429),
    "rest-xml": ErrorCode("SlowDown", 503),
    "sqs": ErrorCode("RequestThrottled", 403),
}
EXPIRED: Codes = {
    "cloudwatch": ErrorCode("ExpiredToken", 403),
    "ec2": ErrorCode("RequestExpired", 400),
    "json": ErrorCode("ExpiredTokenException", 400),
    "query": ErrorCode("ExpiredToken", 403),
    "rest-json": ErrorCode("ExpiredTokenException", 403),
    "rest-xml": ErrorCode("ExpiredToken", 400),
    "sqs": ErrorCode("ExpiredToken", 403),
}
# What credentials meet in a region that the account has not switched on: they are not known there.
REGION_OFF: Codes = {
    "ec2": ErrorCode("AuthFailure", 401),
    "json": ErrorCode("UnrecognizedClientException", 400),
    "query": ErrorCode("InvalidClientTokenId", 403),
    "rest-json": ErrorCode("UnrecognizedClientException", 403),
    "rest-xml": ErrorCode("InvalidAccessKeyId", 403),
}
FAILED: Codes = {
    "ec2": ErrorCode("InternalError", 500),
    "json": ErrorCode("InternalServerError", 500),
    "query": ErrorCode("InternalFailure", 500),
    "rest-json": ErrorCode("InternalServerException", 500),
    "rest-xml": ErrorCode("InternalError", 500),
}
GONE: Codes = {
    "cloudtrail": ErrorCode("TrailNotFoundException", 400),
    "dynamodb": ErrorCode("ResourceNotFoundException", 400),
    "dynamodb:DescribeContinuousBackups": ErrorCode("TableNotFoundException", 400),
    "ec2:DescribeImageAttribute": ErrorCode("InvalidAMIID.NotFound", 400),
    "ec2:DescribeImages": ErrorCode("InvalidAMIID.NotFound", 400),
    "ec2:DescribeInstances": ErrorCode("InvalidInstanceID.NotFound", 400),
    "ec2:DescribeLaunchTemplateVersions": ErrorCode("InvalidLaunchTemplateId.NotFound", 400),
    "ec2:DescribeSecurityGroups": ErrorCode("InvalidGroup.NotFound", 400),
    "ec2:DescribeSnapshotAttribute": ErrorCode("InvalidSnapshot.NotFound", 400),
    "ec2:DescribeVolumes": ErrorCode("InvalidVolume.NotFound", 400),
    "ecr": ErrorCode("RepositoryNotFoundException", 400),
    "efs": ErrorCode("FileSystemNotFound", 404),
    "guardduty": ErrorCode("BadRequestException", 400),
    "kms": ErrorCode("NotFoundException", 400),
    "query": ErrorCode("NoSuchEntity", 404),
    "rds:DescribeDBClusterParameters": ErrorCode("DBParameterGroupNotFound", 404),
    "rds:DescribeDBClusterSnapshotAttributes": ErrorCode("DBClusterSnapshotNotFoundFault", 404),
    "rds:DescribeDBParameters": ErrorCode("DBParameterGroupNotFound", 404),
    "rds:DescribeDBSnapshotAttributes": ErrorCode("DBSnapshotNotFound", 404),
    "rest-json": ErrorCode("ResourceNotFoundException", 404),
    "s3": ErrorCode("NoSuchBucket", 404),
    "s3control": ErrorCode("NoSuchAccessPoint", 404),
    "secretsmanager": ErrorCode("ResourceNotFoundException", 400),
    "sns": ErrorCode("NotFound", 404),
    "sqs": ErrorCode("AWS.SimpleQueueService.NonExistentQueue", 400),
}


def look_up(codes: Codes, call: Call) -> ErrorCode:
    """Return the code that this call would get. Raises KeyError if the table has none for it."""
    for key in (call.name, call.service, call.protocol):
        if key in codes:
            return codes[key]
    raise KeyError(call.name)
