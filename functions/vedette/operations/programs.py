"""Other programs that Vedette starts: found on the path, never through a shell."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from vedette.configuration.programs import environment_with
from vedette.operations.usage import UsageError

_SECONDS_TO_ANSWER: Final = 60


class Programs(Protocol):
    """Finds and starts programs."""

    def find(self, name: str) -> str | None:
        """Return the path of a program; None if it is not installed."""
        ...

    def answer(self, command: Sequence[str]) -> str:
        """Return what a short command prints. Raises UsageError if it fails."""
        ...

    def run(self, command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> int:
        """Run a command in a folder, with settings added to the environment; return its code.

        What it prints passes through, to stderr.
        """
        ...


class InstalledPrograms:
    """The programs of this machine."""

    def find(self, name: str) -> str | None:
        """Return the path of a program; None if it is not installed."""
        return shutil.which(name)

    def answer(self, command: Sequence[str]) -> str:
        """Return what a short command prints. Raises UsageError if it fails."""
        try:
            # The command is ours, word by word.
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, text=True, check=True, timeout=_SECONDS_TO_ANSWER
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise UsageError(f"`{' '.join(command)}` does not work: {error}") from error
        return done.stdout.strip()

    def run(self, command: Sequence[str], folder: Path, settings: Mapping[str, str]) -> int:
        """Run a command in a folder, with settings added to the environment; return its code."""
        try:
            # The words are ours, the user's profile and file among them; no shell reads them.
            done = subprocess.run(  # noqa: S603
                command,
                cwd=folder,
                env=environment_with(settings),
                stdout=sys.stderr.fileno(),
                check=False,
            )
        except OSError as error:
            raise UsageError(f"{command[0]} cannot be started: {error.strerror}.") from error
        return done.returncode
