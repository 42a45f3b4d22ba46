"""Snapshots of Secrets Manager secrets; never their values."""

from datetime import datetime
from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import Resource


class Secret(Resource):
    """One secret; its id is the end of its ARN: its name and six random characters.

    `owning_service` is the AWS service that manages the secret, if one does; `primary_region` is
    set where the secret is replicated, and is another region where this is a replica. A secret
    without a policy has a policy without statements.
    """

    type: ClassVar[str] = "AWS::SecretsManager::Secret"
    service: ClassVar[str] = "secretsmanager"

    owning_service: str | None = None
    primary_region: str | None = None
    rotates: Fact[bool] = NOT_COLLECTED
    last_rotated: Fact[datetime | None] = NOT_COLLECTED
    policy: Fact[PolicyDocument] = NOT_COLLECTED

    @property
    def is_replica(self) -> bool:
        """Tell whether this is the copy of a secret that lives in another region."""
        return self.primary_region not in (None, self.region)
