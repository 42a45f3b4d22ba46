"""Snapshots of SNS topics."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.policy.document import PolicyDocument
from vedette.resources.resource import Resource


class SnsTopic(Resource):
    """One topic; its id is its name. `kms_key` is None where nothing encrypts it at rest."""

    type: ClassVar[str] = "AWS::SNS::Topic"
    service: ClassVar[str] = "sns"

    policy: Fact[PolicyDocument] = NOT_COLLECTED
    kms_key: Fact[str | None] = NOT_COLLECTED
