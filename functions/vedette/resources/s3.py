"""Snapshots of S3 buckets, access points and the account's S3 settings."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.document import PolicyDocument
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
        """Name the settings that are off as AWS does, such as `BlockPublicAcls`."""
        return tuple(name.title().replace("_", "") for name, is_on in self if not is_on)

    def joined(self, other: "PublicAccessBlock") -> "PublicAccessBlock":
        """Return the settings that hold where both blocks stand: the stricter of each.

        Source: Amazon S3 User Guide, "Blocking public access": S3 applies the most restrictive
        combination of the settings of access point, bucket and account.
        """
        return PublicAccessBlock.model_validate(
            {name: is_on or getattr(other, name) for name, is_on in self}
        )


NOTHING_BLOCKED = PublicAccessBlock()
EVERYTHING_BLOCKED = PublicAccessBlock(
    block_public_acls=True,
    ignore_public_acls=True,
    block_public_policy=True,
    restrict_public_buckets=True,
)


class AclGrant(Value):
    """One grant of an access control list: the grantee's URI or canonical id, and a permission.

    `permission` is READ, WRITE, READ_ACP, WRITE_ACP or FULL_CONTROL.
    """

    grantee: str
    permission: str


class Versioning(Value):
    """Whether a bucket keeps versions, and whether deleting them for good takes an MFA code."""

    enabled: bool = False
    mfa_delete: bool = False


class S3Account(Resource):
    """The S3 settings of the whole account; its id is the account's."""

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "s3"

    public_access_block: Fact[PublicAccessBlock] = NOT_COLLECTED


class S3Bucket(Resource):
    """One bucket; its id is its name. A bucket without a policy has a policy without statements."""

    type: ClassVar[str] = "AWS::S3::Bucket"
    service: ClassVar[str] = "s3"

    public_access_block: Fact[PublicAccessBlock] = NOT_COLLECTED
    policy: Fact[PolicyDocument] = NOT_COLLECTED
    acl: Fact[tuple[AclGrant, ...]] = NOT_COLLECTED
    versioning: Fact[Versioning] = NOT_COLLECTED


class S3AccessPoint(Resource):
    """One access point; its id is its name.

    `vpc` is the id of the only VPC from which it takes requests, None if it takes them from the
    internet too.
    """

    type: ClassVar[str] = "AWS::S3::AccessPoint"
    service: ClassVar[str] = "s3"

    public_access_block: Fact[PublicAccessBlock] = NOT_COLLECTED
    vpc: Fact[str | None] = NOT_COLLECTED
