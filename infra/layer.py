"""The dependency layer of the functions: wheels for Lambda's platform, installed without Docker.

It is built once per lock into `build/`, and is the same to the byte wherever it is built: what an
installer notes about itself is taken out. Only its bytecode takes a Python of Lambda's version;
where there is none, functions start slower.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from infra.bytecode import PYTHON, Command, LayerError, compile_all, python_of_lambda

__all__ = ["PYTHON", "LayerError", "built_layer"]

PLATFORM: Final = "manylinux_2_28"
# Wheels for an older glibc run too; pip, unlike uv, must be told so.
OLDER_PLATFORMS: Final = ("manylinux_2_26", "manylinux_2_24", "manylinux_2_17", "manylinux2014")
ARCHITECTURE: Final = "aarch64"
# Which tool installed it, in which order, from where: different on every machine.
NOTES_OF_INSTALLERS: Final = ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_*.json")
# Lambda never runs tests, type checkers or a C compiler, and has no use for commands.
UNUSED: Final = (
    "bin",
    ".lock",
    "**/tests",
    "**/__pycache__",
    "**/*.pyi",
    "**/*.c",
    "**/*.h",
    "**/*.pxd",
)
# Any time does, as long as it is the same: ZIP knows none before 1980.
BUILT_AT: Final = 315_532_800
# The quickest first.
TOOLS: Final = ("uv", "pip")


def built_layer(
    lock: Path, services: Iterable[str], cache: Path, *, tools: Sequence[str] = TOOLS
) -> Path:
    """Return a folder with the packages of a lock below `python/`, and build it if need be.

    Of botocore's descriptions of services, which are most of its size, only those of `services`
    (boto3 client names) stay. `tools` are tried in turn. Raises LayerError.
    """
    kept = sorted(set(services))
    compiler = python_of_lambda()
    known = [kept, PYTHON, UNUSED, compiler is not None]
    key = hashlib.sha256(lock.read_bytes() + json.dumps(known).encode())
    built = cache / f"layer-{key.hexdigest()[:16]}"
    if not built.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            content = Path(folder) / "layer"
            _install(lock, content / "python", tools)
            _prune(content / "python", kept)
            if compiler is not None:
                compile_all(content / "python", Path("/opt/python"), compiler)
            _settle(content / "python")
            _move(content, built)
    return built


def _install(lock: Path, target: Path, tools: Sequence[str]) -> None:
    for command in _installers(lock, target, tools):
        # The arguments are ours, and the lock pins what is installed by hash.
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise LayerError(
                f"The layer of dependencies could not be built: {done.stderr.strip()[-600:]}\n"
                "It takes the package registry; see that this machine reaches it, and try again."
            )
        return
    raise LayerError("The layer needs uv or pip; install one, for example: python -m ensurepip")


def _installers(lock: Path, target: Path, tools: Sequence[str]) -> Iterable[Command]:
    """Yield the commands that can do it here, the quickest first."""
    hashed: Command = ("--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(lock))
    if "uv" in tools and (uv := _found("uv")):
        platform = ("--python-platform", f"{ARCHITECTURE}-{PLATFORM}", "--python-version", PYTHON)
        into: Command = ("--target", str(target), "--no-compile-bytecode", "--quiet")
        yield (uv, "pip", "install", *into, *platform, *hashed)
    if "pip" in tools and (pip := _found("pip", "pip3")):
        names = (f"{one}_{ARCHITECTURE}" for one in (PLATFORM, *OLDER_PLATFORMS))
        platforms = [word for name in names for word in ("--platform", name)]
        kind = ("--implementation", "cp", "--python-version", PYTHON)
        into = ("--target", str(target), "--no-compile", "--quiet", "--no-input")
        yield (pip, "install", *into, *platforms, *kind, *hashed)


def _found(*names: str) -> str | None:
    """Return a program of this environment, or else one on the path."""
    beside = [Path(sys.executable).with_name(name) for name in names]
    here = [str(one) for one in beside if one.is_file()]
    there = [found for name in names if (found := shutil.which(name))]
    return next(iter((*here, *there)), None)


def _prune(packages: Path, services: Sequence[str]) -> None:
    unused = [path for pattern in UNUSED for path in packages.glob(pattern)]
    unused += [
        path for name in NOTES_OF_INSTALLERS for path in packages.glob(f"*.dist-info/{name}")
    ]
    described = packages / "botocore" / "data"
    unused += [path for path in described.iterdir() if path.is_dir() and path.name not in services]
    for path in unused:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _settle(packages: Path) -> None:
    for path in packages.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (BUILT_AT, BUILT_AT))


def _move(content: Path, built: Path) -> None:
    try:
        content.rename(built)
    except OSError:
        # Another process built the same at the same time.
        if not built.is_dir():
            raise
