"""Who may be calling: the outer bound that conditions and denials put around a statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final

from vedette.resources.arn import PARTS

_ACCOUNT_DIGITS: Final = 12
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """A set of callers, never smaller than the true one.

    ``networks`` are VPC ids, VPC endpoint ids, CIDR ranges and the like: whoever calls from there.
    ``sources`` pin the caller without naming an account: the ARN of a bucket, a unique id, a token.
    ``services`` are AWS services that act for themselves.
    """

    anyone: bool = False
    services: bool = False
    accounts: frozenset[str] = _NONE
    organizations: frozenset[str] = _NONE
    networks: frozenset[str] = _NONE
    sources: frozenset[str] = _NONE

    def joined(self, other: "Callers") -> "Callers":
        """Return the callers of either set."""
        if self.anyone or other.anyone:
            return ANYONE
        return Callers(
            services=self.services or other.services,
            accounts=self.accounts | other.accounts,
            organizations=self.organizations | other.organizations,
            networks=self.networks | other.networks,
            sources=self.sources | other.sources,
        )

    def met(self, other: "Callers") -> "Callers":
        """Bound the callers of both sets, by the set that says more of who they are.

        A caller in an account and in a network is in the account. Two sets of accounts may speak
        of different things (whose principal calls, on whose behalf), so they are not intersected:
        the smaller one counts if it is part of the other, else both do.
        """
        vaguer, clearer = sorted((self, other), key=Callers.vagueness, reverse=True)
        if vaguer.vagueness() or vaguer.accounts >= clearer.accounts:
            return clearer
        return vaguer if clearer.accounts >= vaguer.accounts else vaguer.joined(clearer)

    def vagueness(self) -> int:
        """Rank how little the set says of who calls: 0 if it is accounts alone."""
        marks = (self.organizations, self.sources, self.networks, self.services, self.anyone)
        return max((rank for rank, mark in enumerate(marks, start=1) if mark), default=0)


ANYONE = Callers(anyone=True)
NOBODY = Callers()


def joined(sets: Iterable[Callers]) -> Callers:
    """Return the callers of any of the sets: nobody if there is none."""
    return reduce(Callers.joined, sets, NOBODY)


def met(sets: Iterable[Callers]) -> Callers:
    """Bound the callers that are in all of the sets: anyone if there is none."""
    return reduce(Callers.met, sets, ANYONE)


def is_account(text: str) -> bool:
    """Say whether the text is an account id: twelve digits."""
    return len(text) == _ACCOUNT_DIGITS and text.isascii() and text.isdigit()


def is_fixed(text: str) -> bool:
    """Say whether the text holds neither a wildcard nor a policy variable."""
    return bool(text) and not any(mark in text for mark in ("*", "?", "${"))


def account_of(principal: str) -> str | None:
    """Return the account of a principal that is written as an account id or as an ARN.

    A unique id (``AROA…``, what is left of a deleted principal) names no account, nor does an ARN
    of an identity that AWS owns, such as ``arn:…:iam::cloudfront:user/…``.
    """
    if is_account(principal):
        return principal
    parts = principal.split(":", PARTS - 1)
    return parts[4] if len(parts) == PARTS and is_account(parts[4]) else None


def is_whole_account(principal: str) -> bool:
    """Say whether a principal stands for everyone of its account: its id or its root's ARN."""
    return is_account(principal) or (
        account_of(principal) is not None and principal.endswith(":root")
    )
