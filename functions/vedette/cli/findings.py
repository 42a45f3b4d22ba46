"""`vedette findings`: what a deployment has found, and what people do with it."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_FINDINGS, printable, tell
from vedette.findings.severity import Severity
from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from vedette.operations.act_remote import Deployment

app = typer.Typer(no_args_is_help=True, help="Findings of a deployment: list, show, acknowledge.")

Api = Annotated[
    str | None,
    typer.Option(
        metavar="URL", envvar="VEDETTE_API", help="The API's address. Default: the stack tells it."
    ),
]
Stack = Annotated[str, typer.Option(metavar="NAME", help="Name of the hub's stack.")]
Region = Annotated[str | None, typer.Option(help="Region of the hub. Default: the profile's.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the finding (32 characters).")]
Reason = Annotated[str, typer.Option(help="Why.")]


class FindingsOutput(StrEnum):
    """The formats of findings."""

    TABLE = "table"
    JSON = "json"


class Disposition(StrEnum):
    """What a finding turned out to be."""

    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    BENIGN = "benign"


Output = Annotated[FindingsOutput, typer.Option(help="Format.")]


@app.command("list")
def list_(
    severity: Annotated[
        list[Severity] | None, typer.Option(help="Only of this severity. Repeatable.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="posture, detection, signal or backup.")] = None,
    account: Annotated[str | None, typer.Option(help="Only of this account.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only of this rule; needs --account.")] = None,
    resource: Annotated[str | None, typer.Option(metavar="ARN", help="Only about it.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="At most so many.")] = 100,
    fail_on: Annotated[
        Severity | None, typer.Option(help="Exit code 1 if one is at least as severe.")
    ] = None,
    output: Output = FindingsOutput.TABLE,
    api: Api = None,
    stack: Stack = "Vedette",
    region: Region = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """List open findings, the most severe and latest first.

    With --resource or --rule, suppressed ones as well.
    """
    from vedette.operations.act_remote import list_findings

    where = _deployment(api, stack, (profile, role_arn, external_id, region, endpoint_url))
    asked = {
        "severity": ",".join(severity or ()),
        "kind": kind,
        "account": account,
        "rule": rule,
        "resource": resource,
    }
    found = list_findings(where, {name: one for name, one in asked.items() if one}, limit)
    if output is FindingsOutput.JSON:
        _echo_json(found)
    else:
        for one in found:
            typer.echo(printable("  ".join(_row(one))))
        tell(f"{len(found)} findings" + (", and maybe more (--limit)" * (len(found) == limit)))
    if fail_on and any(Severity(one["severity"]).rank >= fail_on.rank for one in found):
        raise typer.Exit(EXIT_FINDINGS)


@app.command()
def show(
    finding: Id,
    output: Output = FindingsOutput.TABLE,
    api: Api = None,
    stack: Stack = "Vedette",
    region: Region = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Show a finding with its evidence and its timeline."""
    from vedette.operations.act_remote import show_finding

    where = _deployment(api, stack, (profile, role_arn, external_id, region, endpoint_url))
    _show(show_finding(where, finding), output)


@app.command()
def ack(
    finding: Id,
    reason: Reason = "",
    output: Output = FindingsOutput.TABLE,
    api: Api = None,
    stack: Stack = "Vedette",
    region: Region = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Acknowledge a finding: you look after it, and it is escalated no more."""
    where = _deployment(api, stack, (profile, role_arn, external_id, region, endpoint_url))
    _do(where, finding, "ack", {"reason": reason}, output)


@app.command()
def suppress(
    finding: Id,
    reason: Annotated[str, typer.Option(help="Why it is accepted.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="For how many days.")],
    output: Output = FindingsOutput.TABLE,
    api: Api = None,
    stack: Stack = "Vedette",
    region: Region = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Accept a finding for a time: nobody hears of it again until it is over."""
    where = _deployment(api, stack, (profile, role_arn, external_id, region, endpoint_url))
    # A little less, lest a clock that is fast makes it more than the API allows.
    until = datetime.now(UTC) + timedelta(days=days) - timedelta(minutes=5)
    wanted = {"reason": reason, "until": until.isoformat(timespec="seconds")}
    _do(where, finding, "suppress", wanted, output)


@app.command()
def resolve(
    finding: Id,
    reason: Annotated[str, typer.Option(help="What was done about it.")],
    disposition: Annotated[Disposition | None, typer.Option(help="What it was.")] = None,
    output: Output = FindingsOutput.TABLE,
    api: Api = None,
    stack: Stack = "Vedette",
    region: Region = None,
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    endpoint_url: options.EndpointUrl = None,
) -> None:
    """Resolve a detection or a signal; posture findings resolve when the rule passes."""
    where = _deployment(api, stack, (profile, role_arn, external_id, region, endpoint_url))
    wanted = {"reason": reason} | ({"disposition": disposition.value} if disposition else {})
    _do(where, finding, "resolve", wanted, output)


def _deployment(api: str | None, stack: str, reach: tuple[str | None, ...]) -> "Deployment":
    from vedette.operations.act_remote import Deployment

    profile, role_arn, external_id, region, endpoint_url = reach
    regions = [region] if region else None
    session = options.session(profile, role_arn, external_id, regions, endpoint_url)
    return Deployment(session=session, api=api, stack=stack)


def _do(
    where: "Deployment",
    finding: str,
    action: str,
    wanted: Mapping[str, str],
    output: FindingsOutput,
) -> None:
    from vedette.operations.act_remote import do_with_finding

    if action != "ack" and not wanted["reason"].strip():
        raise UserError("--reason: say why.")
    _show(do_with_finding(where, finding, action, wanted), output)


def _show(finding: Mapping[str, Any], output: FindingsOutput) -> None:
    if output is FindingsOutput.JSON:
        _echo_json(finding)
        return
    for line in _lines(finding):
        typer.echo(printable(line))


def _echo_json(value: Any) -> None:
    from vedette.reporting.text import visible_json

    typer.echo(visible_json(json.dumps(value, indent=2)))


def _row(finding: Mapping[str, Any]) -> Iterator[str]:
    from vedette.reporting.text import one_line

    resource = finding.get("resource") or {}
    what = resource.get("id") or finding.get("principal") or ""
    yield finding["id"]
    yield f"{finding['severity'].upper():13}"
    yield f"{finding['status']:12}"
    yield finding["account"]
    yield one_line(f"{finding['title']}: {what}" if what else finding["title"], 120)


def _lines(finding: Mapping[str, Any]) -> Iterator[str]:
    from vedette.reporting.text import json_text, one_line

    yield f"{finding['severity'].upper()}  {one_line(finding['title'], 200)}"
    yield f"  {one_line(finding['reason'], 500)}"
    for name in ("id", "status", "rule", "account", "region", "principal", "last_seen"):
        if finding.get(name):
            yield f"  {name}: {one_line(str(finding[name]), 300)}"
    if resource := finding.get("resource"):
        yield f"  resource: {one_line(resource['arn'], 300)}"
    for name, one in finding.get("evidence", {}).items():
        yield f"  evidence {one_line(name, 60)}: {one_line(json_text(one), 300)}"
    for entry in finding.get("timeline", ()):
        said = f": {one_line(entry['reason'], 200)}" if entry.get("reason") else ""
        yield f"  {entry['at']}  {entry['kind']} by {one_line(entry['actor'], 200)}{said}"
