"""Who outside an account can do what with a resource, by its policy.

A rule asks one question of the report:

    exposure = find_exposure(known(bucket.policy), owner=bucket.account, trusted_accounts=partners)
    if grants := exposure.anyone_may("s3:Put*", "s3:Delete*"):
        return failed(f"Anyone may {say(grants)}.")
    if exposure.foreign_accounts:
        return failed(f"Shared with {', '.join(exposure.foreign_accounts)}.")

``public`` is whoever needs no relation to the account at all. ``conditions`` says what takes a
grant out of it, and ``denial`` which Deny does. Everything errs to the side of reporting.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from vedette.resources.policy.callers import Callers, account_of, is_fixed, met
from vedette.resources.policy.conditions import callers
from vedette.resources.policy.denial import Denial, Piece, read_denials, split
from vedette.resources.policy.document import PolicyDocument, Statement
from vedette.resources.policy.federation import names_customer, shared_provider
from vedette.resources.policy.grant import Grant, say

Grants = Mapping[str, tuple[Grant, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The outsiders of a resource policy, and what each may do.

    ``public``: anyone. ``foreign_accounts``: by account id, neither the owner's nor trusted.
    ``organizations``: by id, anyone in it. ``networks``: by VPC, endpoint or range, anyone from
    there. ``unattributed``: principals whose account the policy does not tell (unique ids of
    deleted principals, canonical users, identities of AWS, buckets given as source). ``services``:
    AWS services that may act on behalf of any customer (the confused deputy). ``federated``: shared
    identity providers, limited to one customer of theirs.
    """

    public: tuple[Grant, ...] = ()
    foreign_accounts: Grants = field(default_factory=dict)
    organizations: Grants = field(default_factory=dict)
    networks: Grants = field(default_factory=dict)
    unattributed: Grants = field(default_factory=dict)
    services: Grants = field(default_factory=dict)
    federated: Grants = field(default_factory=dict)

    def anyone_may(self, *actions: str) -> tuple[Grant, ...]:
        """Return the public grants of any of these actions (patterns too; none given: of all)."""
        return tuple(one for one in self.public if one.allows(*(actions or ("*",))))

    def foreigners_who_may(self, *actions: str) -> tuple[str, ...]:
        """Return the foreign accounts and unattributed principals with any of these actions."""
        outsiders = {**self.foreign_accounts, **self.unattributed}
        return tuple(
            who
            for who, grants in outsiders.items()
            if any(grant.allows(*(actions or ("*",))) for grant in grants)
        )


def find_exposure(
    document: PolicyDocument,
    *,
    owner: str,
    trusted_accounts: Collection[str] = (),
    trusted_principals: Collection[str] = (),
) -> Exposure:
    """Report who outside the owner's account a resource policy or trust policy lets in.

    ``owner`` and ``trusted_accounts`` are account ids. ``trusted_principals`` are canonical user
    ids, unique ids and ARNs as the policy writes them; the owner's canonical id belongs there.
    """
    ledger = _Ledger(frozenset({owner, *trusted_accounts, *trusted_principals}))
    denials = read_denials(document)
    for statement in document.allows:
        for piece in split(statement, denials):
            _Entry(ledger, statement, piece).write()
    return ledger.report()


class _Ledger:
    """Collects grants by the outsider they let in, leaving out whom the account knows."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self.public: list[Grant] = []
        self._lists: dict[str, dict[str, list[Grant]]] = defaultdict(lambda: defaultdict(list))

    def put(self, kind: str, who: str, grant: Grant) -> None:
        if who not in self._known:
            self._lists[kind][who].append(grant)

    def report(self) -> Exposure:
        lists = {
            kind: {who: tuple(grants) for who, grants in found.items()}
            for kind, found in self._lists.items()
        }
        return Exposure(public=tuple(self.public), **lists)


class _Entry:
    """One piece of one Allow statement, on its way into the ledger."""

    def __init__(self, ledger: _Ledger, statement: Statement, piece: Piece) -> None:
        self._ledger = ledger
        self._statement = statement
        self._piece = piece
        self._bound = callers(statement.conditions)

    def write(self) -> None:
        principals = self._statement.principals
        if principals is None:
            return
        if principals.negated or principals.anyone:
            self._let_in(self._bound_left(lambda denial: denial.is_general))
        if principals.negated:
            return
        for principal in principals.aws:
            self._write_principal(principal)
        for service in principals.services:
            self._write_service(service)
        for provider in principals.federated:
            self._write_provider(provider)
        for user in principals.canonical_users:
            self._write_unattributed(user)

    def _grant(self, reaches: Callable[[Denial], bool]) -> Grant:
        denied = tuple(denial.actions for denial in self._piece.partial if reaches(denial))
        return Grant(statement=self._statement.label, actions=self._piece.actions, denied=denied)

    def _bound_left(self, reaches: Callable[[Denial], bool]) -> Callers:
        """Bound who is left of those that the conditions let in."""
        covering = [denial.spared for denial in self._piece.covering if reaches(denial)]
        return met((self._bound, *covering))

    def _let_in(self, bound: Callers) -> None:
        """Enter callers that no Principal element names."""
        grant = self._grant(lambda denial: denial.is_general)
        if bound.anyone:
            self._ledger.public.append(grant)
        for account in sorted(bound.accounts):
            self._write_account(account)
        for organization in sorted(bound.organizations):
            self._ledger.put("organizations", organization, grant)
        for network in sorted(bound.networks):
            self._ledger.put("networks", network, grant)
        for source in sorted(bound.sources):
            self._write_unattributed(source)
        if bound.services:
            self._ledger.put("services", "*", grant)

    def _write_principal(self, principal: str) -> None:
        account = account_of(principal)
        if account is not None:
            self._write_account(account)
        elif is_fixed(principal):
            self._write_unattributed(principal)
        elif principal != "*":
            # IAM refuses a wildcard in place of the account; what it would mean is everyone.
            self._let_in(self._bound_left(lambda denial: denial.is_general))

    def _write_account(self, account: str) -> None:
        def reaches(denial: Denial) -> bool:
            return denial.reaches_account(account)

        if not any(map(reaches, self._piece.covering)):
            self._ledger.put("foreign_accounts", account, self._grant(reaches))

    def _write_unattributed(self, principal: str) -> None:
        if not any(denial.reaches_everybody() for denial in self._piece.covering):
            self._ledger.put("unattributed", principal, self._grant(Denial.reaches_everybody))

    def _write_service(self, service: str) -> None:
        def reaches(denial: Denial) -> bool:
            return denial.reaches_services and not denial.spared.services

        bound = self._bound_left(reaches)
        if bound.anyone:
            self._ledger.put("services", service, self._grant(reaches))
            return
        for account in sorted(bound.accounts):
            self._write_account(account)
        for organization in sorted(bound.organizations):
            self._ledger.put("organizations", organization, self._grant(reaches))

    def _write_provider(self, provider: str) -> None:
        host, account = shared_provider(provider), account_of(provider)
        if account is not None:
            self._write_account(account)
        if host is not None and names_customer(host, self._statement.conditions):
            self._ledger.put("federated", provider, self._grant(Denial.reaches_everybody))
        elif host is not None or not is_fixed(provider):
            self._let_in(self._bound_left(lambda denial: denial.is_general))
        elif account is None:
            self._write_unattributed(provider)


__all__ = ["Exposure", "Grant", "Grants", "find_exposure", "say"]
