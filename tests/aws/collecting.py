"""Runs the driver over one kind of resource of a fake account in one region."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.fakes.clients import FakeClients
from vedette.aws.collect.catalogue import collectors
from vedette.aws.collect.driver import Collected, Driver, Plan
from vedette.aws.collect.reader import Scope
from vedette.resources.resource import Resource

US, REGION = "111122223333", "eu-west-1"
R = TypeVar("R", bound=Resource)


def collect(clients: FakeClients, kind: type[Resource], *facts: str, only: str = "") -> Collected:
    """Collect these facts of a kind; `only` restricts that to one ARN and takes its last part."""
    ids = only.rpartition(":")[2].rpartition("/")[2]
    plan = Plan(facts={kind: frozenset(facts)}, only={kind: frozenset({ids})} if only else {})
    scope = Scope(
        account=US,
        partition="aws",
        regions=(REGION,),
        home="us-east-1",
        only=frozenset({only} if only else ()),
    )
    return Driver(collectors(), plan, scope, clients).run(workers=2)


def found(collected: Collected, kind: type[R]) -> dict[str, R]:
    """Return the resources of a kind by id."""
    return {one.id: one for one in collected.resources if isinstance(one, kind)}


def pages(key: str, *listed: Iterable[Any]) -> Callable[..., Any]:
    """Answer a paginated operation with these pages."""
    return lambda **_: [{key: list(page)} for page in listed]
