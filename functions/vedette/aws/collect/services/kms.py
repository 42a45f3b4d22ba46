"""Reads the KMS keys that the account itself manages."""

from collections.abc import Iterator

from vedette.aws.collect.collector import Collector, fact
from vedette.aws.collect.policies import read_policy
from vedette.aws.collect.reader import Reader
from vedette.aws.collect.tags import TAGS
from vedette.resources.facts import known, why_unreadable
from vedette.resources.kms import KeyDescription, KmsKey, Rotation
from vedette.resources.policy.document import PolicyDocument

KEY = "key/"
# AWS keeps these names for its own keys: AWS KMS Developer Guide, "Aliases in AWS KMS".
AWS_MANAGED_ALIAS = "alias/aws/"


def find_keys(reader: Reader, only: frozenset[str] | None) -> Iterator[KmsKey]:
    """Yield the keys of a region but those that AWS manages; keys named by ARN need no call."""
    for key_id in _customer_keys(reader) if only is None else sorted(only):
        arn = reader.arn("kms", KEY + key_id)
        if only is None or arn in reader.scope.only:
            yield KmsKey(arn=arn, id=key_id, account=reader.account, region=reader.region)


def _customer_keys(reader: Reader) -> Iterator[str]:
    """Leave out AWS managed keys by their aliases, which saves a DescribeKey for each of them."""
    keys = [one["KeyId"] for one in reader.pages("kms:ListKeys", "Keys", Limit=1000)]
    aws_managed: set[str] = set()
    if keys:
        aws_managed = {
            alias.get("TargetKeyId", "")
            for alias in reader.pages("kms:ListAliases", "Aliases", Limit=100)
            if alias["AliasName"].startswith(AWS_MANAGED_ALIAS)
        }
    yield from (key for key in keys if key not in aws_managed)


def _description(reader: Reader, key: KmsKey) -> KeyDescription:
    metadata = reader.call("kms:DescribeKey", KeyId=key.id)["KeyMetadata"]
    return KeyDescription(
        manager=metadata["KeyManager"],
        state=metadata["KeyState"],
        spec=metadata["KeySpec"],
        usage=metadata["KeyUsage"],
        origin=metadata["Origin"],
        deletion_date=metadata.get("DeletionDate"),
    )


def _rotation(reader: Reader, key: KmsKey) -> Rotation | None:
    if why_unreadable(key.description) is None and not _may_rotate(known(key.description)):
        return None
    none = "UnsupportedOperationException"
    answer = reader.optional("kms:GetKeyRotationStatus", none, KeyId=key.id)
    if answer is None:
        return None
    return Rotation(
        enabled=answer["KeyRotationEnabled"], period_days=answer.get("RotationPeriodInDays")
    )


def _may_rotate(description: KeyDescription) -> bool:
    return description.is_customers and description.can_rotate


def _policy(reader: Reader, key: KmsKey) -> PolicyDocument:
    answer = reader.call("kms:GetKeyPolicy", KeyId=key.id, PolicyName="default")
    return read_policy(answer["Policy"])


KEYS = Collector(
    kind=KmsKey,
    calls=("kms:ListKeys", "kms:ListAliases"),
    find=find_keys,
    details=(
        fact("description", "kms:DescribeKey", read=_description),
        fact("rotation", "kms:GetKeyRotationStatus", read=_rotation),
        fact("policy", "kms:GetKeyPolicy", read=_policy),
        TAGS,
    ),
    arn_service="kms",
    arn_prefix=KEY,
    gone=frozenset({"NotFoundException"}),
)
COLLECTORS = (KEYS,)
