"""`vedette demo`: see it work without an AWS account."""

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vedette.cli import options
from vedette.cli.audit import Output
from vedette.cli.console import progress, tell
from vedette.resources.errors import UserError

if TYPE_CHECKING:
    from vedette.operations.demo import Demo

REPORT = Path("vedette-demo-report.html")


def demo(
    output_file: Annotated[
        Path, typer.Option(dir_okay=False, help="Write the HTML report here, for you alone.")
    ] = REPORT,
    serve: Annotated[
        bool,
        typer.Option("--serve", help="Keep the account, to audit it yourself, until Ctrl-C."),
    ] = False,
) -> None:
    """Audit a small company's account in an embedded AWS (moto), and hunt through its logs.

    All of it stays on this machine: neither your AWS credentials nor your AWS configuration are
    used.
    """
    from vedette.cli.demo_hints import while_serving

    try:
        from vedette.operations.demo import COMPANY, REGIONS, running_demo
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("vedette"):
            raise
        raise UserError(
            f"The demo needs packages that are not installed, such as {error.name}. Install them "
            "with: pipx install 'vedette[demo]' (in a checkout, run ./scripts/vedette demo)."
        ) from error
    options.require_writable(output_file)
    # `kill` ends it as Ctrl-C does, so that nothing is left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running_demo() as running:
        with progress(f"Creating the account of {COMPANY}") as step:
            resources = running.create_account(step)
        tell(f"Created the account of {COMPANY}: {resources} resources in {' and '.join(REGIONS)}.")
        if serve:
            _serve(while_serving(running, REGIONS))
        else:
            _audit_and_hunt(running, output_file)


def _audit_and_hunt(running: "Demo", output_file: Path) -> None:
    from vedette.cli.demo_hints import after_audit
    from vedette.cli.report_output import print_report, written_report
    from vedette.operations.private_files import write_private

    with progress("Reading") as step:
        report = running.audit(step).report
    print_report(report, Output.TABLE)
    write_private(output_file, written_report(report, Output.HTML))
    _hunt(running)
    tell(after_audit(report, output_file))


def _hunt(running: "Demo") -> None:
    from vedette.cli.hunt import HuntOutput
    from vedette.cli.hunt_output import run_hunt
    from vedette.operations.hunt import HuntRequest
    from vedette.operations.hunt_logs import LocalLogs
    from vedette.operations.hunt_rules import RuleChoice

    tell("\nHunting through its CloudTrail logs of yesterday, a working day that an attack ended.")
    source = LocalLogs((running.deliver_logs(),))
    # A demo leaves nothing behind but its report.
    choice = RuleChoice(cached=False)
    request = HuntRequest(source=source, choice=choice, configuration=running.configuration)
    run_hunt(request, HuntOutput.TABLE, None, timeline=False)


def _serve(how_to_reach_it: str) -> None:
    tell(how_to_reach_it)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        tell("Ended.")
