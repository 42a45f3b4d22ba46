"""What a public access block overrides, and when a bucket's public use can be told."""

from typing import Any

import pytest

from vedette.resources.facts import Fact, UnreadableFactError
from vedette.resources.inventory import Inventory
from vedette.resources.policy.parsing import parse_policy
from vedette.resources.resource import SAMPLE_ACCOUNT
from vedette.resources.s3 import (
    EVERYTHING_BLOCKED,
    NOTHING_BLOCKED,
    AclGrant,
    PublicAccessBlock,
    S3Account,
    S3Bucket,
)
from vedette.resources.s3_exposure import (
    PUBLIC_GROUPS,
    READING,
    WRITING,
    effective_block,
    find_public_use,
)

DENIED = Fact.unreadable("denied")
RESTRICTED = PublicAccessBlock(restrict_public_buckets=True)
CLOSED = parse_policy({"Statement": []})
PUBLIC = parse_policy(
    {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
)


def bucket(**facts: Any) -> S3Bucket:
    return S3Bucket.sample(
        **({"public_access_block": NOTHING_BLOCKED, "policy": CLOSED, "acl": ()} | facts)
    )


def account(block: object) -> Inventory:
    return Inventory([S3Account.sample(id=SAMPLE_ACCOUNT, public_access_block=block)])


def test_settings_are_named_as_aws_names_them() -> None:
    assert RESTRICTED.switched_off() == ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy")


def test_the_stricter_setting_of_bucket_and_account_holds() -> None:
    ignoring = bucket(public_access_block=PublicAccessBlock(ignore_public_acls=True))

    block = effective_block(ignoring, account(RESTRICTED))

    assert block.switched_off() == ("BlockPublicAcls", "BlockPublicPolicy")


def test_a_bucket_that_blocks_everything_does_not_need_its_account() -> None:
    closed = bucket(public_access_block=EVERYTHING_BLOCKED)

    assert effective_block(closed, Inventory()) == EVERYTHING_BLOCKED


def test_an_account_that_was_not_collected_is_not_taken_for_open_or_closed() -> None:
    with pytest.raises(UnreadableFactError):
        effective_block(bucket(), Inventory())


def test_a_closed_bucket_needs_no_block() -> None:
    use = find_public_use(bucket(public_access_block=DENIED), Inventory(), WRITING)

    assert not use.openings
    assert not use.overridden


def test_an_overridden_policy_need_not_be_readable() -> None:
    use = find_public_use(bucket(policy=DENIED), account(RESTRICTED), READING)

    assert use.overridden == ("policy",)


@pytest.mark.parametrize("fact", ["policy", "acl"])
def test_what_is_neither_read_nor_overridden_decides_nothing(fact: str) -> None:
    with pytest.raises(UnreadableFactError, match="denied"):
        find_public_use(bucket(**{fact: DENIED}), account(NOTHING_BLOCKED), READING)


def test_restricting_policies_does_not_silence_acls() -> None:
    acl = tuple(AclGrant(grantee=group, permission="WRITE") for group in PUBLIC_GROUPS)

    use = find_public_use(bucket(policy=PUBLIC, acl=acl), account(RESTRICTED), WRITING)

    assert use.overridden == ("policy",)
    assert use.openings == (
        "by ACL: WRITE for everyone",
        "by ACL: WRITE for every AWS customer",
    )


def test_a_grant_to_a_single_account_is_not_public() -> None:
    acl = (AclGrant(grantee="c" * 64, permission="FULL_CONTROL"),)

    assert not find_public_use(bucket(acl=acl), Inventory(), READING).openings
