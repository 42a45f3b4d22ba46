"""Runs the real command as a user does, in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "any"}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Return stdout as JSON."""
        return json.loads(self.stdout)


def vedette(*arguments: str | Path, environment: dict[str, str] | None = None) -> Ran:
    """Run `vedette` with these arguments."""
    settings = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/nonexistent",
        "PYTHONPATH": str(ROOT / "functions"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",
        "COLUMNS": "120",
    } | (KEYS if environment is None else environment)
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "vedette", *map(str, arguments)],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)
