"""AWS API operations as `<boto3 client>:<Operation>`, and the IAM actions they need.

For most operations the IAM action has the operation's name under the service's IAM prefix; the
exceptions stand here. Source: AWS Service Authorization Reference.
"""

from collections.abc import Iterable

IAM_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "stepfunctions": "states",
}
# A transaction takes the permissions of the writes in it, which are declared by themselves.
NO_PERMISSION_NEEDED = frozenset({"sts:GetCallerIdentity", "dynamodb:TransactWriteItems"})
IAM_ACTIONS = {
    "lambda:ListFunctions": "lambda:ListFunctions",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
}


def iam_actions(operations: Iterable[str]) -> tuple[str, ...]:
    """Return the IAM actions that these operations need, sorted and without repeats."""
    needed = {_iam_action(one) for one in operations if one not in NO_PERMISSION_NEEDED}
    return tuple(sorted(needed))


def _iam_action(operation: str) -> str:
    if operation in IAM_ACTIONS:
        return IAM_ACTIONS[operation]
    service, _, name = operation.partition(":")
    return f"{IAM_PREFIXES.get(service, service)}:{name}"
