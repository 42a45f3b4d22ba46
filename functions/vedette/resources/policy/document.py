"""An IAM policy as frozen values: identity policies, resource policies and trust policies alike.

``vedette.resources.policy.parsing.parse_policy`` makes one from what AWS returns. The elements are
those of the IAM JSON policy grammar, each pair (Action and NotAction, Resource and NotResource,
Principal and NotPrincipal) held as one value that may be negated.
"""

from typing import Literal

from vedette.resources.policy.matching import Patterns
from vedette.resources.resource import Value

EVERYTHING = Patterns(texts=("*",))
_SHOWN = 100

Effect = Literal["Allow", "Deny"]
Quantifier = Literal["ForAnyValue", "ForAllValues"]


class PolicyError(ValueError):
    """The text is not a policy that can be judged; the message is a sentence that says why."""


class Principals(Value):
    """Who a statement speaks of; ``negated`` is NotPrincipal: everyone but these.

    ``anyone`` stands for ``"*"`` and ``{"AWS": "*"}``, which mean the same in a resource policy
    (IAM User Guide, "Principal: All principals"). ``aws`` holds ARNs, account ids, unique ids and
    that second ``"*"`` as they were written.
    """

    anyone: bool = False
    aws: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    federated: tuple[str, ...] = ()
    canonical_users: tuple[str, ...] = ()
    negated: bool = False

    def include_everyone(self) -> bool:
        """Say whether nobody is left out."""
        return self.anyone and not self.negated


class Condition(Value):
    """One key under one operator: all conditions of a statement must hold, of ``values`` one.

    ``operator`` and ``key`` are in lower case: keys are case-insensitive (IAM User Guide,
    "Condition"). ``if_exists`` and ``quantifier`` are the operator's suffix and prefix.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    if_exists: bool = False
    quantifier: Quantifier | None = None


class Statement(Value):
    """One statement. Without a Resource element, ``resources`` is everything."""

    index: int
    sid: str | None = None
    effect: Effect
    principals: Principals | None = None
    actions: Patterns
    resources: Patterns = EVERYTHING
    conditions: tuple[Condition, ...] = ()

    @property
    def label(self) -> str:
        """Name the statement for people: its Sid, or else its place counted from 1."""
        return (self.sid or f"statement {self.index + 1}")[:_SHOWN]

    @property
    def resource_bound(self) -> Patterns:
        """Bound the resources so that an Allow is never too small and a Deny never too large.

        A policy variable may become anything, so in what an Allow names, and in what a Deny leaves
        out, it counts as a wildcard.
        """
        if (self.effect == "Allow") == self.resources.negated:
            return self.resources
        return self.resources.without_variables()

    def applies_to(self, action: str, resource: str | None = None) -> bool:
        """Say whether the statement speaks of this action, on this resource (an ARN) if given.

        Principals and conditions are not looked at.
        """
        return self.actions.matches(action) and (
            resource is None or self.resource_bound.matches(resource)
        )


class PolicyDocument(Value):
    """A whole policy."""

    version: str | None = None
    statements: tuple[Statement, ...]

    @property
    def allows(self) -> tuple[Statement, ...]:
        """Return the statements that allow."""
        return tuple(one for one in self.statements if one.effect == "Allow")

    @property
    def denials(self) -> tuple[Statement, ...]:
        """Return the statements that deny."""
        return tuple(one for one in self.statements if one.effect == "Deny")
