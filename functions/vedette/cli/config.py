"""`vedette config`: write, validate and show the configuration."""

from pathlib import Path
from typing import Annotated

import typer

from vedette.cli import options
from vedette.resources.errors import UserError

app = typer.Typer(help="Write, validate and show the configuration.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="[FILE]", help="The configuration file.")]
DEFAULT = Path("vedette.yml")


@app.command()
def init(file: File = DEFAULT) -> None:
    """Write a commented configuration to begin with. Leaves an existing file alone."""
    from vedette.configuration.starter import STARTER

    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(STARTER)
    except FileExistsError as error:
        raise UserError(f"{file} exists already. Name another file, or remove it.") from error
    except OSError as error:
        raise UserError(f"{file}: cannot be written ({error.strerror}).") from error
    typer.echo(f"Wrote {file}. Use it with: vedette audit --config {file}")


@app.command()
def check(file: File = DEFAULT, rules: options.RuleDirectories = None) -> None:
    """Say with line numbers what is wrong with a configuration; exit code 2 if anything is."""
    from vedette.operations.configuration_checks import check_configuration

    loaded = check_configuration(file, rules or ())
    typer.echo(
        f"{file} is valid: {len(loaded.suppressions)} suppressions, "
        f"settings for {len(loaded.parameters)} rules, "
        f"{len(loaded.accounts.trusted)} trusted accounts."
    )


@app.command()
def show(file: File = DEFAULT, rules: options.RuleDirectories = None) -> None:
    """Print a configuration as Vedette understands it, defaults filled in, as JSON."""
    from vedette.operations.configuration_checks import check_configuration

    typer.echo(check_configuration(file, rules or ()).model_dump_json(indent=2))


@app.command()
def schema() -> None:
    """Print the JSON schema of the configuration, for your editor."""
    from vedette.configuration.starter import schema_text

    typer.echo(schema_text(), nl=False)
