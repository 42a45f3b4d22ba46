"""`vedette audit`: judge an account's posture on demand."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.console import EXIT_FINDINGS, EXIT_INCOMPLETE, progress, tell
from vedette.findings.severity import Severity

if TYPE_CHECKING:
    from vedette.operations.audit import Audited
    from vedette.reporting.audit_report import AuditReport


class Output(StrEnum):
    """The formats in which an audit reports."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    JUNIT = "junit"
    SARIF = "sarif"


def audit(
    profile: options.Profile = None,
    role_arn: options.RoleArn = None,
    external_id: options.ExternalId = None,
    region: options.Regions = None,
    service: Annotated[
        list[str] | None, typer.Option(help="Only rules of this service. Repeatable.")
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this rule, or rules that fit a pattern such as 's3/*'. Repeatable."
        ),
    ] = None,
    framework: Annotated[
        list[str] | None,
        typer.Option(help="Only rules that serve this framework (cis_aws_7_0). Repeatable."),
    ] = None,
    severity: Annotated[
        Severity, typer.Option(help="Only rules of at least this severity.")
    ] = Severity.INFORMATIONAL,
    resource: Annotated[
        list[str] | None, typer.Option(metavar="ARN", help="Only this resource. Repeatable.")
    ] = None,
    rules: options.RuleDirectories = None,
    no_built_in: options.NoBuiltIn = False,
    config: options.ConfigFile = None,
    endpoint_url: options.EndpointUrl = None,
    output: Annotated[Output, typer.Option(help="Format of the report.")] = Output.TABLE,
    output_file: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Write the report here, readable by you alone."),
    ] = None,
    include_passed: Annotated[
        bool, typer.Option("--include-passed", help="List what passed as well.")
    ] = False,
    fail_on: Annotated[
        Severity | None,
        typer.Option(help="End with exit code 1 if something of at least this severity fails."),
    ] = None,
    save_snapshot: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Keep what was read, to judge it again without AWS."),
    ] = None,
    from_snapshot: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Judge a kept snapshot instead of asking AWS."),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, metavar="OLD.json", help="Say what is new, fixed and still open since."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Reads at the same time.")] = 12,
) -> None:
    """Judge an account's posture, read-only, and say what to fix first.

    Reads the account of your AWS credentials in all regions that it has switched on. Exit code 3
    means that not everything could be read: the report says what and why.
    """
    from vedette.operations.account_reading import ReadingOptions
    from vedette.operations.audit import AuditRequest
    from vedette.operations.audit import audit as run_audit
    from vedette.operations.selection import Selection
    from vedette.operations.snapshot_files import read_snapshot

    request = AuditRequest(
        selection=Selection(
            services=service or (),
            rules=rule or (),
            frameworks=framework or (),
            severity=severity,
            resources=resource or (),
        ),
        reading=ReadingOptions(
            session=options.session(profile, role_arn, external_id, region, endpoint_url),
            regions=region or (),
            workers=workers,
        ),
        rule_directories=rules or (),
        built_in=not no_built_in,
        configuration=config,
        snapshot=read_snapshot(from_snapshot) if from_snapshot else None,
        include_passed=include_passed,
        compare_with=compare,
    )
    options.require_writable(output_file, save_snapshot)
    with progress("Reading") as step:
        audited = run_audit(request, step)
    deliver(audited, output, output_file, save_snapshot)
    raise typer.Exit(exit_code(audited.report, fail_on))


def deliver(
    audited: "Audited", output: Output, output_file: Path | None, save_snapshot: Path | None
) -> None:
    """Write the report to where it was asked for, and the snapshot if it is to be kept."""
    from vedette.cli.report_output import print_report, written_report
    from vedette.operations.private_files import write_private

    if save_snapshot is not None:
        write_private(save_snapshot, audited.snapshot.to_json())
        tell(f"Snapshot written to {save_snapshot}.")
    if output_file is None:
        print_report(audited.report, output)
        return
    write_private(output_file, written_report(audited.report, output))
    tell(f"Report written to {output_file}.")


def exit_code(report: "AuditReport", fail_on: Severity | None) -> int:
    """Return 1 for findings at or above the threshold, else 3 for an incomplete look, else 0."""
    if fail_on is not None and report.failed_at_least(fail_on):
        return EXIT_FINDINGS
    return 0 if report.complete else EXIT_INCOMPLETE
