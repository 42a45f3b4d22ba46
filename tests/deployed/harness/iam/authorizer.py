"""Decides whether a principal may do something, and keeps what each did: the IAM report."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from tests.deployed.harness.iam.policies import (
    Access,
    Context,
    Statement,
    UnknownPolicyError,
    allows,
    denies,
    listed,
)
from tests.deployed.harness.iam.principals import Principal, trust_of

ASSUME_ROLE: Final = "sts:AssumeRole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """That a principal asked for something."""

    principal: str
    access: Access


class Authorizer:
    """Holds the resource policies (by ARN) and the record of all that was asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._policies: dict[str, tuple[Statement, ...]] = {}
        self._organisations: dict[str, str] = {}
        self.allowed: set[Use] = set()
        self.refused: list[Use] = []
        self._withheld: set[tuple[str, str]] = set()

    def protect(self, arn: str, statements: Sequence[Statement]) -> None:
        """Add statements to the policy of a resource."""
        self._policies[arn] = (*self._policies.get(arn, ()), *statements)

    def policy_of(self, arn: str) -> tuple[Statement, ...]:
        """Return the statements of a resource's policy."""
        return self._policies.get(arn, ())

    def join(self, account: str, organisation: str) -> None:
        """Let an account belong to an organisation."""
        self._organisations[account] = organisation

    def clear_policies(self) -> None:
        """Forget all resource policies."""
        self._policies.clear()

    @contextmanager
    def withholding(self, principal: str, action: str) -> Iterator[None]:
        """Refuse an action to a role, by ARN, as if its policies did not have it."""
        self._withheld.add((principal, action))
        try:
            yield
        finally:
            self._withheld.discard((principal, action))

    def permits(self, who: Principal, access: Access, context: Context | None = None) -> bool:
        """Decide, and remember. `context` adds condition keys (in lower case) of this request."""
        if who.kind == "operator":
            return True
        withheld = (who.arn, access.action) in self._withheld
        allowed = not withheld and self._decide(
            who, access, {**self._context(who), **(context or {})}
        )
        use = Use(principal=who.arn, access=access)
        with self._lock:
            if allowed:
                self.allowed.add(use)
            else:
                self.refused.append(use)
        return allowed

    def _decide(self, who: Principal, access: Access, context: Context) -> bool:
        policy = self._resource_policy(access)
        # Who is refused is never said by role ARN in a `Deny`, so the principal needs no look.
        if denies(who.statements, access, context) or denies(
            [one for one in policy if names(one, who)], access, context
        ):
            return False
        mine = allows(who.statements, access, context)
        theirs = any(
            one["Effect"] == "Allow"
            and names(one, who)
            and allows([one], access, context)
            and (not _delegates(one) or mine)
            for one in policy
        )
        if who.kind == "service":
            return theirs
        if _account(access.resource) not in {"", who.account}:
            return theirs and mine
        return theirs if access.action == ASSUME_ROLE else theirs or mine

    def _resource_policy(self, access: Access) -> Sequence[Statement]:
        if access.action == ASSUME_ROLE:
            return trust_of(access.resource)
        bucket = access.resource.partition("/")[0]
        return self._policies.get(access.resource) or (
            self._policies.get(bucket, ()) if bucket.startswith("arn:aws:s3:::") else ()
        )

    def _context(self, who: Principal) -> dict[str, str]:
        context = {"aws:securetransport": "true"}
        if who.kind != "service":
            context |= {"aws:principalarn": who.arn, "aws:principalaccount": who.account}
            if organisation := self._organisations.get(who.account):
                context["aws:principalorgid"] = organisation
        return context


def names(statement: Statement, who: Principal) -> bool:
    """Tell whether a statement of a resource policy speaks of a principal."""
    named: Any = statement["Principal"]
    if named == "*":
        return True
    if not isinstance(named, Mapping):
        raise UnknownPolicyError(f"this principal is no principal: {named}")
    if who.kind == "service":
        return who.arn in listed(named.get("Service", []))
    return any(
        one in {"*", who.arn, who.account, _root(who.account)}
        for one in listed(named.get("AWS", []))
    )


def _delegates(statement: Statement) -> bool:
    """Tell whether a statement leaves it to an account whom there it allows."""
    named = statement["Principal"]
    return isinstance(named, Mapping) and any(
        str(one).endswith(":root") for one in listed(named.get("AWS", []))
    )


def _root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 4 else ""
