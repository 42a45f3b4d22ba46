"""Snapshots of KMS keys. Source: AWS KMS API Reference, KeyMetadata and GetKeyRotationStatus."""

from datetime import datetime
from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import Resource, Value


class KeyDescription(Value):
    """What a key is: who manages it, its state, what it is made of and what it is for."""

    manager: str = "CUSTOMER"
    state: str = "Enabled"
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"
    origin: str = "AWS_KMS"
    deletion_date: datetime | None = None

    @property
    def is_customers(self) -> bool:
        """Tell whether the customer, and not AWS, manages the key."""
        return self.manager == "CUSTOMER"

    @property
    def can_rotate(self) -> bool:
        """Tell whether AWS KMS is able to rotate the key by itself.

        It rotates neither asymmetric nor HMAC keys, nor keys with imported material or in a custom
        key store. Source: AWS KMS Developer Guide, "Rotating AWS KMS keys".
        """
        made_by_kms = self.origin == "AWS_KMS" and self.spec == "SYMMETRIC_DEFAULT"
        return made_by_kms and self.usage == "ENCRYPT_DECRYPT"


class Rotation(Value):
    """Whether AWS KMS rotates a key, and how often in days."""

    enabled: bool
    period_days: int | None = None


class KmsKey(Resource):
    """One key; its id is the key id. AWS managed keys are left out where their alias tells.

    `rotation` is None where AWS KMS says that it cannot rotate the key.
    """

    type: ClassVar[str] = "AWS::KMS::Key"
    service: ClassVar[str] = "kms"

    description: Fact[KeyDescription] = NOT_COLLECTED
    rotation: Fact[Rotation | None] = NOT_COLLECTED
    policy: Fact[PolicyDocument] = NOT_COLLECTED
