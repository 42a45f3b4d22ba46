"""Reads one account in one region: every call to AWS that a collector makes goes through here."""

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from botocore import xform_name
from botocore.exceptions import BotoCoreError

from vedette.aws.errors import CALL_ERRORS, Problem, ReadError, read_error
from vedette.resources.arn import Arn
from vedette.resources.resource import GLOBAL_REGION

T = TypeVar("T")
Answer = dict[str, Any]


class UndeclaredCallError(Exception):
    """A collector made a call that it does not declare: its IAM policy would lack it."""


class Clients(Protocol):
    """Where the reader gets its clients."""

    def client(self, service: str, region: str) -> Any:
        """Return the boto3 client for a service in a region."""
        ...

    def renew(self) -> bool:
        """Look for new credentials after they expired; False if there is no use in retrying."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is being audited.

    `regions` are those chosen, `home` is where global services answer, `only` the ARNs to which
    the audit is restricted (empty: everything).
    """

    account: str
    partition: str
    regions: tuple[str, ...]
    home: str
    only: frozenset[str] = frozenset()


class Once:
    """Remembers what a region's collectors share, such as a report, errors included."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._values: dict[str, Any] = {}

    def get(self, name: str, read: Callable[[], T]) -> T:
        """Return the remembered value, or read it now; a ReadError is remembered and raised."""
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            if name not in self._values:
                self._values[name] = _outcome(read)
            value = self._values[name]
        if isinstance(value, ReadError):
            raise value
        read_value: T = value
        return read_value


def _outcome(read: Callable[[], T]) -> T | ReadError:
    try:
        return read()
    except ReadError as error:
        return error


class Reader:
    """Calls AWS for one region (or for the global services) of one account."""

    def __init__(self, clients: Clients, scope: Scope, region: str, once: Once) -> None:
        self._clients = clients
        self.scope = scope
        self.region = region
        self._once = once
        self._declared: frozenset[str] | None = None

    def declaring(self, operations: Collection[str]) -> "Reader":
        """Return a reader that refuses every call but these."""
        reader = Reader(self._clients, self.scope, self.region, self._once)
        reader._declared = frozenset(operations)
        return reader

    @property
    def account(self) -> str:
        """Return the id of the account that is read."""
        return self.scope.account

    @property
    def partition(self) -> str:
        """Return the partition (`aws`, `aws-cn` …)."""
        return self.scope.partition

    def arn(self, service: str, resource: str, *, account: str | None = None) -> str:
        """Build an ARN in this reader's partition, region and account."""
        return str(
            Arn(
                partition=self.partition,
                service=service,
                region="" if self.region == GLOBAL_REGION else self.region,
                account=self.account if account is None else account,
                resource=resource,
            )
        )

    def call(self, operation: str, *, region: str | None = None, **parameters: Any) -> Answer:
        """Make one call, such as `call("s3:GetBucketAcl", Bucket=name)`.

        Raises ReadError if AWS gives no answer, UndeclaredCallError if the call is not declared.
        """
        try:
            return self._attempt(operation, region, parameters)
        except ReadError as error:
            if error.problem is not Problem.EXPIRED or not self._clients.renew():
                raise
            return self._attempt(operation, region, parameters)

    def optional(
        self, operation: str, *absent: str, region: str | None = None, **parameters: Any
    ) -> Answer | None:
        """Make one call; None if AWS answers with one of the error codes `absent`."""
        try:
            return self.call(operation, region=region, **parameters)
        except ReadError as error:
            if error.code in absent:
                return None
            raise

    def pages(
        self, operation: str, key: str, *, region: str | None = None, **parameters: Any
    ) -> Iterator[Any]:
        """Yield what stands under `key` in every page of a listing.

        Credentials that expire before the first page are renewed; later a ReadError comes out.
        """
        pages = self._pages(operation, region, parameters)
        try:
            first = next(pages, {})
        except ReadError as error:
            if error.problem is not Problem.EXPIRED or not self._clients.renew():
                raise
            pages = self._pages(operation, region, parameters)
            first = next(pages, {})
        yield from first.get(key) or []
        for page in pages:
            yield from page.get(key) or []

    def once(self, name: str, read: Callable[["Reader"], T]) -> T:
        """Read something that several collectors of this region share, one time only."""
        return self._once.get(name, lambda: read(self))

    def _pages(self, operation: str, region: str | None, parameters: Answer) -> Iterator[Answer]:
        service, method = self._method(operation)
        client = self._client(service, region, operation)
        if not client.can_paginate(method):
            yield self.call(operation, region=region, **parameters)
            return
        try:
            yield from client.get_paginator(method).paginate(**parameters)
        except CALL_ERRORS as error:
            raise read_error(operation, error) from error

    def _attempt(self, operation: str, region: str | None, parameters: Answer) -> Answer:
        service, method = self._method(operation)
        client = self._client(service, region, operation)
        try:
            answer: Answer = getattr(client, method)(**parameters)
        except CALL_ERRORS as error:
            raise read_error(operation, error) from error
        return answer

    def _method(self, operation: str) -> tuple[str, str]:
        if self._declared is not None and operation not in self._declared:
            raise UndeclaredCallError(f"{operation} is called but not declared by its collector")
        service, _, name = operation.partition(":")
        return service, xform_name(name)

    def _client(self, service: str, region: str | None, operation: str) -> Any:
        where = region or self.region
        try:
            return self._clients.client(
                service, self.scope.home if where == GLOBAL_REGION else where
            )
        except BotoCoreError as error:
            raise ReadError(operation, Problem.FAILED, type(error).__name__) from error
