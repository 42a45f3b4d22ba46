"""`vedette destroy`: removes the stacks, and says what stays and how to remove that as well."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vedette.aws.deployment_stack import (
    DeployedStack,
    begin_deletion,
    failures_of,
    status_of,
    template_of,
)
from vedette.aws.errors import ReadError
from vedette.aws.watched_accounts import member_stacks
from vedette.operations.deployed_events import STACK_SET
from vedette.operations.hub_reach import Hub
from vedette.operations.usage import UsageError

# Deleting functions in no network takes a few minutes; a stuck resource makes it an hour.
LONGEST_SECONDS: Final = 3_900
PAUSE_SECONDS: Final = 5
_STAYS: Final = frozenset({"Retain", "RetainExceptOnCreate", "Snapshot"})
_GONE: Final = "DELETE_COMPLETE"
_FAILED: Final = "DELETE_FAILED"
Say = Callable[[str], None]
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A resource that stays when its stack goes, and the commands that remove it for good."""

    kind: str
    name: str
    region: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What is removed and what stays.

    `members` tells of stacks in other accounts, which are left as well, in a sentence.
    """

    stacks: tuple[DeployedStack, ...]
    kept: tuple[Kept, ...]
    members: str


def planned_removal(hub: Hub) -> Removal:
    """Return what destroying would do; nothing is touched. Raises UsageError if AWS does not tell.

    Forwarders come first, lest they send to a bus that is gone.
    """
    try:
        forwarders = [hub.forwarder(region) for region in hub.other_regions()]
        stacks = (*(one for one in forwarders if one is not None), hub.stack)
        kept = tuple(one for stack in stacks for one in _kept(hub, stack))
    except ReadError as error:
        raise UsageError(f"AWS does not tell what the deployment has: {error.reason}.") from error
    return Removal(stacks=stacks, kept=kept, members=_members(hub))


def remove(hub: Hub, removal: Removal, say: Say, sleep: Sleep = time.sleep) -> None:
    """Remove the stacks one after the other. Raises UsageError if one does not go."""
    for stack in removal.stacks:
        say(f"Removing {stack.name} in {stack.region} …")
        try:
            _remove(hub, stack, sleep)
        except ReadError as error:
            raise UsageError(f"{stack.name} in {stack.region}: {error.reason}.") from error


def _remove(hub: Hub, stack: DeployedStack, sleep: Sleep) -> None:
    reader = hub.in_region(stack.region)
    begin_deletion(reader, stack)
    for _ in range(LONGEST_SECONDS // PAUSE_SECONDS):
        status = status_of(reader, stack)
        if status == _GONE:
            return
        if status == _FAILED:
            said = "; ".join(dict.fromkeys(failures_of(reader, stack)))
            raise UsageError(
                f"{stack.name} in {stack.region} could not be removed wholly: {said}. Put that "
                "right and run vedette destroy again."
            )
        sleep(PAUSE_SECONDS)
    raise UsageError(
        f"{stack.name} in {stack.region} is still being removed after more than an hour. "
        "CloudFormation goes on by itself; look at its events."
    )


def _kept(hub: Hub, stack: DeployedStack) -> Iterator[Kept]:
    template = template_of(hub.in_region(stack.region), stack)
    resources: Mapping[str, Any] = template.get("Resources", {})
    for one in stack.resources:
        if resources.get(one.logical, {}).get("DeletionPolicy") in _STAYS:
            yield Kept(
                kind=one.kind,
                name=one.physical,
                region=stack.region,
                commands=_commands(one.kind, one.physical, stack.region),
            )


def _commands(kind: str, name: str, region: str) -> tuple[str, ...]:
    at = f"--region {region}"
    if kind == "AWS::DynamoDB::Table":
        table = f"--table-name {name} {at}"
        return (
            f"aws dynamodb update-table --no-deletion-protection-enabled {table}",
            f"aws dynamodb delete-table {table}",
        )
    if kind == "AWS::S3::Bucket":
        return (f"aws s3 rb --force s3://{name} {at}",)
    if kind == "AWS::KMS::Key":
        return (f"aws kms schedule-key-deletion --pending-window-in-days 30 --key-id {name} {at}",)
    return ()


def _members(hub: Hub) -> str:
    try:
        stacks = member_stacks(hub.reader, STACK_SET)
    except ReadError as error:
        return f"Whether there are stacks in other accounts is not told: {error.reason}."
    if not stacks:
        return f"No StackSet {STACK_SET} here has stacks in other accounts."
    return (
        f"{len(stacks)} stacks in other accounts stay. Remove the instances of the StackSet "
        f"{STACK_SET} first, or they forward to a bus that is gone."
    )
