"""Snapshots of AWS Security Hub (CSPM)."""

from typing import ClassVar

from vedette.resources.facts import NOT_COLLECTED, Fact
from vedette.resources.resource import Resource


class SecurityHubRegion(Resource):
    """Security Hub in one region; its id is the account's.

    `feeds` names what gives it findings, by ARN: the standards that are on, or where there are
    none, the subscriptions to other products. It is empty while Security Hub is off.
    """

    type: ClassVar[str] = "AWS::::Account"
    service: ClassVar[str] = "securityhub"

    is_enabled: Fact[bool] = NOT_COLLECTED
    feeds: Fact[frozenset[str]] = NOT_COLLECTED
