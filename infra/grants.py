"""From the calls that the code declares to IAM statements on exactly the resources it means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aws_cdk import aws_iam as iam

from vedette.operations.function_calls import iam_actions

# A transaction needs the actions of what is in it. Source: Service Authorization Reference.
TRANSACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "dynamodb:TransactGetItems": ("dynamodb:GetItem",),
    "dynamodb:TransactWriteItems": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
}
# Actions on what is inside a resource (a bucket's objects, a machine's executions).
INSIDE: Final = frozenset(
    {"s3:DeleteObject", "s3:GetObject", "s3:PutObject", "states:DescribeExecution"}
)
# Actions on a resource and on what is inside it: a table and its indexes.
BOTH: Final = frozenset({"dynamodb:Query", "dynamodb:Scan"})


class UnknownResourceError(ValueError):
    """A function declares calls on a resource that the infrastructure does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The ARNs behind a resource's logical name: its own, and those of what is inside it."""

    own: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


# By function: by the resource's logical name, the operations that the function calls on it.
Calls = Mapping[str, frozenset[str]]
Grants = Mapping[str, Calls]


def callers(grants: Grants, operation: str, resource: str) -> list[str]:
    """Return the functions that call an operation on a resource."""
    return sorted(name for name, calls in grants.items() if operation in calls.get(resource, ()))


def statements(calls: Calls, targets: Mapping[str, Target]) -> list[iam.PolicyStatement]:
    """Return the statements that allow these calls and no others, in a steady order.

    Raises UnknownResourceError.
    """
    return [
        statement
        for resource in sorted(calls)
        for statement in _of_resource(resource, calls[resource], targets)
    ]


def actions_of(operations: Iterable[str]) -> list[str]:
    """Return the IAM actions of operations, sorted."""
    return sorted({action for one in operations for action in _actions(one)})


def _of_resource(
    resource: str, operations: Iterable[str], targets: Mapping[str, Target]
) -> Iterable[iam.PolicyStatement]:
    if resource not in targets:
        raise UnknownResourceError(f"{resource} is none of {', '.join(sorted(targets))}")
    target = targets[resource]
    by_arns: dict[tuple[str, ...], list[str]] = {}
    for action in actions_of(operations):
        by_arns.setdefault(_arns(action, target), []).append(action)
    # What this deployment does without (a bucket of geography, say) has no ARN.
    for arns, actions in ((each, by_arns[each]) for each in by_arns if each):
        yield iam.PolicyStatement(actions=actions, resources=list(arns))


def _arns(action: str, target: Target) -> tuple[str, ...]:
    if action in INSIDE:
        return target.inside
    return (*target.own, *target.inside) if action in BOTH else target.own


def _actions(operation: str) -> Sequence[str]:
    return TRANSACTIONS.get(operation) or iam_actions([operation])
