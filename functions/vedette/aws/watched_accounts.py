"""Which accounts there are, and in which the member's stack stands.

Sources: AWS CloudFormation API Reference, ListStackInstances; AWS Organizations API Reference,
ListAccounts.
"""

from dataclasses import dataclass
from typing import Final

from vedette.aws.collect.reader import Reader

INSTANCES: Final = "cloudformation:ListStackInstances"
ACCOUNTS: Final = "organizations:ListAccounts"
CALLS: Final = frozenset({INSTANCES, ACCOUNTS})
_NO_SET: Final = "StackSetNotFoundException"
_SUCCEEDED: Final = "SUCCEEDED"
_CURRENT: Final = "CURRENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberStack:
    """The member's stack in an account and a region, and whether it stands there as intended."""

    account: str
    region: str
    stands: bool


def member_stacks(reader: Reader, stack_set: str) -> list[MemberStack] | None:
    """Return where a StackSet has stacks; None if there is no such set. Raises ReadError."""
    if reader.optional(INSTANCES, _NO_SET, StackSetName=stack_set) is None:
        return None
    return [
        MemberStack(
            account=one["Account"],
            region=one["Region"],
            stands=one.get("Status") == _CURRENT
            or one.get("StackInstanceStatus", {}).get("DetailedStatus") == _SUCCEEDED,
        )
        for one in reader.pages(INSTANCES, "Summaries", StackSetName=stack_set)
    ]


def accounts_of_organisation(reader: Reader) -> list[str]:
    """Return the active accounts of the organisation. Raises ReadError."""
    listed = reader.pages(ACCOUNTS, "Accounts")
    return [one["Id"] for one in listed if one.get("Status", "ACTIVE") == "ACTIVE"]
