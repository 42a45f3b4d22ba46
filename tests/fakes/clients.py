"""AWS clients that answer from a table, for tests of what stands above them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

Answer = Callable[..., Any]


def refused(code: str, message: str = "") -> ClientError:
    """Return AWS's refusal with an error code."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def unreachable() -> EndpointConnectionError:
    """Return what botocore raises where there is no endpoint."""
    return EndpointConnectionError(endpoint_url="https://example.invalid")


def raising(error: Exception) -> Answer:
    """Answer by raising an error."""

    def answer(**_: Any) -> Any:
        raise error

    return answer


@dataclass(frozen=True, slots=True)
class FakePaginator:
    """Pages of one operation."""

    answer: Answer

    def paginate(self, **parameters: Any) -> Iterator[Any]:
        """Yield the pages."""
        yield from self.answer(**parameters)


@dataclass(frozen=True, slots=True)
class FakeClient:
    """One service in one region; `pages` answer paginated operations with lists of pages."""

    region: str
    answers: Mapping[str, Answer]
    pages: Mapping[str, Answer]

    def can_paginate(self, method: str) -> bool:
        """Tell whether the operation has pages."""
        return method in self.pages

    def get_paginator(self, method: str) -> FakePaginator:
        """Return the pages of an operation."""
        return FakePaginator(self.pages[method])

    def __getattr__(self, method: str) -> Answer:
        """Return the operation of this name."""
        if method not in self.answers:
            raise AttributeError(method)
        return self.answers[method]


@dataclass(slots=True)
class FakeClients:
    """Makes the same client for every service; answers may look at `region`."""

    answers: dict[str, Answer] = field(default_factory=dict)
    pages: dict[str, Answer] = field(default_factory=dict)
    by_region: dict[str, dict[str, Answer]] = field(default_factory=dict)
    served: bool = True
    renewals: int = 0
    made: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: list[str] = field(default_factory=list)

    def client(self, service: str, region: str) -> FakeClient:
        """Return the client of a region."""
        self.made[service, region] += 1
        return FakeClient(region, self.answers | self.by_region.get(region, {}), self.pages)

    def renew(self) -> bool:
        """Count a renewal of the credentials."""
        self.renewals += 1
        return True

    def drop(self, region: str) -> None:
        """Remember that the clients of a region were dropped."""
        self.dropped.append(region)

    def serves(self, service: str, region: str) -> bool:
        """Tell whether the service exists in the region."""
        return self.served
