"""Mends of one operation or two in a service: Config, EFS, KMS, STS."""

import json

from vedette.aws.stand_in.call import Answer
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Mend
from vedette.aws.stand_in.wire import Result


def _describe_key_fully(_: Exchange, result: Result) -> None:
    """Source: KMS API Reference, KeyMetadata: both are always there."""
    result["KeyMetadata"].setdefault("KeyUsage", "ENCRYPT_DECRYPT")
    result["KeyMetadata"].setdefault("MultiRegion", False)


def _get_default_key_policy(exchange: Exchange) -> Answer:
    """Source: KMS API Reference, GetKeyPolicy: `PolicyName` is optional, and `default`."""
    asked = {"PolicyName": "default", **json.loads(exchange.call.body)}
    return exchange.forward(json.dumps(asked).encode())


def _describe_file_system_policy(exchange: Exchange) -> Answer:
    """Answer as EFS for a file system that does not exist, on which moto fails."""
    file_system = exchange.parameters["FileSystemId"]
    if file_system in exchange.backend("efs").file_systems_by_id:
        return exchange.forward()
    message = f"File system '{file_system}' does not exist."
    return exchange.refuse("FileSystemNotFound", message, status=404)


def _tell_recorder_status(exchange: Exchange, result: Result) -> None:
    """Config recorders do not fail in moto; tests need one that does."""
    status = exchange.state.recorder_statuses.get(exchange.place)
    for recorder in result["ConfigurationRecordersStatus"]:
        if status is not None:
            recorder["lastStatus"] = status


def _name_the_user(_: Exchange, result: Result) -> None:
    """Source: STS API Reference, GetCallerIdentity: a user's ARN is one of IAM."""
    if ":user/" in result["Arn"]:
        result["Arn"] = result["Arn"].replace(":sts:", ":iam:", 1)


GAPS: dict[str, Gap] = {
    "efs:DescribeFileSystemPolicy": _describe_file_system_policy,
    "kms:GetKeyPolicy": _get_default_key_policy,
}
MENDS: dict[str, Mend] = {
    "config:DescribeConfigurationRecorderStatus": _tell_recorder_status,
    "kms:DescribeKey": _describe_key_fully,
    "sts:GetCallerIdentity": _name_the_user,
}
