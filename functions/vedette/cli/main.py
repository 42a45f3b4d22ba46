"""The `vedette` command."""

import sys
from typing import Annotated

import typer

from vedette import __version__
from vedette.cli import (
    audit,
    config,
    demo,
    deploy,
    destroy,
    doctor,
    findings,
    hunt,
    redrive,
    replay,
    rules,
)
from vedette.cli.console import EXIT_INTERRUPTED, EXIT_USAGE, tell_error
from vedette.resources.errors import UserError

app = typer.Typer(
    name="vedette",
    help="Security operations for AWS from your own shell: audit an account, hunt in its logs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Exit codes: 0 nothing to report · 1 findings at or above --fail-on · "
    "2 usage or configuration · 3 not everything could be looked at.",
)
app.command("audit")(audit.audit)
app.command("hunt")(hunt.hunt)
app.command("replay")(replay.replay)
app.command("demo")(demo.demo)
app.add_typer(rules.app, name="rules")
app.add_typer(findings.app, name="findings")
app.add_typer(config.app, name="config")
app.command("deploy")(deploy.deploy)
app.command("destroy")(destroy.destroy)
app.command("doctor")(doctor.doctor)
app.command("redrive")(redrive.redrive)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vedette {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """Security operations for AWS from your own shell: audit an account, hunt in its logs."""


def main() -> None:
    """Run the command; errors that the user can put right end with one sentence and code 2."""
    try:
        app()
    except UserError as error:
        tell_error(str(error))
        sys.exit(EXIT_USAGE)
    except KeyboardInterrupt:
        tell_error("Interrupted.")
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has seen enough (`| head`).
        sys.stderr.close()
