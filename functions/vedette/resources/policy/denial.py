"""What a Deny statement takes back, counted only where that is sure.

An explicit deny wins over any allow (IAM User Guide, "Policy evaluation logic"). It counts here if
it speaks of everybody and spares only callers that its conditions name, or if it speaks of whole
accounts without condition. A Deny of anything less leaves the grant as it is: an exposure is
rather reported once too often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from vedette.resources.policy.callers import (
    NOBODY,
    Callers,
    account_of,
    is_fixed,
    is_whole_account,
)
from vedette.resources.policy.conditions import spared
from vedette.resources.policy.document import PolicyDocument, Principals, Statement
from vedette.resources.policy.matching import Patterns

# Characters that are allowed times patterns that are denied: a few seconds' work at worst.
WORK_LIMIT = 10_000_000
PIECES_LIMIT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A Deny that counts: who escapes it, and the accounts it is limited to (None: no limit)."""

    actions: Patterns
    resources: Patterns
    spared: Callers
    accounts: frozenset[str] | None = None
    reaches_services: bool = False

    @property
    def is_general(self) -> bool:
        """Say whether it speaks of everybody."""
        return self.accounts is None

    def reaches_account(self, account: str) -> bool:
        """Say whether it surely denies every principal of an account."""
        if self.accounts is not None:
            return account in self.accounts
        named_only = not (self.spared.organizations or self.spared.networks or self.spared.sources)
        return named_only and account not in self.spared.accounts

    def reaches_everybody(self) -> bool:
        """Say whether it surely denies every principal, except AWS services if it spares these."""
        return self.is_general and self.spared in (NOBODY, Callers(services=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of an Allow statement with the denials that cover it whole, and those in part."""

    actions: Patterns
    covering: tuple[Denial, ...] = ()
    partial: tuple[Denial, ...] = ()


def read_denials(document: PolicyDocument) -> tuple[Denial, ...]:
    """Read the Deny statements that count.

    None does where comparing them with what is allowed would take too long, which no policy that
    AWS accepts comes near.
    """
    read = (_read(statement) for statement in document.denials)
    denials = tuple(denial for denial in read if denial is not None)
    return denials if _work(document.allows, denials) <= WORK_LIMIT else ()


def _read(statement: Statement) -> Denial | None:
    principals, escaping = statement.principals, spared(statement.conditions)
    if principals is None or escaping.anyone:
        return None
    if principals.negated:
        escaping = escaping.joined(_named(principals))
    elif not principals.anyone:
        accounts = frozenset(
            account
            for text in principals.aws
            if is_whole_account(text) and (account := account_of(text))
        )
        return _denial(statement, NOBODY, accounts) if escaping == NOBODY and accounts else None
    return None if escaping.anyone else _denial(statement, escaping, None)


def _denial(statement: Statement, escaping: Callers, accounts: frozenset[str] | None) -> Denial:
    principals = statement.principals
    return Denial(
        actions=statement.actions,
        resources=statement.resource_bound,
        spared=escaping,
        accounts=accounts,
        reaches_services=principals is not None and principals.anyone and not principals.aws,
    )


def _named(principals: Principals) -> Callers:
    """Bound whom NotPrincipal names."""
    accounts = {text: account_of(text) for text in principals.aws}
    unknown = {text for text, account in accounts.items() if account is None}
    return Callers(
        anyone=principals.anyone or not all(map(is_fixed, unknown)),
        services=bool(principals.services),
        accounts=frozenset(account for account in accounts.values() if account),
        sources=frozenset(unknown.union(principals.federated, principals.canonical_users)),
    )


def split(statement: Statement, denials: Sequence[Denial]) -> tuple[Piece, ...]:
    """Cut an Allow statement into pieces whose actions are covered by the same denials."""
    if not (statement.actions.texts or statement.actions.negated):
        return ()
    bound = statement.resource_bound
    relevant = [denial for denial in denials if denial.resources.includes(bound)]
    merged: dict[tuple[bool, ...], list[Patterns]] = {}
    for actions in _parts(statement.actions):
        covers = tuple(denial.actions.includes(actions) for denial in relevant)
        merged.setdefault(covers, []).append(actions)
    if len(merged) * _size(statement.principals) > PIECES_LIMIT:
        return (Piece(actions=statement.actions),)
    return tuple(_piece(parts, relevant, covers) for covers, parts in merged.items())


def _parts(actions: Patterns) -> Sequence[Patterns]:
    if actions.negated:
        return (actions,)
    return [Patterns(texts=(text,), ignores_case=actions.ignores_case) for text in actions.texts]


def _piece(
    parts: Sequence[Patterns], relevant: Sequence[Denial], covers: tuple[bool, ...]
) -> Piece:
    first = parts[0]
    texts = tuple(text for part in parts for text in part.texts)
    return Piece(
        actions=Patterns(texts=texts, negated=first.negated, ignores_case=first.ignores_case),
        covering=tuple(compress(relevant, covers)),
        partial=tuple(compress(relevant, [not one for one in covers])),
    )


def _work(allows: Sequence[Statement], denials: Sequence[Denial]) -> int:
    allowed = [text for one in allows for text in (*one.actions.texts, *one.resources.texts)]
    patterns = sum(len(one.actions.texts) + len(one.resources.texts) for one in denials)
    principals = sum(_size(one.principals) for one in allows)
    return (len(allows) + principals + sum(map(len, allowed))) * patterns


def _size(principals: Principals | None) -> int:
    if principals is None:
        return 0
    named = (
        *(principals.aws, principals.services),
        *(principals.federated, principals.canonical_users),
    )
    return 1 + sum(map(len, named))
