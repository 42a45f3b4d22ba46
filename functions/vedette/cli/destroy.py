"""`vedette destroy`: remove a deployment, and say what stays."""

from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.confirming import confirmed
from vedette.cli.console import printable, progress, tell

if TYPE_CHECKING:
    from vedette.operations.removal import Removal


def destroy(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the hub's stack.")
    ] = "Vedette",
    region: Annotated[str | None, typer.Option(help="Region of the hub.")] = None,
    config: options.ConfigFile = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Remove the hub and its forwarders; findings, ledger, logs and keys stay, and are named.

    Nothing watches the account afterwards.
    """
    from vedette.operations.hub_reach import Hub, hub_region
    from vedette.operations.removal import planned_removal, remove

    where = hub_region(region, config)
    session = options.session(
        profile, role_arn, external_id, [where] if where else None, endpoint_url
    )
    with progress("Looking"):
        hub = Hub(session, stack)
        removal = planned_removal(hub)
    _tell(removal, hub.account)
    confirmed(f"Remove {len(removal.stacks)} stacks from account {hub.account}?", yes=yes)
    remove(hub, removal, tell)
    _print_kept(removal)


def _tell(removal: "Removal", account: str) -> None:
    tell(f"In account {account}:")
    for stack in removal.stacks:
        tell(f"  removed: {stack.name} in {stack.region}")
    for one in removal.kept:
        tell(f"  stays:   {one.kind} {one.name} in {one.region}")
    tell(removal.members)


def _print_kept(removal: "Removal") -> None:
    if not removal.kept:
        typer.echo("Removed; nothing is left.")
        return
    typer.echo("Removed. What stays, and how to remove it for good (nothing brings it back):")
    for one in removal.kept:
        typer.echo(printable(f"{one.kind} {one.name}"))
        for command in one.commands:
            typer.echo(printable(f"  {command}"))
