"""Encryption keys and secrets."""

import secrets
from typing import Any

from vedette.aws.demo.account import EVERYBODY, Account, Statement, allow, document, tags

GRACE_DAYS = 14


def create_keys(account: Account) -> str:
    """Create keys and secrets; return the ARN of the key that encrypts what the shop keeps."""
    kms = account.client("kms")
    shop = _key(account, kms, "hlb-shop")
    kms.enable_key_rotation(KeyId=shop)
    payments = _key(account, kms, "hlb-payments")
    _key(account, kms, "hlb-supplier-labels", allow("kms:Decrypt", "*", Principal=EVERYBODY))
    old = _key(account, kms, "hlb-exports-2019")
    kms.enable_key_rotation(KeyId=old)
    kms.schedule_key_deletion(KeyId=old, PendingWindowInDays=GRACE_DAYS)
    _create_secrets(account, payments)
    return account.arn("kms", f"key/{shop}")


def _key(account: Account, kms: Any, alias: str, *extra: Statement) -> str:
    owner = allow("kms:*", "*", Principal={"AWS": account.iam_arn("root")})
    key = kms.create_key(
        Description=alias,
        Policy=document(owner, *extra),
        Tags=[{"TagKey": "Name", "TagValue": alias}],
    )["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/{alias}", TargetKeyId=key)
    return str(key)


def _create_secrets(account: Account, key: str) -> None:
    store = account.client("secretsmanager")
    for name in ("hlb/orders-database", "hlb/payment-gateway", "hlb/supplier-portal"):
        store.create_secret(
            Name=name, SecretString=secrets.token_urlsafe(24), KmsKeyId=key, Tags=tags(team="shop")
        )
    # Without the function that would do it: moto would run that one at once, in Docker.
    store.rotate_secret(
        SecretId="hlb/orders-database", RotationRules={"AutomaticallyAfterDays": 30}
    )
    read = allow("secretsmanager:GetSecretValue", "*", Principal=EVERYBODY)
    store.put_resource_policy(SecretId="hlb/supplier-portal", ResourcePolicy=document(read))
