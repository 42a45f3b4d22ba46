"""How the public gets at a bucket: by its policy or its access control list, unless blocked.

Object ACLs are not read. Sources: Amazon S3 User Guide, "Blocking public access" (what the four
settings override) and "Access control list overview" (the predefined groups).
"""

from collections.abc import Collection
from dataclasses import dataclass

from vedette.resources.facts import UnreadableFactError, known, why_unreadable
from vedette.resources.inventory import Inventory
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.policy.exposure import Grant, find_exposure
from vedette.resources.s3 import (
    EVERYTHING_BLOCKED,
    AclGrant,
    PublicAccessBlock,
    S3Account,
    S3Bucket,
)

PUBLIC_GROUPS = {
    "http://acs.amazonaws.com/groups/global/AllUsers": "everyone",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "every AWS customer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A way of using a bucket: the actions and the ACL permissions that allow it."""

    actions: tuple[str, ...]
    permissions: frozenset[str]


READING = Use(
    actions=("s3:Get*", "s3:List*"),
    permissions=frozenset({"READ", "READ_ACP", "FULL_CONTROL"}),
)
WRITING = Use(
    actions=(
        *("s3:Abort*", "s3:Bypass*", "s3:Create*", "s3:Delete*", "s3:Initiate*", "s3:Object*"),
        *("s3:Pause*", "s3:Put*", "s3:Replicate*", "s3:Restore*", "s3:Tag*", "s3:Untag*"),
        "s3:Update*",
    ),
    permissions=frozenset({"WRITE", "WRITE_ACP", "FULL_CONTROL"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicUse:
    """What lets the public use a bucket, and what would if it were not overridden.

    `openings` are phrases for people; `overridden` holds "policy" and "ACL".
    """

    openings: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()


def account_block(account: str, inventory: Inventory) -> PublicAccessBlock:
    """Return the account-wide block. Raises UnreadableFactError if it could not be read."""
    settings = inventory.find(S3Account, account)
    if settings is None:
        raise UnreadableFactError("the account's public access block was not collected")
    return known(settings.public_access_block)


def effective_block(bucket: S3Bucket, inventory: Inventory) -> PublicAccessBlock:
    """Return what holds for a bucket: its own block joined with its account's.

    Raises UnreadableFactError if one of them is needed and could not be read.
    """
    own = known(bucket.public_access_block)
    if own == EVERYTHING_BLOCKED:
        return own
    return own.joined(account_block(bucket.account, inventory))


def find_public_use(bucket: S3Bucket, inventory: Inventory, use: Use) -> PublicUse:
    """Tell how anyone at all may use the bucket.

    A policy or ACL that gives nothing away needs no block, and one that is overridden need not be
    readable. Raises UnreadableFactError if what was read does not decide it.
    """
    parts = (_by_policy(bucket, inventory, use), _by_acl(bucket, inventory, use))
    return PublicUse(
        openings=tuple(one for part in parts for one in part.openings),
        overridden=tuple(one for part in parts for one in part.overridden),
    )


def _by_policy(bucket: S3Bucket, inventory: Inventory, use: Use) -> PublicUse:
    readable = why_unreadable(bucket.policy) is None
    grants = _public_grants(known(bucket.policy), bucket.account, use) if readable else ()
    if readable and not grants:
        return PublicUse()
    if effective_block(bucket, inventory).restrict_public_buckets:
        return PublicUse(overridden=("policy",))
    known(bucket.policy)
    return PublicUse(openings=tuple(f"by policy: {grant}" for grant in grants))


def _public_grants(policy: PolicyDocument, owner: str, use: Use) -> tuple[Grant, ...]:
    return find_exposure(policy, owner=owner).anyone_may(*use.actions)


def _by_acl(bucket: S3Bucket, inventory: Inventory, use: Use) -> PublicUse:
    readable = why_unreadable(bucket.acl) is None
    phrases = _public_phrases(known(bucket.acl), use) if readable else ()
    if readable and not phrases:
        return PublicUse()
    if effective_block(bucket, inventory).ignore_public_acls:
        return PublicUse(overridden=("ACL",))
    known(bucket.acl)
    return PublicUse(openings=phrases)


def _public_phrases(acl: Collection[AclGrant], use: Use) -> tuple[str, ...]:
    return tuple(
        f"by ACL: {grant.permission} for {PUBLIC_GROUPS[grant.grantee]}"
        for grant in acl
        if grant.grantee in PUBLIC_GROUPS and grant.permission in use.permissions
    )
