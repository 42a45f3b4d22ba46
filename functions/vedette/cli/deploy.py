"""`vedette deploy`: put the monitor into an account, or say first what that would mean."""

from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_INCOMPLETE, printable, progress, tell
from vedette.cli.deploy_output import DeployOutput, estimate_lines, print_json
from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from vedette.aws.session import SessionOptions


def deploy(
    email: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Who is told. Writes a vedette.yml if there is none yet."
        ),
    ] = None,
    estimate: Annotated[
        bool,
        typer.Option(
            "--estimate",
            help="Deploy nothing: say what a day of your trail would mean in events, alerts and "
            "dollars.",
        ),
    ] = False,
    logs: Annotated[
        str | None,
        typer.Option(
            metavar="PATH|s3://…",
            help="With --estimate: a log of one day. Default: 24 hours of the account's own trail.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask about roles and policies.")
    ] = False,
    output: Annotated[
        DeployOutput, typer.Option(help="With --estimate: format.")
    ] = DeployOutput.TABLE,
    config: options.ConfigFile = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Deploy what vedette.yml says, or update it: the hub, and forwarders in other regions.

    Looks first whether node, credentials and the CDK's preparation are there. What the CDK prints
    goes to stderr, the outputs of the hub's stack to stdout.
    """
    session = options.session(profile, None, None, None, endpoint_url)
    if estimate:
        _estimate(config, logs, session, output)
        return
    if logs is not None or output is not DeployOutput.TABLE:
        raise UserError("--logs and --output go with --estimate.")
    from vedette.operations.deployment import DeployRequest
    from vedette.operations.deployment import deploy as deploy_hub
    from vedette.operations.deployment_settings import deployment_configuration
    from vedette.operations.programs import InstalledPrograms

    loaded = deployment_configuration(config, email)
    if loaded.file is None:
        raise AssertionError("a deployment has a file")
    request = DeployRequest(
        configuration=loaded.file.path,
        deployment=loaded.configuration.deployment,
        session=session,
        approved=yes,
    )
    done = deploy_hub(request, InstalledPrograms(), tell)
    for name, value in sorted(done.stack.outputs.items()):
        typer.echo(printable(f"{name} = {value}"))
    tell(
        f"Deployed. {loaded.configuration.deployment.email} gets three mails from AWS: confirm "
        "each of them, or nobody is told anything. Then look: vedette doctor --deployed"
    )


def _estimate(
    config: "Path | None", logs: str | None, session: "SessionOptions", output: DeployOutput
) -> None:
    from pathlib import Path

    from vedette.configuration.loader import FILE_NAME, load_configuration
    from vedette.operations.estimate import estimate
    from vedette.operations.estimate_source import request_for, request_for_own_trail

    file = config or (Path(FILE_NAME) if Path(FILE_NAME).is_file() else None)
    loaded = load_configuration(file)
    if logs is not None:
        request = request_for(logs, loaded, session)
    else:
        request = request_for_own_trail(loaded, session)
    with progress("Reading the log") as step:
        found = estimate(request, step)
    if output is DeployOutput.JSON:
        print_json(found)
    else:
        for line in estimate_lines(found):
            typer.echo(line)
    for problem in found.problems:
        tell(f"Not looked at: {problem}")
    tell("Nothing was deployed.")
    if found.problems:
        raise typer.Exit(EXIT_INCOMPLETE)
