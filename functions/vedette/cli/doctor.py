"""`vedette doctor`: find out what is in the way of an audit, or where a deployment is blind."""

from typing import Annotated

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_INCOMPLETE, printable, progress
from vedette.cli.doctor_deployed import DoctorOutput, examine
from vedette.resources.errors import UserError


def doctor(
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    region: options.Regions = None,
    rules: options.RuleDirectories = None,
    config: options.ConfigFile = None,
    endpoint_url: options.EndpointUrl = None,
    print_policy: Annotated[
        bool,
        typer.Option(
            "--print-policy", help="Print the read-only IAM policy that an audit needs, and end."
        ),
    ] = False,
    deployed: Annotated[
        bool,
        typer.Option(
            "--deployed",
            help="Look at the deployment instead: where does it not see, who does not hear of it?",
        ),
    ] = False,
    stack: Annotated[
        str, typer.Option(metavar="NAME", help="With --deployed: name of the hub's stack.")
    ] = "Vedette",
    output: Annotated[
        DoctorOutput, typer.Option(help="With --deployed: format.")
    ] = DoctorOutput.TABLE,
) -> None:
    """Try everything an audit needs: rules, configuration, credentials, permissions.

    Lists resources in the first region named (or your default region); exit code 3 if something
    cannot be listed. With --deployed, looks at the hub in that region (or the configured one):
    trails, rules, queues, schedules, canary, subscriptions, regions and accounts; exit code 3 if
    it is blind anywhere.
    """
    if print_policy:
        from vedette.operations.permissions import audit_policy, policy_text

        typer.echo(policy_text(audit_policy()))
        return
    if deployed:
        from vedette.operations.hub_reach import hub_region

        hub = hub_region(region[0] if region else None, config)
        reach = [hub] if hub else None
        examine(options.session(profile, role_arn, external_id, reach, endpoint_url), stack, output)
        return
    if output is not DoctorOutput.TABLE:
        raise UserError("--output goes with --deployed.")
    from vedette.operations.account_reading import ReadingOptions, default_region
    from vedette.operations.diagnosis import diagnose

    session = options.session(profile, role_arn, external_id, region, endpoint_url)
    reading = ReadingOptions(session=session, regions=region or [default_region(session)])
    with progress("Looking") as step:
        found = diagnose(reading, rule_directories=rules or (), configuration=config, progress=step)
    typer.echo(f"ok      content: {found.rules} rules, {found.frameworks} frameworks")
    typer.echo(f"ok      configuration: {found.configuration}")
    typer.echo(f"ok      credentials: {printable(found.caller)}")
    for one in found.coverage:
        state = "ok    " if one.complete else "denied" if one.denied else "failed"
        reasons = f": {'; '.join(one.reasons)}" if one.reasons else ""
        typer.echo(printable(f"{state}  {one.service} in {one.region}{reasons}"))
    if not found.healthy:
        typer.echo("Attach the policy that `vedette doctor --print-policy` prints.", err=True)
        raise typer.Exit(EXIT_INCOMPLETE)
