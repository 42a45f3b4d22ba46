"""Bytecode for Lambda, without which it compiles all that a function imports at each cold start.

It takes an interpreter of Lambda's version; where there is none, functions start slower.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

PYTHON: Final = "3.13"
Command: TypeAlias = tuple[str, ...]


class LayerError(Exception):
    """What the functions run with could not be built; the message says what to do."""


def compile_all(folder: Path, deployed: Path, python: str) -> None:
    """Add bytecode to a folder that will stand at `deployed`. Raises LayerError.

    It holds neither the time nor the place of its source, so it is the same wherever it is made;
    and it is believed unchecked, since what is deployed never changes.
    """
    how: Command = ("-q", "--invalidation-mode", "unchecked-hash")
    where: Command = ("-s", str(folder), "-p", str(deployed))
    command = (python, "-I", "-m", "compileall", *how, *where, str(folder))
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise LayerError(f"{folder.name} could not be compiled: {done.stdout.strip()[-600:]}")


@cache
def python_of_lambda() -> str | None:
    """Return an interpreter of the version that Lambda runs, if there is one here."""
    name = f"python{PYTHON}"
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))  # noqa: TID251
    managed = sorted(root.glob(f"versions/{PYTHON}*/bin/{name}"))
    candidates = [sys.executable, shutil.which(name), *map(str, managed)]
    return next((one for one in candidates if one is not None and _is_of_lambda(one)), None)


def _is_of_lambda(python: str) -> bool:
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    command = (python, "-I", "-c", asked)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() == PYTHON
