"""What the tests of the EC2 collectors share: fake Describe operations and a run of the driver."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.fakes.clients import FakeClients
from vedette.aws.collect.driver import Collected, Driver, Plan
from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.collect.services import ebs, ec2, ec2_network, vpc
from vedette.resources.facts import Fact, known
from vedette.resources.resource import Resource

US, NEIGHBOUR = "111122223333", "444455556666"
COLLECTORS = (*ec2.COLLECTORS, *ebs.COLLECTORS, *ec2_network.COLLECTORS, *vpc.COLLECTORS)


class Described:
    """Answers a Describe operation with pages, and remembers what it was asked."""

    def __init__(self, key: str, *pages: list[dict[str, Any]]) -> None:
        self.key = key
        self.found = pages
        self.asked: list[dict[str, Any]] = []

    def __call__(self, **parameters: Any) -> Iterable[dict[str, Any]]:
        self.asked.append(parameters)
        return [{self.key: page} for page in self.found]


def _scope(*only: str) -> Scope:
    return Scope(
        account=US,
        partition="aws-cn",
        regions=("cn-north-1",),
        home="cn-north-1",
        only=frozenset(only),
    )


def reader(**pages: Callable[..., Any]) -> Reader:
    """Return a reader whose paginated operations answer so."""
    return Reader(FakeClients(pages=pages), _scope(), "cn-north-1", Once())


def collected(
    clients: FakeClients, kind: type[Resource], *facts: str, only: str | None = None
) -> Collected:
    """Let the driver collect these facts of one kind, perhaps of one resource only."""
    plan = Plan(
        facts={kind: frozenset(facts)}, only={kind: frozenset({only})} if only is not None else {}
    )
    named = () if only is None else (f"arn:aws-cn:ec2:cn-north-1:{US}:{only}",)
    return Driver(COLLECTORS, plan, _scope(*named), clients).run(workers=2)


def read(resource: Resource, fact: str) -> Any:
    """Return the value of a fact. Raises UnreadableFactError if it has none."""
    value: Fact[Any] = resource.fact(fact)
    return known(value)
