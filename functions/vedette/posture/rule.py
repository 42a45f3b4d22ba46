"""What a posture rule is made of, and all that a rule file needs to import.

A rule is a pure function from a resource snapshot to a judgement. The decorator turns it into a
value; the catalogue collects the values and names each by its path.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, overload

from pydantic import BaseModel, ConfigDict

from vedette.findings.severity import Severity
from vedette.findings.verdict import Verdict
from vedette.resources.facts import Fact, known
from vedette.resources.inventory import Inventory
from vedette.resources.resource import Resource

__all__ = [
    "EXAMPLE_TIME",
    "FAILED",
    "PASSED",
    "UNKNOWN",
    "Context",
    "Example",
    "Fact",
    "Inventory",
    "Judgement",
    "NoParameters",
    "Parameters",
    "PostureRule",
    "Severity",
    "Verdict",
    "failed",
    "known",
    "passed",
    "posture_rule",
    "unknown",
]

PASSED, FAILED, UNKNOWN = Verdict.PASSED, Verdict.FAILED, Verdict.UNKNOWN
EXAMPLE_TIME = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class Parameters(BaseModel):
    """Base of a rule's settings, which users change under `parameters` in `vedette.yml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoParameters(Parameters):
    """The settings of a rule that has none."""


R = TypeVar("R", bound=Resource)
P = TypeVar("P", bound=Parameters)
P_co = TypeVar("P_co", bound=Parameters, covariant=True)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, its reason as a sentence for people, and the evidence (JSON values)."""

    verdict: Verdict
    reason: str
    evidence: Mapping[str, object] = field(default_factory=dict)


def passed(reason: str, **evidence: object) -> Judgement:
    """Judge that the resource is in the good state."""
    return Judgement(PASSED, reason, evidence)


def failed(reason: str, **evidence: object) -> Judgement:
    """Judge that the resource is not in the good state."""
    return Judgement(FAILED, reason, evidence)


def unknown(reason: str, **evidence: object) -> Judgement:
    """Judge that it cannot be told, for a reason other than an unreadable fact."""
    return Judgement(UNKNOWN, reason, evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Generic[P_co]):
    """What a rule may know beside the resource.

    `as_of` is the time at which the resources were read: rules never ask for the present time.
    `trusted_accounts` are the ids of the own and the trusted accounts from the configuration.
    """

    as_of: datetime
    parameters: P_co
    inventory: Inventory
    trusted_accounts: frozenset[str] = frozenset()


FactKey = tuple[type[Resource], str]


@dataclass(frozen=True, slots=True)
class Example(Generic[R]):
    """One resource, the verdict it must get, and what else the rule sees while judging it.

    `regardless_of` names facts on which this verdict does not depend, though the rule reads them.
    """

    name: str
    resource: R
    verdict: Verdict
    others: Sequence[Resource] = ()
    parameters: Parameters | None = None
    as_of: datetime = EXAMPLE_TIME
    trusted_accounts: frozenset[str] = frozenset()
    regardless_of: Sequence[FactKey] = ()


Judge = Callable[[R, Context[P]], Judgement]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureRule(Generic[R]):
    """A posture rule as its file declares it; `posture_rule` documents the fields."""

    resource_type: type[R]
    severity: Severity
    controls: tuple[str, ...]
    reads: tuple[FactKey, ...]
    examples: Sequence[Example[R]]
    parameters: type[Parameters]
    applies: Callable[[R], bool] | None
    formerly: tuple[str, ...]
    judge: Callable[[R, Context[Any]], Judgement]
    line: int


@overload
def posture_rule(
    resource_type: type[R],
    *,
    severity: Severity,
    reads: Sequence[FactKey],
    examples: Sequence[Example[R]],
    controls: Sequence[str] = ...,
    applies: Callable[[R], bool] | None = ...,
    formerly: Sequence[str] = ...,
) -> Callable[[Judge[R, NoParameters]], PostureRule[R]]: ...


@overload
def posture_rule(
    resource_type: type[R],
    *,
    severity: Severity,
    reads: Sequence[FactKey],
    examples: Sequence[Example[R]],
    parameters: type[P],
    controls: Sequence[str] = ...,
    applies: Callable[[R], bool] | None = ...,
    formerly: Sequence[str] = ...,
) -> Callable[[Judge[R, P]], PostureRule[R]]: ...


def posture_rule(  # noqa: PLR0913 - keyword-only declarations, each of them documented below
    resource_type: type[R],
    *,
    severity: Severity,
    reads: Sequence[FactKey],
    examples: Sequence[Example[R]],
    parameters: type[Parameters] = NoParameters,
    controls: Sequence[str] = (),
    applies: Callable[[R], bool] | None = None,
    formerly: Sequence[str] = (),
) -> Callable[[Judge[R, Any]], PostureRule[R]]:
    """Declare a posture rule.

    `reads` names every fact that the rule opens, as (snapshot class, fact name), those of other
    resources in the inventory too: the collectors read nothing else. `controls` are
    `<framework file>:<control id>`. `applies` leaves out resources that the rule has nothing to say
    about. `formerly` names old ids of a rule that has moved.
    """

    def declare(judge: Judge[R, Any]) -> PostureRule[R]:
        return PostureRule(
            resource_type=resource_type,
            severity=severity,
            controls=tuple(controls),
            reads=tuple(reads),
            examples=tuple(examples),
            parameters=parameters,
            applies=applies,
            formerly=tuple(formerly),
            judge=judge,
            line=judge.__code__.co_firstlineno,
        )

    return declare
