"""Builds `.venv/NAME` from a hashed lock: `environment.py ROOT NAME LOCK`, standard library only.

The launchers call it when the stamp in `.venv/NAME` is not the lock they hold. One process builds
while others wait (the kernel drops the lock of a process that dies), and the stamp is written
last, so that an interrupted set-up is done again and never used half.
"""

import fcntl
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STAMP = "vedette.stamp"
# A person waits for the first command; the tests compile what they import.
COMPILED = ("demo",)
NO_INSTALLER = """\
This Python has neither ensurepip nor pip, so Vedette cannot set itself up.
Install one of them, for example with: apt-get install python3-venv"""
PIP_INSTALL = ("install", "-qq", "--no-input", "--disable-pip-version-check", "--no-compile")
HASHED = ("--no-deps", "--require-hashes", "-r")

Command = tuple[str, ...]
Find = Callable[[str], object]


class SetupError(Exception):
    """The environment could not be built; the message says what to do."""


def main(arguments: list[str]) -> int:
    root, name, lock = Path(arguments[0]), arguments[1], Path(arguments[2])
    try:
        set_up(root, name, lock)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; the next call sets up again.", file=sys.stderr)
        return 130
    return 0


def set_up(root: Path, name: str, lock: Path) -> None:
    """Build `.venv/NAME` unless another process has just done so.

    Raises:
        SetupError: nothing that can install packages was found, or the installation failed.
    """
    venv = root / ".venv" / name
    with exclusively(venv.with_name(f".{name}.busy")):
        stamp = expected_stamp(root, lock)
        if is_current(venv, stamp):
            return
        started = time.monotonic()
        print(f"Setting up .venv/{name} from {lock.name}, this once ...", file=sys.stderr)
        build(venv, lock)
        if name in COMPILED:
            run(str(python_of(venv)), "-m", "compileall", "-q", "-j", "0", str(site_packages(venv)))
        (site_packages(venv) / "vedette.pth").write_text(f"{root / 'functions'}\n")
        (venv / STAMP).write_bytes(stamp)
        print(f"Set up in {time.monotonic() - started:.0f} s.", file=sys.stderr)


def expected_stamp(root: Path, lock: Path) -> bytes:
    """The place and the lock: an environment that was moved is not usable either."""
    return f"{root}\n".encode() + lock.read_bytes()


def is_current(venv: Path, stamp: bytes) -> bool:
    written = venv / STAMP
    return written.is_file() and written.read_bytes() == stamp and python_of(venv).exists()


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(venv: Path, lock: Path) -> None:
    (venv / STAMP).unlink(missing_ok=True)
    if venv.exists():
        shutil.rmtree(venv)
    for command in steps(venv, lock, importlib.util.find_spec, shutil.which):
        run(*command)


def steps(venv: Path, lock: Path, module: Find, program: Find) -> list[Command]:
    """The commands that make the environment: with uv, else its own pip, else a pip beside it.

    Debian ships ensurepip apart from Python; its pip, if present, installs into any environment.

    Raises:
        SetupError: this machine has none of them.
    """
    make = (base_python(), "-m", "venv")
    inside = str(python_of(venv))
    if uv := program("uv"):
        return [
            (str(uv), "venv", "--quiet", "--no-project", "--python", base_python(), str(venv)),
            (str(uv), "pip", "install", "-q", "--python", inside, *HASHED, str(lock)),
        ]
    if module("ensurepip"):
        return [
            (*make, str(venv)),
            (inside, "-m", "pip", *PIP_INSTALL, *HASHED, str(lock)),
        ]
    if module("pip"):
        pip: Command = (sys.executable, "-m", "pip")
    elif found := program("pip3") or program("pip"):
        pip = (str(found),)
    else:
        raise SetupError(NO_INSTALLER)
    return [
        (*make, "--without-pip", str(venv)),
        (*pip, "--python", inside, *PIP_INSTALL, *HASHED, str(lock)),
    ]


def base_python() -> str:
    """The interpreter itself, not a link that an upgrade points elsewhere."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return os.path.realpath(base)


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def site_packages(venv: Path) -> Path:
    return venv / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def run(*command: str) -> None:
    # A user's pip settings may send packages elsewhere than into this environment.
    settings = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    try:
        subprocess.run(command, check=True, stdout=sys.stderr, env=settings)
    except subprocess.CalledProcessError as error:
        raise SetupError(
            f"Set-up failed, see above: `{shlex.join(command)}` ended with {error.returncode}."
        ) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
