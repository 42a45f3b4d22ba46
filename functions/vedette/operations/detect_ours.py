"""Which events are Vedette's own doing: reads of its audit role, and the calls of its canary.

They are known by the ARN of the role that AWS writes into the record, never by a name that callers
choose. Only what an audit does is left out: the same role changing something is as loud as anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vedette.detection.event.record import text_at

# The calls by which the canary shows itself. Source: AWS CloudTrail User Guide, S3 events.
CANARY_CALLS: Final[Mapping[str, str]] = {
    "PutBucketOwnershipControls": "write",
    "GetBucketTagging": "denied_read",
}
_ISSUER: Final = ("userIdentity", "sessionContext", "sessionIssuer", "arn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What is Vedette's own. `audit_role` is path and name of the role that reads accounts.

    What is None is not known by that: a bucket alone makes no call the canary's.
    """

    accounts: frozenset[str]
    audit_role: str | None = None
    canary_role: str | None = None
    canary_bucket: str | None = None

    def is_own_read(self, record: Mapping[str, Any]) -> bool:
        """Tell whether Vedette read something, whether it was allowed to or not."""
        if self.audit_role is None or record.get("readOnly") is not True:
            return False
        issuer, account = text_at(record, *_ISSUER), text_at(record, "userIdentity", "accountId")
        if issuer is None or account not in self.accounts:
            return False
        _, _, resource = issuer.partition(f":iam::{account}:role/")
        return resource == self.audit_role

    def canary_call(self, record: Mapping[str, Any]) -> str | None:
        """Return which of the canary's calls a record is of, if it is one."""
        call = CANARY_CALLS.get(text_at(record, "eventName") or "")
        if call is None or self.canary_role is None or self.canary_bucket is None:
            return None
        bucket = text_at(record, "requestParameters", "bucketName")
        is_its = text_at(record, *_ISSUER) == self.canary_role and bucket == self.canary_bucket
        return call if is_its else None
