"""What a deployed stack is made of, as CloudFormation tells it.

Source: AWS CloudFormation API Reference, DescribeStacks, ListStackResources, DeleteStack.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vedette.aws.collect.reader import Once, Reader, Scope
from vedette.aws.errors import ReadError
from vedette.aws.session import AwsSession, home_region
from vedette.resources.errors import UserError

DESCRIBE: Final = "cloudformation:DescribeStacks"
RESOURCES: Final = "cloudformation:ListStackResources"
TEMPLATE: Final = "cloudformation:GetTemplate"
DELETE: Final = "cloudformation:DeleteStack"
EVENTS: Final = "cloudformation:DescribeStackEvents"
CALLS: Final = frozenset({DESCRIBE, RESOURCES, TEMPLATE, DELETE, EVENTS})
# CloudFormation has no code of its own for a stack that is not there.
_VALIDATION: Final = "ValidationError"
_ABSENT: Final = "does not exist"
_GONE: Final = "DELETE_COMPLETE"


class NoStackError(UserError):
    """There is no such stack, or it lacks something; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackResource:
    """A resource by its names: `logical` in the template, `physical` in AWS."""

    logical: str
    kind: str
    physical: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedStack:
    """A stack as it stands in a region; `id` is its ARN, which names it even after its end."""

    name: str
    id: str
    region: str
    status: str
    outputs: Mapping[str, str]
    resources: tuple[StackResource, ...]

    def of_kind(self, kind: str) -> Iterator[StackResource]:
        """Yield the resources of a CloudFormation type."""
        return (one for one in self.resources if one.kind == kind)

    def find(self, kind: str, logical: str) -> str:
        """Return the physical name of the resource whose logical id begins so.

        Raises NoStackError.
        """
        for one in self.of_kind(kind):
            if one.logical.startswith(logical):
                return one.physical
        raise NoStackError(
            f"The stack {self.name} in {self.region} has no {logical}: it was deployed by another "
            "version. Deploy again: vedette deploy"
        )


def region_reader(
    session: AwsSession, region: str, account: str = "", partition: str = "aws"
) -> Reader:
    """Return a reader of one region, for what no collector reads."""
    home = home_region(partition)
    scope = Scope(account=account, partition=partition, regions=(region,), home=home)
    return Reader(session, scope, region, Once())


def find_stack(reader: Reader, name: str) -> DeployedStack | None:
    """Return a stack of the reader's region; None if there is none. Raises ReadError."""
    described = _described(reader, name)
    if described is None or described["StackStatus"] == _GONE:
        return None
    listed = reader.pages(RESOURCES, "StackResourceSummaries", StackName=name)
    return DeployedStack(
        name=described["StackName"],
        id=described["StackId"],
        region=reader.region,
        status=described["StackStatus"],
        outputs={one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", ())},
        resources=tuple(
            StackResource(
                logical=one.get("LogicalResourceId", ""),
                kind=one.get("ResourceType", ""),
                physical=one.get("PhysicalResourceId", ""),
            )
            for one in listed
        ),
    )


def hub_stack(reader: Reader, name: str) -> DeployedStack:
    """Return the hub's stack. Raises NoStackError if it is not there or cannot be read."""
    try:
        stack = find_stack(reader, name)
    except ReadError as error:
        raise NoStackError(
            f"The stack {name} in {reader.region} cannot be read: {error.reason}."
        ) from error
    if stack is None:
        raise NoStackError(
            f"There is no stack {name} in {reader.region}. Name the hub's region with --region or "
            "its stack with --stack; to make one, run: vedette deploy"
        )
    return stack


def template_of(reader: Reader, stack: DeployedStack) -> Mapping[str, Any]:
    """Return the template of a stack. Raises ReadError."""
    body = reader.call(TEMPLATE, StackName=stack.id)["TemplateBody"]
    return body if isinstance(body, Mapping) else {}


def begin_deletion(reader: Reader, stack: DeployedStack) -> None:
    """Ask CloudFormation to delete a stack, which then goes on by itself. Raises ReadError."""
    reader.call(DELETE, StackName=stack.id)


def status_of(reader: Reader, stack: DeployedStack) -> str:
    """Return the status of a stack, also of one that is gone. Raises ReadError."""
    described = _described(reader, stack.id)
    return _GONE if described is None else str(described["StackStatus"])


def failures_of(reader: Reader, stack: DeployedStack) -> Iterator[str]:
    """Yield what CloudFormation says of resources that it could not delete. Raises ReadError."""
    for one in reader.pages(EVENTS, "StackEvents", StackName=stack.id):
        if one.get("ResourceStatus") == "DELETE_FAILED":
            reason = one.get("ResourceStatusReason", "no reason given")
            yield f"{one['LogicalResourceId']}: {reason}"


def _described(reader: Reader, name: str) -> Mapping[str, Any] | None:
    try:
        stacks = reader.call(DESCRIBE, StackName=name)["Stacks"]
    except ReadError as error:
        if error.code == _VALIDATION and _ABSENT in error.message:
            return None
        raise
    return next(iter(stacks), None)
