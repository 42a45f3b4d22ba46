"""The accounts that the hub reads: one session each, as the audit role and with the external id."""

from collections.abc import Collection
from threading import Lock
from typing import Final

from vedette.aws.collect.driver import ClientSource
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.errors import CALL_ERRORS, ReadError, read_error
from vedette.aws.regions import enabled_regions
from vedette.aws.session import AwsSession, SessionError, SessionOptions, home_region

# Each account is read by few at a time, since we share its quotas with production.
CONNECTIONS: Final = 8


class UnreachableAccountError(Exception):
    """An account cannot be read at all; the message says why."""


class Member:
    """One account, open for reading; `regions` are those that are on, if that is known already."""

    def __init__(
        self,
        session: ClientSource,
        account: str,
        partition: str,
        regions: tuple[str, ...] = (),
    ) -> None:
        self.clients = session
        self.account = account
        self.partition = partition
        self._regions = regions

    def regions(self) -> tuple[str, ...]:
        """Return the regions that the account has switched on, asked for once.

        Raises UnreachableAccountError.
        """
        if not self._regions:
            home = home_region(self.partition)
            reader = Reader(self.clients, self.scope(()), home, Once())
            try:
                self._regions = enabled_regions(reader).names
            except ReadError as error:
                raise UnreachableAccountError(error.reason) from error
        return self._regions

    def scope(self, regions: tuple[str, ...], only: frozenset[str] = frozenset()) -> Scope:
        """Return what is to be read of the account, restricted to the ARNs `only` if there are any.

        Without regions, global services alone answer.
        """
        return Scope(
            account=self.account,
            partition=self.partition,
            regions=regions,
            home=home_region(self.partition),
            only=only,
        )


class Fleet:
    """Opens members of the fleet, each once; thread-safe.

    `role` is the path and name of the role in every account, the hub's own too, `region` that in
    which the roles are assumed, `endpoint_url` an endpoint other than AWS.
    """

    CALLS: Final = frozenset({"sts:AssumeRole", "sts:GetCallerIdentity"})

    def __init__(
        self,
        accounts: Collection[str],
        *,
        role: str,
        external_id: str,
        region: str | None = None,
        endpoint_url: str | None = None,
    ) -> None:
        self._accounts = frozenset(accounts)
        self._role = role.strip("/")
        self._external_id = external_id
        self._region = region
        self._endpoint_url = endpoint_url
        self._members: dict[str, Member] = {}
        self._lock = Lock()

    @property
    def accounts(self) -> frozenset[str]:
        """Return the ids of the accounts that are watched."""
        return self._accounts

    def member(self, account: str) -> Member:
        """Return an account. Raises UnreachableAccountError, also for an account that is not ours.

        What failed is tried anew the next time.
        """
        if account not in self._accounts:
            raise UnreachableAccountError(f"{account} is none of the accounts that are watched")
        with self._lock:
            if account not in self._members:
                self._members[account] = self._open(account)
            return self._members[account]

    def _open(self, account: str) -> Member:
        try:
            session = AwsSession(self._options(account))
            identity = session.identity()
        except SessionError as error:
            raise UnreachableAccountError(_said(error)) from error
        if identity.account != account:
            raise UnreachableAccountError(f"the role of {account} belongs to {identity.account}")
        return Member(session, account, identity.partition)

    def _options(self, account: str) -> SessionOptions:
        hub = AwsSession(SessionOptions(region=self._region, endpoint_url=self._endpoint_url))
        partition = hub.client("sts", hub.region).meta.partition
        return SessionOptions(
            role_arn=f"arn:{partition}:iam::{account}:role/{self._role}",
            external_id=self._external_id,
            region=hub.region,
            endpoint_url=self._endpoint_url,
            connections=CONNECTIONS,
        )


def _said(error: SessionError) -> str:
    """Name the error code: the remedies that the message tells are those of a command line."""
    cause = error.__cause__
    while cause is not None and not isinstance(cause, CALL_ERRORS):
        cause = cause.__cause__
    if isinstance(cause, CALL_ERRORS):
        return read_error("sts:AssumeRole", cause).reason
    return str(error)
