"""Snapshots of S3 buckets, access points and the account's S3 settings."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource, Value


class PublicAccessBlock(Value):
    """The four settings of a public access block.

    Source: Amazon S3 API Reference, PublicAccessBlockConfiguration.
    """

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    def switched_off(self) -> tuple[str, ...]:
        """Name the settings that are off."""
        return tuple(name for name, is_on in self if not is_on)


NOTHING_BLOCKED = PublicAccessBlock()
EVERYTHING_BLOCKED = PublicAccessBlock(
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=True,
    restrict_public_buckets=True,
)


class S3Bucket(Resource):
    """One bucket; its id is its name."""

    type: ClassVar[str] = "AWS::S3::Bucket"
    service: ClassVar[str] = "s3"

    public_access_block: Fact[PublicAccessBlock] = NOT_COLLECTED
