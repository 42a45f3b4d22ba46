"""How a collector declares what it reads and which API operations that takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from vedette.aws.collect.reader import Reader
from vedette.resources.arn import Arn
from vedette.resources.resource import Resource

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactReader(Generic[R]):
    """Reads one fact, or several that one call answers together, of one resource.

    `read` returns the value of the fact (a mapping of fact name to value where it reads several).
    It may raise ReadError; whatever else goes wrong in it counts as an answer out of shape.
    """

    facts: tuple[str, ...]
    calls: tuple[str, ...]
    read: Callable[[Reader, R], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector(Generic[R]):
    """Lists the resources of one kind and reads their facts.

    `find` yields snapshots with the facts that the listing itself answers; its second argument is
    the set of ids to restrict to (None: all), which it may use to ask for less.  `details` read
    facts that take calls of their own, and run only if a selected rule reads one of their facts.
    `arn_service` and `arn_prefix` say which ARNs name resources of this kind.  `gone` are the error
    codes by which AWS says that the resource has just been deleted.
    """

    kind: type[R]
    calls: tuple[str, ...]
    find: Callable[[Reader, frozenset[str] | None], Iterable[R]]
    details: tuple[FactReader[R], ...] = ()
    is_global: bool = False
    arn_service: str = ""
    arn_prefix: str = ""
    gone: frozenset[str] = field(default_factory=frozenset)

    def operations(self) -> frozenset[str]:
        """Return every API operation that this collector may call."""
        return frozenset(self.calls).union(*(detail.calls for detail in self.details))

    def wanted(self, facts: Iterable[str]) -> tuple[FactReader[R], ...]:
        """Return the fact readers that these facts take."""
        names = frozenset(facts)
        return tuple(detail for detail in self.details if names.intersection(detail.facts))

    def names(self, arn: Arn) -> str | None:
        """Return the id of the resource of this kind that the ARN names, or None."""
        if not self.arn_service or arn.service != self.arn_service:
            return None
        if not arn.resource.startswith(self.arn_prefix):
            return None
        return arn.resource.removeprefix(self.arn_prefix) or None


def fact(name: str, *calls: str, read: Callable[[Reader, R], Any]) -> FactReader[R]:
    """Declare the reader of one fact."""
    return FactReader(facts=(name,), calls=calls, read=read)


def values(reader: FactReader[R], answer: Any) -> Mapping[str, Any]:
    """Return the facts' values by name from what `read` returned."""
    if len(reader.facts) == 1:
        return {reader.facts[0]: answer}
    return {name: answer[name] for name in reader.facts}
