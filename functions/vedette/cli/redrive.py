"""`vedette redrive`: have what could not be handled handled once more."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.confirming import confirmed
from vedette.cli.console import EXIT_INCOMPLETE, printable, progress, tell

if TYPE_CHECKING:
    from vedette.operations.redrive import Redriven
    from vedette.operations.redrive_hub import Stuck

STACK = "Vedette"


class RedriveOutput(StrEnum):
    """The formats in which a redrive reports."""

    TABLE = "table"
    JSON = "json"


def redrive(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    limit: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="At most so many messages of each queue.")
    ] = 10_000,
    forget_notes: Annotated[
        bool,
        typer.Option(
            "--forget-notes",
            help="Delete what holds no event as well: places in a stream, missed schedules.",
        ),
    ] = False,
    output: Annotated[RedriveOutput, typer.Option(help="Format.")] = RedriveOutput.TABLE,
    stack: Annotated[str, typer.Option(metavar="NAME", help="Name of the hub's stack.")] = STACK,
    region: Annotated[str | None, typer.Option(help="Region of the hub.")] = None,
    config: options.ConfigFile = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Hand messages that could not be handled to their functions again, and delete the handled.

    Nothing is lost: what fails again stays where it is, and exit code 3 says so.
    """
    from vedette.operations.hub_reach import Hub, hub_region
    from vedette.operations.redrive_hub import forget, redrive_queue, stuck

    where = hub_region(region, config)
    session = options.session(
        profile, role_arn, external_id, [where] if where else None, endpoint_url
    )
    with progress("Looking"):
        hub = Hub(session, stack)
        found = stuck(hub)
    _tell(found)
    done: list[Redriven] = []
    forgotten = 0
    if found.to_hand_over and confirmed(f"Hand over {found.to_hand_over:,} messages?", yes=yes):
        with progress("Handing over") as step:
            done = [
                redrive_queue(hub, one, limit, step)
                for one in found.queues
                if one.note is None and one.waiting
            ]
    if forget_notes and found.notes and confirmed(f"Delete {found.notes:,} notes?", yes=yes):
        forgotten = sum(forget(hub, one, limit) for one in found.queues if one.note is not None)
    _report(done, forgotten, output)
    if found.unread or any(one.failed for one in done):
        raise typer.Exit(EXIT_INCOMPLETE)


def _tell(found: "Stuck") -> None:
    for one in found.queues:
        if not one.waiting and not one.in_work:
            continue
        busy = f", {one.in_work:,} in work or hidden for half an hour" if one.in_work else ""
        tell(f"{one.name}: {one.waiting:,} messages{busy}")
        if one.note is not None:
            tell(f"  They are {one.note}.")
    for problem in found.unread:
        tell(f"Not looked at: {problem}")


def _report(done: "list[Redriven]", forgotten: int, output: RedriveOutput) -> None:
    if output is RedriveOutput.JSON:
        queues = [asdict(one) for one in done]
        typer.echo(json.dumps({"queues": queues, "notes_deleted": forgotten}, indent=2))
        return
    for one in done:
        typer.echo(printable(f"{one.queue}: {one.handled:,} handled, {one.failed:,} failed again"))
        for reason in one.reasons:
            typer.echo(printable(f"  {reason}"))
    if forgotten:
        typer.echo(f"{forgotten:,} notes deleted")
    if not done and not forgotten:
        typer.echo("Nothing was handed over.")
