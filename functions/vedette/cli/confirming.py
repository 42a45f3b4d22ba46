"""Asks before something is done that cannot be undone."""

import sys

import typer

from vedette.cli.console import EXIT_USAGE, tell
from vedette.resources.errors import UserError


def confirmed(question: str, *, yes: bool) -> bool:
    """Return True if the answer is yes; a no ends the command with code 2, and nothing is done.

    Raises UserError where there is nobody to ask.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UserError(f"{question} There is nobody to ask here: say --yes.")
    if not typer.confirm(question, err=True):
        tell("Nothing was done.")
        raise typer.Exit(EXIT_USAGE)
    return True
